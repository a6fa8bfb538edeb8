namespace PiLsp.Agents;

internal abstract partial class AgentDecorator
{
    public Task<(AgentState State, string? Text)> ForkSessionAsync(string entryId, CancellationToken cancellation) =>
        inner.ForkSessionAsync(entryId, cancellation);

    public Task<AgentState> CloneSessionAsync(CancellationToken cancellation) => inner.CloneSessionAsync(cancellation);

    public Task<IReadOnlyList<ForkPoint>> ListForkPointsAsync(CancellationToken cancellation) => inner.ListForkPointsAsync(cancellation);

    public Task RenameSessionAsync(string name, CancellationToken cancellation) => inner.RenameSessionAsync(name, cancellation);

    public Task<string> ExportSessionAsync(string? path, CancellationToken cancellation) => inner.ExportSessionAsync(path, cancellation);
}
