using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Threading.Channels;

namespace PiLsp.Agents;

/// <summary>
/// The way from an agent to its session, the only place where what it says waits. Pieces of text that nobody has taken
/// yet are joined. Any thread may write; whoever reads the agent's process keeps the bound by <see cref="WaitForRoom"/>,
/// so that a session that is behind slows its agent down instead of filling the memory.
/// </summary>
internal sealed class OutputQueue : AgentOutputs
{
    public const int MostOutputs = 1024;

    /// <summary>As the agent wrote it.</summary>
    public const long MostBytes = 4 * 1024 * 1024;
    private const int MostJoined = 64 * 1024;

    private readonly object _lock = new();
    private readonly Queue<(AgentOutput Output, long Bytes)> _outputs = new();
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Kind _kind;
    private long _textBytes;
    private long _bytes;
    private bool _textCanWait;
    private bool _isRead;
    private bool _released;
    private bool _writerWaits;
    private bool _isOver;
    private TaskCompletionSource<bool>? _reader;

    private enum Kind { Text, Thinking, Shell }

    public override bool TextCanWait
    {
        set
        {
            TaskCompletionSource<bool>? woken;
            lock (_lock)
            {
                _textCanWait = value;
                woken = IsDue ? TakeReader() : null;
            }

            woken?.TrySetResult(true);
        }
    }

    public override Task Completion => _completion.Task;

    public override bool CanCount => true;

    public override int Count
    {
        get
        {
            lock (_lock)
                return Waiting;
        }
    }

    private int Waiting => _outputs.Count + (_text.Length > 0 ? 1 : 0);

    private bool IsFull => Waiting > MostOutputs || _bytes > MostBytes;

    /// <summary>Something is here for which the reader is to be woken.</summary>
    private bool IsDue => _outputs.Count > 0 || (_text.Length > 0 && !_textCanWait) || IsFull;

    /// <summary>Never waits. False when nothing more is taken.</summary>
    /// <param name="bytes">How much of the agent's output this was.</param>
    public bool TryWrite(AgentOutput output, long bytes = 0)
    {
        TaskCompletionSource<bool>? woken;
        lock (_lock)
        {
            if (_isOver)
                return false;
            _bytes += bytes;
            if (TextOf(output) is var (kind, text))
            {
                if (kind != _kind || _text.Length >= MostJoined)
                    SettleText();
                _kind = kind;
                _text.Append(text);
                _textBytes += bytes;
            }
            else
            {
                SettleText();
                _outputs.Enqueue((output, bytes));
            }

            woken = IsDue ? TakeReader() : null;
        }

        woken?.TrySetResult(true);
        return true;
    }

    /// <summary>
    /// Blocks the thread that reads the agent while there is more here than there may be. Not before somebody reads:
    /// what the start of an agent waits for stands behind what the agent says first.
    /// </summary>
    public void WaitForRoom()
    {
        lock (_lock)
        {
            while (IsFull && _isRead && !_released)
            {
                _writerWaits = true;
                Monitor.Wait(_lock);
            }
        }
    }

    /// <summary>The agent ends: the rest of what it says is taken whether or not anybody reads it, for its end stands behind it.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _released = true;
            Monitor.PulseAll(_lock);
        }
    }

    public void Complete()
    {
        TaskCompletionSource<bool>? woken;
        bool isEmpty;
        lock (_lock)
        {
            _isOver = _released = true;
            Monitor.PulseAll(_lock);
            isEmpty = Waiting == 0;
            woken = TakeReader();
        }

        woken?.TrySetResult(!isEmpty);
        if (isEmpty)
            _completion.TrySetResult();
    }

    public override bool TryRead([MaybeNullWhen(false)] out AgentOutput item)
    {
        bool isLast;
        lock (_lock)
        {
            _isRead = true;
            if (_outputs.Count == 0)
                SettleText();
            if (!_outputs.TryDequeue(out var taken))
            {
                item = null;
                return false;
            }

            item = taken.Output;
            _bytes -= taken.Bytes;
            // Not for each one: the writer would be woken to write one more.
            if (_writerWaits && Waiting <= MostOutputs / 2 && _bytes <= MostBytes / 2)
            {
                _writerWaits = false;
                Monitor.PulseAll(_lock);
            }

            isLast = _isOver && Waiting == 0;
        }

        if (isLast)
            _completion.TrySetResult();
        return true;
    }

    public override bool TryPeek([MaybeNullWhen(false)] out AgentOutput item)
    {
        lock (_lock)
        {
            if (_outputs.Count == 0)
                SettleText();
            var isThere = _outputs.TryPeek(out var next);
            item = next.Output;
            return isThere;
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _isRead = true;
            if (IsDue)
                return ValueTask.FromResult(true);
            if (_isOver)
                return ValueTask.FromResult(Waiting > 0);
            _reader ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<bool>(cancellationToken.CanBeCanceled ? _reader.Task.WaitAsync(cancellationToken) : _reader.Task);
        }
    }

    private static (Kind, string)? TextOf(AgentOutput output) => output switch
    {
        TextDelta text => (Kind.Text, text.Text),
        ThinkingDelta thinking => (Kind.Thinking, thinking.Text),
        ShellOutput { IsCut: false, ReplacesLine: false } shell => (Kind.Shell, shell.Text),
        _ => null,
    };

    /// <summary>Nothing is joined to it any more.</summary>
    private void SettleText()
    {
        if (_text.Length == 0)
            return;
        var text = _text.ToString();
        _text.Clear();
        _outputs.Enqueue((_kind switch
        {
            Kind.Thinking => new ThinkingDelta(text),
            Kind.Shell => new ShellOutput(text),
            _ => new TextDelta(text),
        }, _textBytes));
        _textBytes = 0;
    }

    private TaskCompletionSource<bool>? TakeReader()
    {
        var reader = _reader;
        _reader = null;
        return reader;
    }
}
