namespace PiLsp.Agents;

/// <summary>The models that an agent has, and how long they think.</summary>
internal interface IAgentModels
{
    Task<IReadOnlyList<AgentModel>> ListModelsAsync(CancellationToken cancellation);

    /// <summary>The same, with those that rules keep out of it.</summary>
    Task<SortedModels> SortModelsAsync(CancellationToken cancellation);

    /// <summary>Sets a model that the agent itself lists; any other is refused before it is sent.</summary>
    Task<AgentModel> SetModelAsync(string provider, string modelId, CancellationToken cancellation);

    Task<IReadOnlyList<string>> ListThinkingLevelsAsync(CancellationToken cancellation);

    /// <summary>Sets one of the current model's levels; any other is refused before it is sent.</summary>
    Task SetThinkingAsync(string level, CancellationToken cancellation);
}
