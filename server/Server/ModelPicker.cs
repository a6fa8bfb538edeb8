using PiLsp.Agents;
using PiLsp.Rpc;

namespace PiLsp.Server;

/// <summary>Lets the user pick a model: in the client's own picker, else by message requests, provider first, a page at a time.</summary>
internal sealed class ModelPicker(ServerState state, RpcConnection rpc, QuestionDesk questions)
{
    private const int PageSize = 8;
    private const string More = "More…";

    /// <summary>Null when the user picks none.</summary>
    public async Task<AgentModel?> PickAsync(IReadOnlyList<AgentModel> models, string? provider, CancellationToken cancellation)
    {
        if (provider is not null)
            models = [.. models.Where(m => m.Provider == provider)];
        if (models.Count == 0)
            throw new RpcException(RpcErrorCodes.RequestFailed, provider is null
                ? Availability.NoCredentials.ToString()
                : $"Pi has no model of \"{provider}\".");
        if (state.Capabilities.Pick)
        {
            var items = models.Select(m => new PiPickItem(m.FullId, m.Name, m.Id, m.Provider)).ToList();
            var picked = await rpc.RequestAsync("pi/pick", new PiPickParams("Model", items), WireJson.Default.PiPickParams, WireJson.Default.PiPickResult, cancellation);
            return models.FirstOrDefault(m => m.FullId == picked?.Id);
        }

        if (!state.CanAskByMessage)
            throw new RpcException(RpcErrorCodes.RequestFailed, "This editor cannot show a choice; name the model: {\"provider\": …, \"model\": …}.");
        var providers = models.Select(m => m.Provider).Distinct().Order(StringComparer.Ordinal).ToList();
        var chosen = providers is [var only] ? only : await ChooseAsync("Pi: which provider?", providers, cancellation);
        if (chosen is null)
            return null;
        var own = models.Where(m => m.Provider == chosen).ToList();
        var id = await ChooseAsync($"Pi: which model of {chosen}?", [.. own.Select(m => m.Id)], cancellation);
        return own.FirstOrDefault(m => m.Id == id);
    }

    private async Task<string?> ChooseAsync(string message, IReadOnlyList<string> choices, CancellationToken cancellation)
    {
        for (var at = 0; ; at += PageSize)
        {
            var page = choices.Skip(at).Take(PageSize).ToList();
            var more = at + PageSize < choices.Count;
            var answer = await questions.ChooseAsync(message, more ? [.. page, More] : page, cancellation);
            if (answer != More || !more)
                return answer;
        }
    }
}
