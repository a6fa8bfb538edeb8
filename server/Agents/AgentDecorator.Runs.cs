namespace PiLsp.Agents;

internal abstract partial class AgentDecorator
{
    public Task<QueuedTexts> ClearQueueAsync(CancellationToken cancellation) => inner.ClearQueueAsync(cancellation);

    public Task HandledAsync() => inner.HandledAsync();

    public Task AbortRetryAsync(CancellationToken cancellation) => inner.AbortRetryAsync(cancellation);

    public virtual Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation) => inner.CompactAsync(instructions, cancellation);

    public Task RunShellAsync(string command, bool isHidden, Action begun, CancellationToken cancellation) =>
        inner.RunShellAsync(command, isHidden, begun, cancellation);

    public Task<IReadOnlyList<AgentCommand>> ListCommandsAsync(CancellationToken cancellation) => inner.ListCommandsAsync(cancellation);
}
