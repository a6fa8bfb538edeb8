using System.Text.Json;
using System.Threading.Channels;
using PiLsp.Protocol;
using PiLsp.Rpc;

namespace PiLsp.Server.Conversations;

/// <summary>
/// Tells a client that wants it (<c>experimental.pi.status</c>) the status whenever it is another than the one told
/// last. Any number of touches while one report is being made lead to one more. Any thread.
/// </summary>
/// <param name="read">Called on the ordered loop.</param>
internal sealed class StatusFeed(ServerState state, RpcConnection rpc, Func<CancellationToken, Task<Status>> read, ServerLog log) : IAsyncDisposable
{
    private readonly Channel<bool> _touched = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private Task _telling = Task.CompletedTask;

    public void Touch() => _touched.Writer.TryWrite(true);

    /// <summary>From now on, and once for what is known then.</summary>
    public async Task BeginAsync(Task settingsKnown)
    {
        if (!state.Capabilities.Status)
            return;
        await settingsKnown;
        Touch();
        _telling = Task.Run(TellAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _touched.Writer.TryComplete();
        await _closing.CancelAsync();
        await _telling;
        _closing.Dispose();
    }

    private async Task TellAsync()
    {
        byte[] told = [];
        try
        {
            await foreach (var _ in _touched.Reader.ReadAllAsync(_closing.Token))
            {
                var status = await ReadAsync();
                var bytes = JsonSerializer.SerializeToUtf8Bytes(status, ProtocolJson.Default.Status);
                if (bytes.AsSpan().SequenceEqual(told))
                    continue;
                told = bytes;
                rpc.Notify(WireMessages.Status, status);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ends.
        }
        catch (Exception e)
        {
            log.Write(LogLevel.Error, $"the status is not told any more: {e}");
        }
    }

    private Task<Status> ReadAsync()
    {
        var reading = new TaskCompletionSource<Task<Status>>(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(() => reading.SetResult(read(_closing.Token)));
        return reading.Task.WaitAsync(_closing.Token).Unwrap();
    }
}
