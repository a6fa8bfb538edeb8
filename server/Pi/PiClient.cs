using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// Brings Pi's responses to the commands they answer. Commands may come from any thread, responses and the end
/// come from the reader. Pi works on commands concurrently: whoever needs an order waits for the response.
/// </summary>
internal sealed class PiClient(Func<ReadOnlyMemory<byte>, bool> send, TimeProvider time)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<PiResponse>> _open = new();
    private long _lastId;
    private volatile string? _endReason;

    /// <summary>The response's data; fails when Pi refuses, dies or takes longer than usual.</summary>
    public Task<JsonElement?> CallAsync(string type, CancellationToken cancellation, params ReadOnlySpan<(string Name, string? Value)> fields) =>
        SendAsync(type, Usual, fields, cancellation);

    /// <summary>Without a deadline, for what may rightly take long: Pi may summarize or ask the user first.</summary>
    public Task<JsonElement?> CallPatientlyAsync(string type, CancellationToken cancellation, params ReadOnlySpan<(string Name, string? Value)> fields) =>
        SendAsync(type, Timeout.InfiniteTimeSpan, fields, cancellation);

    /// <summary>The same for a message with pictures.</summary>
    public Task<JsonElement?> CallPatientlyAsync(
        string type, IReadOnlyList<AgentImage> images, ReadOnlySpan<(string Name, string? Value)> fields, CancellationToken cancellation) =>
        SendAsync(type, Timeout.InfiniteTimeSpan, fields, cancellation, images);

    /// <summary>The same with a switch that is on; whoever waits for it stays.</summary>
    public Task<JsonElement?> CallPatientlyAsync(string type, string? flag, ReadOnlySpan<(string Name, string? Value)> fields) =>
        SendAsync(type, Timeout.InfiniteTimeSpan, fields, CancellationToken.None, flag: flag);

    /// <summary>False when nobody waits for it, or not any more.</summary>
    public bool Complete(PiResponse response) =>
        response.Id is { } id && _open.TryRemove(id, out var waiting) && waiting.TrySetResult(response);

    /// <summary>Pi is gone: every open command fails with the reason, and so does every later one.</summary>
    public void Close(string reason)
    {
        _endReason = reason;
        foreach (var id in _open.Keys) Fail(id, reason);
    }

    private Task<JsonElement?> SendAsync(string type, TimeSpan deadline, ReadOnlySpan<(string Name, string? Value)> fields, CancellationToken cancellation,
        IReadOnlyList<AgentImage>? images = null, string? flag = null)
    {
        var id = "c" + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var waiting = new TaskCompletionSource<PiResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[id] = waiting;
        var sent = send(PiCommand.Write(id, type, images ?? [], flag, fields));
        // Looked at after the entry is made: Close sees the entry, or this sees the reason.
        if (_endReason is { } reason) Fail(id, reason);
        else if (!sent) Fail(id, "Pi has ended.");
        return WaitAsync(id, type, waiting.Task, deadline, cancellation);
    }

    private async Task<JsonElement?> WaitAsync(string id, string type, Task<PiResponse> waiting, TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            var response = await waiting.WaitAsync(deadline, time, cancellation);
            return response.Success ? response.Data : throw new AgentException(response.Error ?? $"Pi refused {type}.");
        }
        catch (TimeoutException)
        {
            throw new AgentException(string.Create(CultureInfo.InvariantCulture, $"Pi did not answer {type} within {deadline.TotalSeconds:0} s."));
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    private void Fail(string id, string reason)
    {
        if (_open.TryRemove(id, out var waiting)) waiting.TrySetException(new AgentException(reason));
    }
}
