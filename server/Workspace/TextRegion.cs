namespace PiLsp.Workspace;

/// <summary>What a cursor without a selection points at. Pure; knows indentation, not languages.</summary>
internal static class TextRegion
{
    /// <summary>
    /// The line, and where it begins a block (the lines below are indented deeper), the block with the line that closes
    /// it. Lines are zero-based and both belong to it.
    /// </summary>
    public static (int First, int Last) At(TextDocument document, int line)
    {
        line = Math.Clamp(line, 0, document.LineCount - 1);
        if (Indent(document, line) is not { } own)
            return (line, line);
        var last = line;
        for (var next = line + 1; next < document.LineCount; next++)
        {
            if (Indent(document, next) is not { } indent)
                continue;
            if (indent <= own)
            {
                var text = TextOf(document, next).Trim();
                if (indent < own || !(last == line ? Opens(text) : Closes(text)))
                    break;
                var closes = last > line;
                last = next;
                if (closes)
                    break;
                continue;
            }

            last = next;
        }

        return (line, last);
    }

    public static string TextOf(TextDocument document, int line)
    {
        var end = line + 1 < document.LineCount ? document.Lines[line + 1] : document.Text.Length;
        return document.Text[document.Lines[line]..end].TrimEnd('\r', '\n');
    }

    /// <summary>A brace on a line of its own, below what it belongs to.</summary>
    private static bool Opens(string line) => line is "{" or "begin" or "(" or "[";

    private static bool Closes(string line) => line is ['}' or ')' or ']', ..] or "end" or "end;" or "end." or "fi" or "done" or "esac";

    /// <summary>Null for an empty line; a tab counts as one, since only lines of one block are compared.</summary>
    private static int? Indent(TextDocument document, int line)
    {
        var text = TextOf(document, line);
        var blanks = text.Length - text.TrimStart().Length;
        return blanks == text.Length ? null : blanks;
    }
}
