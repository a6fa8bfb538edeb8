namespace PiLsp.Edits;

/// <summary>Consecutive lines; none at all is a place between two lines.</summary>
internal readonly record struct LineSpan(int First, int Count)
{
    public int End => First + Count;
}

/// <summary>
/// Takes lines of an old text to a new one by what is known to have changed between them, never by searching for
/// their text: a copy of it elsewhere is not it. Immutable.
/// </summary>
internal sealed class LineMap(IReadOnlyList<LineChange> changes)
{
    public bool IsWithoutChanges => changes.Count == 0;

    /// <summary>
    /// Whether a change took any of these lines, or was made inside them. A change that only adjoins does not touch:
    /// what comes first is clear. Two insertions at one place touch: there it is not. Adjoining changes count on request.
    /// </summary>
    public bool IsTouched(LineSpan old, bool adjoining = false) => FirstTouching(old, adjoining) >= 0;

    /// <summary>Where untouched lines are now.</summary>
    public LineSpan Moved(LineSpan old)
    {
        var by = 0;
        foreach (var change in changes)
        {
            if (change.OldEnd > old.First)
                break;
            by = change.NewEnd - change.OldEnd;
        }

        return old with { First = old.First + by };
    }

    /// <summary>These lines together with every change that touches them: what they were part of, and what that is now.</summary>
    public (LineSpan Old, LineSpan New) Around(LineSpan old, bool adjoining = false)
    {
        var first = FirstTouching(old, adjoining);
        if (first < 0)
            return (old, Moved(old));

        var last = first;
        while (last + 1 < changes.Count && Touches(changes[last + 1], old, adjoining))
            last++;

        var oldStart = Math.Min(old.First, changes[first].OldStart);
        var oldEnd = Math.Max(old.End, changes[last].OldEnd);
        var newStart = changes[first].NewStart - (changes[first].OldStart - oldStart);
        var newEnd = changes[last].NewEnd + (oldEnd - changes[last].OldEnd);
        return (new LineSpan(oldStart, oldEnd - oldStart), new LineSpan(newStart, newEnd - newStart));
    }

    private int FirstTouching(LineSpan old, bool adjoining)
    {
        for (var i = 0; i < changes.Count && changes[i].OldStart <= old.End; i++)
        {
            if (Touches(changes[i], old, adjoining))
                return i;
        }

        return -1;
    }

    public static bool Touches(LineChange change, LineSpan old, bool adjoining = false) =>
        adjoining || (change.OldCount == 0 && old.Count == 0)
            ? change.OldStart <= old.End && old.First <= change.OldEnd
            : change.OldStart < old.End && old.First < change.OldEnd;
}
