using System.Text.Json.Nodes;

namespace PiLsp.Tests.Harness;

/// <summary>What has come and was not asked for yet, in order. Safe from any thread.</summary>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private readonly List<JsonNode> _rest = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    public IReadOnlyList<JsonNode> Rest
    {
        get
        {
            lock (_lock)
                return [.. _rest];
        }
    }

    public void Put(JsonNode message) => Change(() => _rest.Add(message));

    public void Close() => Change(() => _closed = true);

    /// <summary>The first message that fits, now or later.</summary>
    public async Task<JsonNode> TakeAsync(Func<JsonNode, bool> fits, string what)
    {
        using var patience = new CancellationTokenSource(Editor.Hang);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_rest.Find(m => fits(m)) is { } found)
                {
                    _rest.Remove(found);
                    return found;
                }

                if (_closed || patience.IsCancellationRequested)
                    throw new InvalidOperationException($"{what} did not come, but: {string.Join("\n", _rest.Select(m => m.ToJsonString()))}");
                more = _more.Task;
            }

            await more.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Drop(Predicate<JsonNode> of) => Change(() => _rest.RemoveAll(of));

    private void Change(Action change)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            change();
            (waiting, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }
}
