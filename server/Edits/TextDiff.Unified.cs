using System.Globalization;
using System.Text;

namespace PiLsp.Edits;

internal static partial class TextDiff
{
    /// <summary>
    /// The unified diff that people and tools read. Its lines end with \n; a \r of the text's own line ends stays
    /// visible at the end of the line, as everywhere in such diffs. Empty without hunks.
    /// </summary>
    public static string Unified(string path, string baseText, IReadOnlyList<Hunk> hunks, int context = 3)
    {
        if (hunks.Count == 0)
            return "";

        var lines = new LineTable(baseText);
        var ordered = InOrder(baseText, hunks);
        var diff = new StringBuilder().Append("--- a/").Append(path).Append("\n+++ b/").Append(path).Append('\n');
        var grown = 0;
        for (var first = 0; first < ordered.Length;)
        {
            var last = first;
            while (last + 1 < ordered.Length && ordered[last + 1].StartLine - LineAfter(ordered[last]) <= 2 * context)
                last++;

            grown += AppendGroup(diff, lines, ordered.AsSpan(first..(last + 1)), context, grown);
            first = last + 1;
        }

        return diff.ToString();
    }

    private static int LineAfter(Hunk hunk) => hunk.StartLine + hunk.LineCount;

    /// <summary>How many lines the group adds: what the new side's line numbers of later groups are ahead by.</summary>
    private static int AppendGroup(StringBuilder diff, LineTable lines, ReadOnlySpan<Hunk> group, int context, int grown)
    {
        var from = Math.Max(0, group[0].StartLine - context);
        var to = Math.Min(lines.Count, LineAfter(group[^1]) + context);
        var body = new StringBuilder();
        var grows = 0;
        var at = from;
        foreach (var hunk in group)
        {
            AppendLines(body, ' ', lines, at, hunk.StartLine);
            AppendLines(body, '-', lines, hunk.StartLine, LineAfter(hunk));
            var added = new LineTable(hunk.NewText);
            AppendLines(body, '+', added, 0, added.Count);
            grows += added.Count - hunk.LineCount;
            at = LineAfter(hunk);
        }

        AppendLines(body, ' ', lines, at, to);
        diff.Append("@@ -").Append(RangeText(from, to - from))
            .Append(" +").Append(RangeText(from + grown, to - from + grows)).Append(" @@\n").Append(body);
        return grows;
    }

    private static void AppendLines(StringBuilder body, char mark, LineTable lines, int from, int to)
    {
        for (var line = from; line < to; line++)
        {
            var text = lines.Line(line);
            body.Append(mark).Append(text is [.., '\n'] ? text[..^1] : text).Append('\n');
            if (lines.EndOf(line).IsEmpty)
                body.Append("\\ No newline at end of file\n");
        }
    }

    /// <summary>Counted from one; of no lines at all, the line before them is named.</summary>
    private static string RangeText(int first, int count) => count switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{first},0"),
        1 => string.Create(CultureInfo.InvariantCulture, $"{first + 1}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{first + 1},{count}"),
    };
}
