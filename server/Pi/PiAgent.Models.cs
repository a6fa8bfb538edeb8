using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

// Models and thinking levels: Pi takes any, so that each is looked up in its own lists first.
internal sealed partial class PiAgent
{
    public Task<IReadOnlyList<AgentModel>> ListModelsAsync(CancellationToken cancellation) =>
        InOrderAsync(connection => ListModelsAsync(connection, cancellation), cancellation);

    public Task<AgentModel> SetModelAsync(string provider, string modelId, CancellationToken cancellation) =>
        InOrderAsync(
            async connection =>
                await SetModelAsync(connection, PiModels.Choose(await ListModelsAsync(connection, cancellation), provider, modelId, null), cancellation),
            cancellation);

    public Task<IReadOnlyList<string>> ListThinkingLevelsAsync(CancellationToken cancellation) =>
        InOrderAsync(connection => ListLevelsAsync(connection, cancellation), cancellation);

    public Task SetThinkingAsync(string level, CancellationToken cancellation) =>
        InOrderAsync(connection => SetThinkingAsync(connection, level, cancellation), cancellation);

    /// <summary>Pi accepts a model that does not exist, so what the user configured is looked up in Pi's own lists.</summary>
    /// <returns>True when something was set.</returns>
    private async Task<bool> ChooseAsync(PiConnection connection, AgentModel? current, CancellationToken cancellation)
    {
        var isSet = false;
        if (options.Provider is not null || options.Model is not null)
        {
            var models = await ListModelsAsync(connection, cancellation);
            // Without any credentials there is no model to compare with; the first prompt says what to do.
            if (models.Count == 0) return false;
            var chosen = PiModels.Choose(models, options.Provider, options.Model, current);
            if (chosen.FullId != current?.FullId)
            {
                await SetModelAsync(connection, chosen, cancellation);
                isSet = true;
            }
        }

        if (options.Thinking is not { } level) return isSet;
        await SetThinkingAsync(connection, level, cancellation);
        return true;
    }

    /// <summary>Arguments of the user's own can name a model, too, and Pi would send a made-up one to the provider.</summary>
    private static async Task RequireListedAsync(PiConnection connection, AgentModel given, CancellationToken cancellation)
    {
        var models = await ListModelsAsync(connection, cancellation);
        if (models.Count == 0 || models.Any(m => m.FullId == given.FullId)) return;
        try
        {
            PiModels.Choose(models, given.Provider, given.Id, null);
        }
        catch (AgentException unknown)
        {
            throw new AgentException($"{unknown.Message} Correct pi.extraArgs.", unknown);
        }
    }

    private static async Task<IReadOnlyList<AgentModel>> ListModelsAsync(PiConnection connection, CancellationToken cancellation) =>
        PiStateReader.ReadModels(await Call(connection, "get_available_models", cancellation));

    private static async Task<IReadOnlyList<string>> ListLevelsAsync(PiConnection connection, CancellationToken cancellation) =>
        (await Call(connection, "get_available_thinking_levels", cancellation)).Texts("levels");

    private static async Task<AgentModel> SetModelAsync(PiConnection connection, AgentModel model, CancellationToken cancellation)
    {
        await connection.Client.CallAsync("set_model", cancellation, ("provider", model.Provider), ("modelId", model.Id));
        connection.Selected = model.FullId;
        return model;
    }

    private static async Task<string> SetThinkingAsync(PiConnection connection, string level, CancellationToken cancellation)
    {
        PiModels.ChooseLevel(await ListLevelsAsync(connection, cancellation), level);
        await connection.Client.CallAsync("set_thinking_level", cancellation, ("level", level));
        return level;
    }
}
