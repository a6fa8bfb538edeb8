namespace PiLsp.Edits;

/// <summary>A part of one text and what is to stand there instead.</summary>
internal readonly record struct Replacement(int Start, string Old, string New);

/// <summary>
/// A change as changes of what stands between its \r, so that those that stay are in none of them. Only where there are to be
/// more of them than there were does one go into an edit. Pure.
/// </summary>
internal static class CrPieces
{
    public static IReadOnlyList<Replacement> Of(Replacement whole)
    {
        var (old, wanted) = (whole.Old.Split('\r'), whole.New.Split('\r'));
        var starts = new int[old.Length + 1];
        starts[0] = whole.Start;
        for (var i = 0; i < old.Length; i++)
            starts[i + 1] = starts[i] + old[i].Length + 1;

        var pieces = new List<Replacement>();
        foreach (var change in old.Length == wanted.Length ? Pairs(old, wanted) : Changes(old, wanted))
        {
            var both = Math.Min(change.OldCount, change.NewCount);
            for (var i = 0; i < both - 1; i++)
                pieces.Add(new Replacement(starts[change.OldStart + i], old[change.OldStart + i], wanted[change.NewStart + i]));
            var from = Math.Max(both - 1, 0);
            pieces.Add(Rest(old, wanted, starts, change with
            {
                OldStart = change.OldStart + from,
                OldCount = change.OldCount - from,
                NewStart = change.NewStart + from,
                NewCount = change.NewCount - from,
            }));
        }

        return pieces;
    }

    private static IEnumerable<LineChange> Pairs(string[] old, string[] wanted) =>
        Enumerable.Range(0, old.Length).Where(i => old[i] != wanted[i]).Select(i => new LineChange(i, 1, i, 1));

    private static IReadOnlyList<LineChange> Changes(string[] old, string[] wanted)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int Number(string piece) => numbers.TryGetValue(piece, out var known) ? known : numbers[piece] = numbers.Count;
        return LineDiff.Changes([.. old.Select(Number)], [.. wanted.Select(Number)]);
    }

    private static Replacement Rest(string[] old, string[] wanted, int[] starts, LineChange change)
    {
        var (oldText, newText) = (Joined(old, change.OldStart, change.OldCount), Joined(wanted, change.NewStart, change.NewCount));
        if (change is { OldCount: > 0, NewCount: > 0 })
            return new Replacement(starts[change.OldStart], oldText, newText);

        // Pieces that come or go take the \r after them along, at the end the one before them.
        var atEnd = change.OldEnd == old.Length;
        var start = atEnd ? starts[change.OldStart] - 1 : starts[change.OldStart];
        string WithCr(string text) => atEnd ? '\r' + text : text + '\r';
        return change.OldCount == 0 ? new Replacement(start, "", WithCr(newText)) : new Replacement(start, WithCr(oldText), "");
    }

    private static string Joined(string[] pieces, int first, int count) => string.Join('\r', pieces, first, count);
}
