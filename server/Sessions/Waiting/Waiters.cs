using System.Collections.Concurrent;

namespace PiLsp.Sessions.Waiting;

/// <summary>
/// Who waits for an outcome of one kind, by id. When the session ends, everybody who still waits hears that, and so does whoever
/// comes later. Any thread.
/// </summary>
/// <param name="end">What they hear then.</param>
internal sealed class Waiters<T>(Action<TaskCompletionSource<T>> end)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<T>> _waiting = new(StringComparer.Ordinal);
    private volatile bool _ended;

    /// <summary>Before the outcome is asked for, so that it cannot come too early.</summary>
    public Task<T> Add(string id)
    {
        var waiting = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = waiting;
        if (_ended)
            End();
        return waiting.Task;
    }

    /// <summary>Of an id that nobody waits for it is nothing.</summary>
    public void Complete(string id, T outcome)
    {
        if (_waiting.TryRemove(id, out var waiting))
            waiting.TrySetResult(outcome);
    }

    public void Fail(string id, Exception reason)
    {
        if (_waiting.TryRemove(id, out var waiting))
            waiting.TrySetException(reason);
    }

    public void CompleteAll(T outcome)
    {
        foreach (var id in _waiting.Keys)
            Complete(id, outcome);
    }

    public void End()
    {
        _ended = true;
        foreach (var id in _waiting.Keys)
        {
            if (_waiting.TryRemove(id, out var waiting))
                end(waiting);
        }
    }
}
