using System.Collections.Concurrent;

namespace PiLsp.Rpc;

/// <summary>
/// The peer's requests that are queued or being handled. Owned by the connection; opened and cancelled by the reader,
/// closed by whoever replies.
/// </summary>
internal sealed class IncomingRequests
{
    private readonly ConcurrentDictionary<RpcId, CancellationTokenSource> _open = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unfinished = 1; // one for the connection itself
    private volatile bool _ending;

    /// <summary>Null when a request with this id is in flight.</summary>
    public CancellationTokenSource? TryOpen(RpcId id)
    {
        var cancellation = new CancellationTokenSource();
        if (!_open.TryAdd(id, cancellation))
            return null;
        Interlocked.Increment(ref _unfinished);
        if (_ending)
            _ = cancellation.CancelAsync();
        return cancellation;
    }

    public bool Contains(RpcId id) => _open.ContainsKey(id);

    /// <summary>An id that is not in flight was answered already, which is no error.</summary>
    public void Cancel(RpcId id)
    {
        // The token changes now, callbacks run elsewhere: handlers must not run inside the reader.
        if (_open.TryGetValue(id, out var cancellation))
            _ = cancellation.CancelAsync();
    }

    /// <summary>Before the reply is sent: the peer may use the id again as soon as it has it.</summary>
    public void Close(RpcId id) => _open.TryRemove(id, out _);

    /// <summary>After the reply is on its way.</summary>
    public void Finished()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0)
            _idle.TrySetResult();
    }

    /// <summary>Cancels every request; ends when all are answered. Called once.</summary>
    public Task CancelAllAsync()
    {
        _ending = true;
        foreach (var cancellation in _open.Values)
            _ = cancellation.CancelAsync();
        Finished();
        return _idle.Task;
    }
}
