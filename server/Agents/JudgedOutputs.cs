using System.Diagnostics.CodeAnalysis;

namespace PiLsp.Agents;

/// <summary>
/// What an agent says, each message of a model judged before anybody gets it: what follows it waits until it is judged, the
/// requests of its tools too. Nothing is kept here: what waits, waits where it came from. One reader.
/// </summary>
/// <param name="whyRefused">Whether the model that a message comes from may be used; never fails.</param>
internal sealed class JudgedOutputs(AgentOutputs inner, Func<ModelAnswer, ValueTask<string?>> whyRefused) : AgentOutputs
{
    // Who reads may still have a wait under way.
    private readonly Lock _lock = new();
    private AgentOutput? _next;
    private ModelAnswer? _from;
    private Task<string?>? _judging;

    /// <summary>Told of already: the run ends with it.</summary>
    private ModelAnswer? _refused;

    public override bool TextCanWait
    {
        set => inner.TextCanWait = value;
    }

    public override Task Completion => inner.Completion;

    public override bool TryRead([MaybeNullWhen(false)] out AgentOutput item)
    {
        lock (_lock)
        {
            if (!TryPeek(out item))
                return false;
            _judging = null;
            if (item is AnswerRefused)
            {
                _refused = _from;
                return true;
            }

            _next = null;
            return inner.TryRead(out _);
        }
    }

    public override bool TryPeek([MaybeNullWhen(false)] out AgentOutput item)
    {
        lock (_lock)
        {
            if (!inner.TryPeek(out item))
                return false;
            if (item != (object?)_next)
            {
                _next = item;
                if (item is RunStarted)
                    _refused = null;
                _from = (item as MessageStarted)?.From ?? (item as MessageCompleted)?.From;
                _judging = _from is null || _from == _refused ? null : whyRefused(_from).AsTask();
            }

            if (_judging is null)
                return true;
            if (!_judging.IsCompleted)
            {
                item = null;
                return false;
            }

            if (_judging.GetAwaiter().GetResult() is { } reason)
                item = new AnswerRefused(_from!, reason);
            return true;
        }
    }

    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.WaitToReadAsync(cancellationToken))
        {
            if (TryPeek(out _))
                return true;
            if (Volatile.Read(ref _judging) is { } judging)
                await judging.WaitAsync(cancellationToken);
        }

        return false;
    }
}
