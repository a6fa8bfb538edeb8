using PiLsp.Agents;

namespace PiLsp.Server.Accounts;

/// <summary>The models of one provider, in the order to show them.</summary>
/// <param name="Source">Where the provider's credential comes from; null where the agent does not tell.</param>
internal sealed record ModelGroup(string Provider, string Name, string? Source, IReadOnlyList<(AgentModel Model, bool Primary)> Models)
{
    /// <summary>Models by provider, each provider by the name and with the source that the agent tells.</summary>
    /// <param name="favoured">Full ids to show first.</param>
    /// <param name="sourceOf">The source of a provider's credential, as it is told to the client.</param>
    public static async Task<IReadOnlyList<ModelGroup>> ReadAsync(
        IAgent agent, IReadOnlyList<AgentModel> models, IReadOnlyList<string> favoured, Func<AgentProvider, string?> sourceOf, CancellationToken cancellation)
    {
        var byProvider = models.GroupBy(m => m.Provider).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var providers = byProvider.Count == 0 ? [] : await ProvidersAsync(agent, [.. byProvider.Select(g => g.Key)], cancellation);
        return [.. byProvider.Select(group =>
        {
            var provider = providers.GetValueOrDefault(group.Key);
            return new ModelGroup(group.Key, provider?.Name ?? group.Key, provider is null ? null
                : sourceOf(provider), ModelRanking.Arrange([.. group], favoured));
        })];
    }

    /// <summary>Names and sources are good to have; models can be chosen without them.</summary>
    private static async Task<Dictionary<string, AgentProvider>> ProvidersAsync(IAgent agent, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        try
        {
            return agent.Accounts is { } accounts ? (await accounts.ListAsync(ids, cancellation)).ToDictionary(p => p.Id) : [];
        }
        catch (AgentException)
        {
            return [];
        }
    }
}
