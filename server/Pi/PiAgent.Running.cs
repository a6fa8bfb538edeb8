using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

// Stopping a run; the queue, retries, compaction, slash commands.
internal sealed partial class PiAgent
{
    public async Task<QueuedTexts> AbortAsync(CancellationToken cancellation)
    {
        var connection = Connection;
        var isPrompting = _order.CurrentCount == 0 || !_accepting.IsCompleted;
        // Written at once: a tool that was let go would bring the next turn about.
        var first = StopAsync(connection, cancellation);
        connection.CancelDialogs();
        if (!isPrompting)
            return await first;
        await PromptsTakenAsync();
        var second = StopAsync(connection, cancellation);
        var (before, after) = (await first, await second);
        return new QueuedTexts([.. before.Steering, .. after.Steering], [.. before.FollowUp, .. after.FollowUp]);
    }

    /// <summary>Pi would go on with queued messages after the abort. The order of writing is the order in which Pi begins.</summary>
    private async Task<QueuedTexts> StopAsync(PiConnection connection, CancellationToken cancellation)
    {
        var cleared = connection.Client.CallAsync("clear_queue", cancellation);
        var aborted = connection.Client.CallPatientlyAsync("abort", cancellation);
        // A Pi that cannot clear its queue can be aborted all the same.
        var queued = QueuedTexts.None;
        try
        {
            queued = ReadQueue(await cleared);
        }
        catch (AgentException reason)
        {
            log($"Pi's queue could not be cleared: {reason.Message}");
        }

        try
        {
            await aborted;
        }
        catch (AgentException) when (connection.Ended.IsCompleted)
        {
            // A Pi that is gone is idle.
        }

        return queued;
    }

    /// <summary>A prompt that Pi takes up only after its queue was cleared would be worked on after the abort.</summary>
    private async Task PromptsTakenAsync()
    {
        if (!await _order.WaitAsync(PromptGrace))
            return;
        var accepting = _accepting;
        _order.Release();
        await accepting.WaitAsync(PromptGrace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The newest compaction that was asked for, however its caller fares. Pi takes no prompt meanwhile.</summary>
    private volatile Task _compacting = Task.CompletedTask;

    public Task HandledAsync()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _outputs.TryWrite(new OutputsReached(reached)) ? reached.Task : Task.CompletedTask;
    }

    public async Task<QueuedTexts> ClearQueueAsync(CancellationToken cancellation) =>
        ReadQueue(await Connection.Client.CallAsync("clear_queue", cancellation));

    public Task AbortRetryAsync(CancellationToken cancellation) => Connection.Client.CallAsync("abort_retry", cancellation);

    public async Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation)
    {
        var connection = Connection;
        Task<JsonElement?> compacting;
        await _order.WaitAsync(cancellation);
        try
        {
            await _compacting.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _accepting.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            // Pi would stop the run for it.
            if (ReadState(connection, await Call(connection, "get_state", cancellation)).IsStreaming)
                throw new AgentException("Pi is working in this session; compact it when the run has ended, or stop it first.");
            _compacting = compacting = connection.Client.CallPatientlyAsync("compact", CancellationToken.None, ("customInstructions", instructions));
        }
        finally
        {
            _order.Release();
        }

        using var stop = cancellation.Register(() => _ = connection.Client.CallPatientlyAsync("abort", CancellationToken.None).ContinueWith(
            t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default));
        var data = await compacting ?? throw new AgentException("Pi did not say what became of the compaction.");
        return new Compaction(data.Whole("tokensBefore"), data.Whole("estimatedTokensAfter"), data.Text("summary") ?? "",
            data.Child("usage") is { } usage ? PiStateReader.ReadUsage(usage) : default);
    }

    public Task<IReadOnlyList<AgentCommand>> ListCommandsAsync(CancellationToken cancellation) => InOrderAsync<IReadOnlyList<AgentCommand>>(
        async connection =>
        [
            .. (await Call(connection, "get_commands", cancellation)).Items("commands")
                // Ours are nothing for people.
                .Where(c => c.Text("name") is { Length: > 0 } name && !name.StartsWith("pilsp-", StringComparison.Ordinal))
                .Select(c => new AgentCommand(c.Text("name")!, c.Text("description"), c.Text("source") ?? "extension")),
        ],
        cancellation);

    private static QueuedTexts ReadQueue(JsonElement? data) =>
        data is { } queue ? new QueuedTexts(queue.Texts("steering"), queue.Texts("followUp")) : QueuedTexts.None;
}
