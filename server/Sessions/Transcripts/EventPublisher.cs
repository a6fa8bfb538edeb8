using System.Text;
using PiLsp.Agents;

namespace PiLsp.Sessions.Transcripts;

/// <summary>
/// Numbers a session's events and joins deltas: a flood of small ones goes out as few larger ones, at most one
/// per interval, fewer while the client is slow to read. Order is kept. Lives on the session's loop.
/// </summary>
internal sealed class EventPublisher : IDisposable
{
    private const int MaxJoined = 64 * 1024;

    /// <summary>A command may write faster than anybody reads; its result has what counts.</summary>
    private const int MaxShell = 16 * 1024;
    private const long SlowClient = 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(16);

    private readonly StringBuilder _joined = new();
    private readonly string _sessionId;
    private readonly IEditor _editor;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private Kind _kind;
    private bool _isCut;
    private bool _replacesLine;
    private bool _waiting;
    private long _lastFlush;
    private volatile bool _due;
    private long _seq;
    private Transcript _transcript = Transcript.Empty;

    /// <param name="wake">Wakes the loop, from the timer's thread.</param>
    public EventPublisher(string sessionId, IEditor editor, TimeProvider time, Action<SessionMessage> wake)
    {
        _sessionId = sessionId;
        _editor = editor;
        _time = time;
        _timer = time.CreateTimer(
            _ =>
            {
                _due = true;
                wake(new DeadlinePassed(new Deadline.Events()));
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>What everything published so far comes to. Any thread.</summary>
    public Transcript Transcript => Volatile.Read(ref _transcript);

    /// <summary>The conversation that a first agent goes on with: nobody is told of it again, but it belongs to the transcript.</summary>
    public void Remember(StoredTranscript stored) => Volatile.Write(ref _transcript, _transcript.After(stored));

    /// <summary>Its first entries lie on the disk.</summary>
    public void PutAside(PastEntries past) => Volatile.Write(ref _transcript, _transcript.PutAside(past));

    /// <summary>Text that comes now goes out with what there is when the loop is woken again.</summary>
    public bool LooksAgain => _waiting;

    private enum Kind { Text, Thinking, Shell }

    /// <summary>A text or thinking delta, or output of the user's command.</summary>
    public void Add(AgentEvent delta)
    {
        var (text, kind) = delta switch
        {
            ThinkingDelta t => (t.Text, Kind.Thinking),
            ShellOutput s => (s.Text, Kind.Shell),
            _ => (((TextDelta)delta).Text, Kind.Text),
        };
        if (kind != _kind)
            Flush();
        _kind = kind;
        if (delta is ShellOutput { ReplacesLine: true })
            DropLine();
        _joined.Append(text);
        if (kind == Kind.Shell && _joined.Length > MaxShell)
            KeepEnd();
        if (_joined.Length >= MaxJoined)
            FlushPairs();
        else if (!_waiting && _time.GetElapsedTime(_lastFlush) >= Interval && _editor.PendingBytes < SlowClient)
            FlushPairs();
        if (!_waiting)
            LookAgain();
    }

    public void Publish(AgentEvent e)
    {
        Flush();
        _replacesLine = false;
        Send(e);
    }

    public void FlushIfDue()
    {
        if (!_due)
            return;
        _due = false;
        _waiting = false;
        if (_editor.PendingBytes >= SlowClient ? _joined.Length > 0 : FlushPairs())
            LookAgain();
    }

    public void Flush() => Flush(_joined.Length);

    /// <summary>Also behind what went out just now: more of it is likely to come, and until then it need wake nobody.</summary>
    private void LookAgain()
    {
        _waiting = true;
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Providers cut an emoji in two; its first half waits for the other one.</summary>
    private bool FlushPairs() => Flush(_joined.Length > 0 && char.IsHighSurrogate(_joined[^1]) ? _joined.Length - 1 : _joined.Length);

    private bool Flush(int length)
    {
        if (length == 0)
            return false;
        var text = _joined.ToString(0, length);
        _joined.Remove(0, length);
        _lastFlush = _time.GetTimestamp();
        Send(_kind switch
        {
            Kind.Thinking => new ThinkingDelta(text),
            Kind.Shell => new ShellOutput(text, _isCut, _replacesLine),
            _ => new TextDelta(text),
        });
        (_isCut, _replacesLine) = (false, false);
        return true;
    }

    /// <summary>The unfinished line was written over: what of it has not gone out never does, what has is replaced.</summary>
    private void DropLine()
    {
        var at = _joined.Length;
        while (at > 0 && _joined[at - 1] != '\n')
            at--;
        _joined.Length = at;
        _replacesLine |= at == 0;
    }

    private void KeepEnd()
    {
        var cut = _joined.Length - (MaxShell / 2);
        _joined.Remove(0, char.IsLowSurrogate(_joined[cut]) ? cut + 1 : cut);
        _isCut = true;
    }

    private void Send(AgentEvent e)
    {
        // Folded first: who reads the transcript because of the event finds it there.
        Volatile.Write(ref _transcript, _transcript.Add(e, ++_seq));
        _editor.PublishEvent(_sessionId, _seq, e);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _transcript.Stored?.Dispose();
    }
}
