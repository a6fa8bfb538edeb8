using System.Text;
using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>
/// Keeps a model's habits with line ends and byte order marks out of the user's files. Pure, any thread.
/// </summary>
internal static class LineEndings
{
    private const char Bom = '\uFEFF';

    /// <summary>
    /// The proposed text with the line ends that the base has: a line that stays keeps its own, so mixed files stay
    /// mixed; a line that takes another's place takes its line end; an added one goes with the line before it. Whether
    /// the last line ends is the proposal's to say, whether there is a byte order mark is the base's. A lone \r is copied only
    /// where it stood, or where there is no other line end: editors do not take one by an edit.
    /// </summary>
    public static string Adopt(string baseText, string proposed)
    {
        // Without a \r on either side there is but one line end to have.
        if (baseText.Length == 0 || (baseText[0] != Bom && !proposed.StartsWith(Bom) && !baseText.Contains('\r') && !proposed.Contains('\r')))
            return proposed;

        var marked = baseText[0] == Bom;
        var oldLines = new LineTable(marked ? baseText[1..] : baseText, LineCounting.Lsp);
        var newLines = new LineTable(marked && proposed.StartsWith(Bom) ? proposed[1..] : marked ? proposed : proposed.TrimStart(Bom), LineCounting.Lsp);

        var ends = EndsFor(oldLines, newLines);
        var adopted = new StringBuilder(newLines.Text.Length + 16);
        if (marked)
            adopted.Append(Bom);

        var before = "";
        for (var line = 0; line < newLines.Count; line++)
        {
            var end = newLines.EndOf(line).IsEmpty ? "" : ends[line] ?? newLines.EndOf(line).ToString();

            // An empty line that ends with \n right after a \r would make one line end of two.
            if (before == "\r" && end == "\n" && newLines.Content(line).IsEmpty)
                end = "\r";
            adopted.Append(newLines.Content(line)).Append(end);
            before = end;
        }

        return adopted.ToString();
    }

    /// <summary>For each new line the end it should have; all null where the base has no line end to go by.</summary>
    private static string?[] EndsFor(LineTable oldLines, LineTable newLines)
    {
        var ends = new string?[newLines.Count];
        var changes = LineDiff.Changes(oldLines, newLines, LineIdentity.ContentOnly);

        var (oldAt, newAt) = (0, 0);
        foreach (var change in changes)
        {
            while (newAt < change.NewStart)
                ends[newAt++] = EndOf(oldLines, oldAt++);
            for (var i = 0; i < change.NewCount; i++)
                ends[newAt++] = i < change.OldCount ? EndOf(oldLines, oldAt + i) : null;
            oldAt = change.OldEnd;
        }

        while (newAt < newLines.Count)
            ends[newAt++] = EndOf(oldLines, oldAt++);

        var last = FirstToCopy(oldLines);
        for (var i = 0; i < ends.Length; i++)
        {
            if (ends[i] is null)
                ends[i] = last;
            else if (ends[i] != "\r" || last is "\r")
                last = ends[i];
        }

        return ends;
    }

    /// <summary>The first line end that an added line may have; a lone \r only where there is none but that.</summary>
    private static string? FirstToCopy(LineTable lines)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            if (EndOf(lines, line) is { } end and not "\r")
                return end;
        }

        return EndOf(lines, 0);
    }

    private static string? EndOf(LineTable lines, int line) =>
        line < lines.Count && lines.EndOf(line) is { IsEmpty: false } end ? end.ToString() : null;
}
