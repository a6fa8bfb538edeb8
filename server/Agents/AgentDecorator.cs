namespace PiLsp.Agents;

/// <summary>An agent that does everything as another one does it; what derives from it changes a part. Any thread.</summary>
internal abstract partial class AgentDecorator(IAgent inner) : IAgent
{
    public virtual AgentOutputs Outputs => inner.Outputs;

    public GateReport? Gate => inner.Gate;

    public virtual IAgentAccounts? Accounts => inner.Accounts;

    public virtual Task<AgentState> StartAsync(CancellationToken cancellation) => inner.StartAsync(cancellation);

    public virtual Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation) =>
        inner.PromptAsync(prompt, delivery, cancellation);

    public Task<QueuedTexts> AbortAsync(CancellationToken cancellation) => inner.AbortAsync(cancellation);

    public void Answer(string requestId, AgentAnswer answer) => inner.Answer(requestId, answer);

    public Task<AgentState> GetStateAsync(CancellationToken cancellation) => inner.GetStateAsync(cancellation);

    public Task<IAgentHistory> ReadHistoryAsync(CancellationToken cancellation) => inner.ReadHistoryAsync(cancellation);

    public Task<AgentStats> GetStatsAsync(CancellationToken cancellation) => inner.GetStatsAsync(cancellation);

    public virtual Task<IReadOnlyList<AgentModel>> ListModelsAsync(CancellationToken cancellation) => inner.ListModelsAsync(cancellation);

    public virtual Task<SortedModels> SortModelsAsync(CancellationToken cancellation) => inner.SortModelsAsync(cancellation);

    public virtual Task<AgentModel> SetModelAsync(string provider, string modelId, CancellationToken cancellation) =>
        inner.SetModelAsync(provider, modelId, cancellation);

    public Task<IReadOnlyList<string>> ListThinkingLevelsAsync(CancellationToken cancellation) => inner.ListThinkingLevelsAsync(cancellation);

    public Task SetThinkingAsync(string level, CancellationToken cancellation) => inner.SetThinkingAsync(level, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
