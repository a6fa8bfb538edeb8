namespace PiLsp.Tests.Harness;

/// <summary>Time that stands still until a test moves it; due timers fire on the thread of the one who moves it. Safe from any thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Set)> _awaited = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return DateTimeOffset.UnixEpoch + _now;
    }

    /// <summary>Lets this much time pass. Timers that are set meanwhile count from their own moment.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan until;
        lock (_lock)
            until = _now + by;
        while (true)
        {
            Timer? due;
            lock (_lock)
            {
                due = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
                _now = due is null ? until : due.Due > _now ? due.Due : _now;
                if (due is null)
                    return;
                due.Next();
            }

            due.Fire();
        }
    }

    /// <summary>A timer of this length is running, or will be: then its time may come.</summary>
    public Task RunningAsync(TimeSpan length)
    {
        lock (_lock)
        {
            if (_timers.Any(t => t.Length == length))
                return Task.CompletedTask;
            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((length, set));
            return set.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public TimeSpan Length { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                (Length, Due, _period) = (dueTime, time._now + dueTime, period);
                time._timers.Add(this);
                foreach (var (_, set) in time._awaited.Where(a => a.Due == dueTime))
                    set.TrySetResult();
                return true;
            }
        }

        /// <summary>Under the lock.</summary>
        public void Next()
        {
            if (_period > TimeSpan.Zero)
                Due += _period;
            else
                time._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
