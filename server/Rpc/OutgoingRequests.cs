using System.Collections.Concurrent;

namespace PiLsp.Rpc;

/// <summary>
/// The requests this side sent and has no answer to. Owned by the connection; opened and cancelled by any thread,
/// completed by the reader. Waiters continue on their own, never inside the call that completes them.
/// </summary>
internal sealed class OutgoingRequests
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<RpcResponse>> _open = [];
    private volatile bool _closed;
    private long _lastId;

    public long NextId() => Interlocked.Increment(ref _lastId);

    public Task<RpcResponse> Open(long id)
    {
        var answer = new TaskCompletionSource<RpcResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[id] = answer;
        // Looked at after it is listed: whichever of the two comes second sees the other.
        if (_closed)
            Fail(id, new RpcConnectionClosedException());
        return answer.Task;
    }

    /// <summary>False when nobody asked. True also for an answer that comes after the cancellation: it is expected, and dropped.</summary>
    public bool TryComplete(RpcResponse response)
    {
        if (response.Id?.Number is not { } id || !_open.TryRemove(id, out var answer))
            return false;
        answer.TrySetResult(response);
        return true;
    }

    /// <summary>True when the waiter is released by this call. The peer still owes an answer, so the id stays known.</summary>
    public bool TryCancel(long id, CancellationToken cancellation) =>
        _open.TryGetValue(id, out var answer) && answer.TrySetCanceled(cancellation);

    public bool Fail(long id, Exception reason) => _open.TryRemove(id, out var answer) && answer.TrySetException(reason);

    public void Close()
    {
        _closed = true;
        foreach (var id in _open.Keys)
            Fail(id, new RpcConnectionClosedException());
    }
}
