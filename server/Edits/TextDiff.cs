using System.Globalization;

namespace PiLsp.Edits;

/// <summary>
/// A change of a text as hunks of whole lines, and back. Hunks that belong to one base are what is shown, decided,
/// moved and checked; nothing else describes a change. Pure, any thread.
/// </summary>
internal static partial class TextDiff
{
    /// <summary>
    /// Ordered and disjoint; applying all of them gives exactly <paramref name="newText"/>. Changes with an unchanged
    /// line between them are hunks of their own.
    /// </summary>
    public static IReadOnlyList<Hunk> Compare(string baseText, string newText)
    {
        if (string.Equals(baseText, newText, StringComparison.Ordinal))
            return [];

        var (oldLines, newLines) = (new LineTable(baseText), new LineTable(newText));
        var changes = LineDiff.Changes(oldLines, newLines, LineIdentity.Exact);

        var hunks = new Hunk[changes.Count];
        for (var i = 0; i < hunks.Length; i++)
        {
            var change = changes[i];
            var oldText = oldLines.Lines(change.OldStart, change.OldCount).ToString();
            hunks[i] = new Hunk(
                string.Create(CultureInfo.InvariantCulture, $"h{i + 1}"),
                oldLines.Start(change.OldStart),
                oldText.Length,
                oldText,
                newLines.Lines(change.NewStart, change.NewCount).ToString(),
                change.OldStart,
                change.OldCount);
        }

        return hunks;
    }

    /// <summary>
    /// The base with these hunks applied, all of them or some. A hunk whose old text is not there, or that overlaps
    /// another, is a bug of the caller and throws: a text put together wrongly must not come into being.
    /// </summary>
    public static string Apply(string baseText, IEnumerable<Hunk> hunks)
    {
        var ordered = InOrder(baseText, hunks);
        var length = baseText.Length;
        foreach (var hunk in ordered)
            length += hunk.NewText.Length - hunk.Length;

        return string.Create(length, (baseText, ordered), static (target, state) =>
        {
            var (source, hunks) = state;
            var (from, to) = (0, 0);
            foreach (var hunk in hunks)
            {
                source.AsSpan(from, hunk.Start - from).CopyTo(target[to..]);
                to += hunk.Start - from;
                hunk.NewText.CopyTo(target[to..]);
                to += hunk.NewText.Length;
                from = hunk.End;
            }

            source.AsSpan(from).CopyTo(target[to..]);
        });
    }

    /// <summary>Whether this text is the base with these hunks applied, without putting that together.</summary>
    public static bool IsApplied(string baseText, IEnumerable<Hunk> hunks, string text)
    {
        var (from, at) = (0, 0);
        foreach (var hunk in InOrder(baseText, hunks))
        {
            var kept = hunk.Start - from;
            if (text.Length - at < kept + hunk.NewText.Length || !baseText.AsSpan(from, kept).SequenceEqual(text.AsSpan(at, kept))
                || !text.AsSpan(at + kept, hunk.NewText.Length).SequenceEqual(hunk.NewText))
                return false;
            (from, at) = (hunk.End, at + kept + hunk.NewText.Length);
        }

        return baseText.AsSpan(from).SequenceEqual(text.AsSpan(at));
    }

    /// <summary>Sorted by place, those of one place as they came, and proven to fit the base.</summary>
    private static Hunk[] InOrder(string baseText, IEnumerable<Hunk> hunks)
    {
        Hunk[] ordered = [.. hunks.OrderBy(hunk => hunk.Start).ThenBy(hunk => hunk.End)];
        var at = 0;
        foreach (var hunk in ordered)
        {
            if (hunk.Start < at)
                throw new ArgumentException($"Hunk {hunk.Id} overlaps the one before it.", nameof(hunks));
            if (hunk.End > baseText.Length || !baseText.AsSpan(hunk.Start, hunk.Length).SequenceEqual(hunk.OldText))
                throw new ArgumentException($"Hunk {hunk.Id} was made against another text.", nameof(hunks));
            at = hunk.End;
        }

        return ordered;
    }
}
