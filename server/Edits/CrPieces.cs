using System.Text.RegularExpressions;

namespace PiLsp.Edits;

/// <summary>A part of one text and what is to stand there instead.</summary>
internal readonly record struct Replacement(int Start, string Old, string New);

/// <summary>
/// A change as changes of what stands between its \r, so that those that stay are in none of them. Only where there are to be
/// more of them than there were does one go into an edit. Pure.
/// </summary>
internal static partial class CrPieces
{
    /// <summary>
    /// First between those that stand alone: a line that comes with a \r\n must not push one of them into an edit. A \r\n is not
    /// taken apart: in some editors there is no place within it.
    /// </summary>
    public static IReadOnlyList<Replacement> Of(Replacement whole) => [.. Between(LoneCr(), "\r", whole).SelectMany(part => Between(CrLf(), "\r\n", part))];

    private static List<Replacement> Between(Regex ends, string end, Replacement whole)
    {
        var (old, wanted) = (ends.Split(whole.Old), ends.Split(whole.New));
        var starts = new int[old.Length + 1];
        starts[0] = whole.Start;
        for (var i = 0; i < old.Length; i++)
            starts[i + 1] = starts[i] + old[i].Length + end.Length;

        var pieces = new List<Replacement>();
        foreach (var change in old.Length == wanted.Length ? Pairs(old, wanted) : Changes(old, wanted))
        {
            var both = Math.Min(change.OldCount, change.NewCount);
            for (var i = 0; i < both - 1; i++)
                pieces.Add(new Replacement(starts[change.OldStart + i], old[change.OldStart + i], wanted[change.NewStart + i]));
            var from = Math.Max(both - 1, 0);
            pieces.Add(Rest(old, wanted, starts, end, change with
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

    private static Replacement Rest(string[] old, string[] wanted, int[] starts, string end, LineChange change)
    {
        var (oldText, newText) = (string.Join(end, old, change.OldStart, change.OldCount), string.Join(end, wanted, change.NewStart, change.NewCount));
        if (change is { OldCount: > 0, NewCount: > 0 })
            return new Replacement(starts[change.OldStart], oldText, newText);

        // Pieces that come or go take the line end after them along, at the end the one before them.
        var atEnd = change.OldEnd == old.Length;
        var start = atEnd ? starts[change.OldStart] - end.Length : starts[change.OldStart];
        string WithEnd(string text) => atEnd ? end + text : text + end;
        return change.OldCount == 0 ? new Replacement(start, "", WithEnd(newText)) : new Replacement(start, WithEnd(oldText), "");
    }

    [GeneratedRegex("\r(?!\n)")]
    private static partial Regex LoneCr();

    [GeneratedRegex("\r\n")]
    private static partial Regex CrLf();
}
