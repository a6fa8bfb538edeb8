namespace PiLsp.Server;

/// <summary>
/// Messages reach a session in the order in which they were asked, however long the files and pictures of one take.
/// Turns are taken on the ordered loop; the rest from any thread.
/// </summary>
internal sealed class AskOrder
{
    private readonly Dictionary<string, Task> _last = [];

    /// <param name="session">What the request names as its session; nothing: the one that is active.</param>
    public Turn Take(string? session)
    {
        var key = session ?? "";
        var turn = new Turn(_last.GetValueOrDefault(key, Task.CompletedTask));
        _last[key] = turn.Over;
        return turn;
    }

    /// <summary>One message's place; to be disposed of as soon as it is given to the session, or is not going to be.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly Task _before;
        private readonly TaskCompletionSource _own = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Turn(Task before)
        {
            _before = before;
            // Whoever gives up before its turn lets nobody overtake those before it.
            Over = Task.WhenAll(before, _own.Task);
        }

        public Task Over { get; }

        public Task ComesAsync(CancellationToken cancellation) => _before.WaitAsync(cancellation);

        public void Dispose() => _own.TrySetResult();
    }
}
