namespace PiLsp.Sessions.Waiting;

/// <summary>What has to happen one after another for a name, in the order in which the turns were taken. Any thread.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, Task> _last = [];

    public Turn Take(string name)
    {
        lock (_last)
        {
            var turn = new Turn(_last.GetValueOrDefault(name, Task.CompletedTask));
            _last[name] = turn.Over;
            _ = turn.Over.ContinueWith(over => Forget(name, over), TaskScheduler.Default);
            return turn;
        }
    }

    private void Forget(string name, Task over)
    {
        lock (_last)
        {
            if (_last.GetValueOrDefault(name) == over)
                _last.Remove(name);
        }
    }

    /// <summary>One place in the row; to be disposed of when the next one may come, also where this one gave up before its turn.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly Task _before;
        private readonly TaskCompletionSource _own = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Turn(Task before)
        {
            _before = before;
            // Whoever gives up early lets nobody overtake those before it.
            Over = Task.WhenAll(before, _own.Task);
        }

        /// <summary>This one is over, and all before it.</summary>
        public Task Over { get; }

        public Task ComesAsync(CancellationToken cancellation) => _before.WaitAsync(cancellation);

        public void Dispose() => _own.TrySetResult();
    }
}
