using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Sessions;

namespace PiLsp.Server;

/// <summary><c>pi.pickModel</c>, <c>pi.listModels</c>, <c>pi.setThinking</c>: Pi's own models and levels, never invented ones.</summary>
internal sealed class ModelCommands(SessionDesk desk, SettingsSync settings, ModelPicker picker)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.pickModel", PickAsync);
        commands.On("pi.listModels", ListAsync);
        commands.On("pi.setThinking", SetThinkingAsync);
    }

    private async Task<JsonElement> PickAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var (provider, model) = (arguments.Text("provider"), arguments.Text("model"));
        var (session, agent) = await StartedAsync(arguments, cancellation);
        if (model is null)
        {
            var chosen = await picker.PickAsync(await agent.ListModelsAsync(cancellation), provider, cancellation);
            (provider, model) = (chosen?.Provider, chosen?.Id);
        }
        else if (provider is null)
        {
            (provider, model) = await FullNameAsync(agent, model, cancellation);
        }

        if (provider is not null && model is not null)
            await agent.SetModelAsync(provider, model, cancellation);
        var state = await agent.GetStateAsync(cancellation);
        session.Seat.Note(state);
        return JsonSerializer.SerializeToElement(
            new ModelChoiceReply(state.Model?.Id, state.Model?.Provider, state.Thinking), WireJson.Default.ModelChoiceReply);
    }

    private async Task<JsonElement> ListAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var (session, agent) = await StartedAsync(arguments, cancellation);
        var models = await agent.ListModelsAsync(cancellation);
        var state = await agent.GetStateAsync(cancellation);
        session.Seat.Note(state);
        var groups = models.GroupBy(m => m.Provider).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new ModelGroupReply(
            g.Key, g.Key, null,
            [.. g.Select(m => new ModelReply(m.Id, m.Name, m.Reasoning, m.ContextWindow, m.Input, new ModelCostReply(m.InputCost, m.OutputCost)))]));
        return JsonSerializer.SerializeToElement(new ModelsReply(state.Model?.FullId, [.. groups]), WireJson.Default.ModelsReply);
    }

    private async Task<JsonElement> SetThinkingAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var level = arguments.Required("level");
        var (session, agent) = await StartedAsync(arguments, cancellation);
        await agent.SetThinkingAsync(level, cancellation);
        var state = await agent.GetStateAsync(cancellation);
        session.Seat.Note(state);
        return JsonSerializer.SerializeToElement(
            new ThinkingReply(state.Thinking, await agent.ListThinkingLevelsAsync(cancellation)), WireJson.Default.ThinkingReply);
    }

    private async Task<(AgentSession Session, IAgent Agent)> StartedAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        await settings.ReadyAsync();
        return (session, await session.Seat.StartedAsync(cancellation));
    }

    /// <summary><c>provider/id</c>, or an id that only one provider has.</summary>
    private static async Task<(string Provider, string Model)> FullNameAsync(IAgent agent, string name, CancellationToken cancellation)
    {
        var models = await agent.ListModelsAsync(cancellation);
        var matches = models.Where(m => m.FullId == name || m.Id == name).ToList();
        return matches switch
        {
            [var one] => (one.Provider, one.Id),
            [] => throw new RpcException(RpcErrorCodes.RequestFailed, $"Pi has no model \"{name}\"; pi.listModels lists those it has."),
            _ => throw new RpcException(RpcErrorCodes.RequestFailed, $"\"{name}\" is a model of {string.Join(", ", matches.Select(m => m.Provider))}; say which with \"provider\"."),
        };
    }
}
