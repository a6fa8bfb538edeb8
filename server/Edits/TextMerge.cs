namespace PiLsp.Edits;

/// <summary>What became of a hunk while its text went on. Immutable.</summary>
internal abstract record RebasedHunk
{
    internal sealed record Moved(Hunk Hunk) : RebasedHunk;

    /// <summary>The text has this very change already; there is nothing left to apply.</summary>
    internal sealed record AlreadyThere : RebasedHunk;

    /// <summary>The lines it changes were changed otherwise. What stands there now, by offsets of the new text.</summary>
    internal sealed record Clash(int Start, int Length, string PresentText) : RebasedHunk;
}

/// <summary>
/// Brings hunks made against one version of a text to a later one. A hunk whose own lines nobody touched moves with
/// them; all else is a clash, for the user to see. Pure, any thread.
/// </summary>
internal static class TextMerge
{
    /// <summary>One result for each hunk, in their order.</summary>
    public static IReadOnlyList<RebasedHunk> Rebase(string oldBase, string newBase, IReadOnlyList<Hunk> hunks) => Rebase(new TextMove(oldBase, newBase), hunks);

    public static IReadOnlyList<RebasedHunk> Rebase(TextMove move, IReadOnlyList<Hunk> hunks)
    {
        var rebased = new RebasedHunk[hunks.Count];
        for (var i = 0; i < rebased.Length; i++)
            rebased[i] = Rebase(move.Old, move.New, move.Map, hunks[i]);
        RefuseGlued(move.New.Text, rebased);
        return rebased;
    }

    /// <summary>Where the user deleted all between some hunks, one without a line end may be followed by a later one.</summary>
    private static void RefuseGlued(string newBase, RebasedHunk[] rebased)
    {
        Hunk? last = null;
        var left = ReadOnlySpan<char>.Empty;
        for (var i = 0; i < rebased.Length; i++)
        {
            if (rebased[i] is not RebasedHunk.Moved { Hunk: var hunk })
                continue;
            if (last?.End != hunk.Start)
                left = newBase.AsSpan(0, hunk.Start);

            var right = hunk.NewText.Length > 0 ? hunk.NewText : newBase.AsSpan(hunk.End);
            if (!Meet(left, right))
            {
                rebased[i] = new RebasedHunk.Clash(hunk.Start, hunk.Length, hunk.OldText);
                continue;
            }

            if (hunk.NewText.Length > 0)
                left = hunk.NewText;
            last = hunk;
        }
    }

    private static RebasedHunk Rebase(LineTable oldLines, LineTable newLines, LineMap map, Hunk hunk)
    {
        var old = new LineSpan(hunk.StartLine, hunk.LineCount);
        if (oldLines.Start(old.First) != hunk.Start || !oldLines.Lines(old.First, old.Count).SequenceEqual(hunk.OldText))
            throw new ArgumentException($"Hunk {hunk.Id} was made against another text.", nameof(hunk));

        if (!map.IsTouched(old))
        {
            var now = map.Moved(old);
            var moved = hunk with { Start = newLines.Start(now.First), StartLine = now.First };
            return Fits(newLines.Text, moved)
                ? new RebasedHunk.Moved(moved)
                : new RebasedHunk.Clash(moved.Start, moved.Length, moved.OldText);
        }

        var (oldPart, newPart) = map.Around(old);
        var present = newLines.Lines(newPart.First, newPart.Count).ToString();
        var wanted = string.Concat(
            oldLines.Lines(oldPart.First, old.First - oldPart.First),
            hunk.NewText,
            oldLines.Lines(old.End, oldPart.End - old.End));
        return present == wanted
            ? new RebasedHunk.AlreadyThere()
            : new RebasedHunk.Clash(newLines.Start(newPart.First), present.Length, present);
    }

    /// <summary>
    /// False where the hunk would be glued to a line of its new neighbours, as a line added at the end of a text that
    /// has lost its last line end.
    /// </summary>
    private static bool Fits(string text, Hunk hunk)
    {
        var before = text.AsSpan(0, hunk.Start);
        var after = text.AsSpan(hunk.End);
        return hunk.NewText.Length == 0 ? Meet(before, after) : Meet(before, hunk.NewText) && Meet(hunk.NewText, after);
    }

    private static bool Meet(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.IsEmpty || right.IsEmpty || left[^1] == '\n';
}
