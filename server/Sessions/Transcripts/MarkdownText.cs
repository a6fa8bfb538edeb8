using System.Text;
using System.Text.RegularExpressions;
using PiLsp.Edits;

namespace PiLsp.Sessions.Transcripts;

/// <summary>
/// Text of others inside a Markdown document of ours: it is read as it is meant, but opens nothing that it does not
/// close and makes no heading that could be taken for ours (CommonMark 0.31). Pure.
/// </summary>
internal static partial class MarkdownText
{
    /// <summary>Headings of the text go below those of the document.</summary>
    private const string Demotion = "###";

    /// <summary>
    /// A whole Markdown text. Its code fences, wherever they stand, are written anew at the left margin, where nothing
    /// can be in their way; what would be open at its end is closed.
    /// </summary>
    public static void AppendContained(StringBuilder to, string text)
    {
        string? fence = null;
        var indent = 0;
        var afterText = false;
        foreach (var line in Lines(text))
        {
            if (fence is not null)
            {
                if (Closes(line, fence))
                {
                    to.Append(fence).Append('\n');
                    fence = null;
                }
                else
                    to.Append(Dedent(line, indent)).Append('\n');
                afterText = false;
                continue;
            }

            var opening = FenceLine().Match(line);
            if (opening.Success && opening.Groups["before"].Value.AsSpan().IsWhiteSpace())
            {
                fence = opening.Groups["fence"].Value;
                indent = opening.Groups["before"].Length;
                // An empty line ends whatever would take the fence for a part of itself.
                if (afterText)
                    to.Append('\n');
                to.Append(fence).Append(opening.Groups["info"].Value.TrimEnd()).Append('\n');
                continue;
            }

            to.Append(opening.Success ? $"{opening.Groups["before"].Value}\\{line[opening.Groups["before"].Length..]}" : Harmless(line, afterText))
                .Append('\n');
            afterText = !string.IsNullOrWhiteSpace(line);
        }

        if (fence is not null)
            to.Append(fence).Append('\n');
    }

    /// <summary>Each line behind a quotation mark: whatever it opens ends with the quotation.</summary>
    public static void AppendQuoted(StringBuilder to, string text)
    {
        foreach (var line in Lines(text))
            to.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
    }

    /// <summary>As it is, in a fence longer than any inside.</summary>
    public static void AppendFenced(StringBuilder to, string text, string info = "")
    {
        to.Append(Fenced.Around(string.Join('\n', Lines(text)) + "\n", info)).Append('\n');
    }

    /// <summary>One line as a code span.</summary>
    public static string Span(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length == 0)
            return "";
        var ticks = Fenced.Ticks(line);
        var pad = line[0] == '`' || line[^1] == '`' ? " " : "";
        return $"{ticks}{pad}{line}{pad}{ticks}";
    }

    private static string[] Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimEnd('\n').Split('\n');

    private static string Harmless(string line, bool afterText)
    {
        if (Heading().IsMatch(line))
            return Demotion + line.TrimStart();
        if (HtmlWithoutEnd().IsMatch(line) || (afterText && Underline().IsMatch(line)))
            return "\\" + line.TrimStart();
        return line;
    }

    private static bool Closes(string line, string fence)
    {
        var mark = line.AsSpan().Trim();
        return mark.Length >= fence.Length && mark.TrimStart(fence[0]).IsEmpty;
    }

    private static string Dedent(string line, int indent)
    {
        var blanks = 0;
        while (blanks < indent && blanks < line.Length && line[blanks] is ' ' or '\t')
            blanks++;
        return line[blanks..];
    }

    /// <summary>A fence at the start of a line, of a list item or of a quotation. The info of one of backticks has none.</summary>
    [GeneratedRegex(@"^(?<before>(?:\s|>|[-+*](?=\s)|\d{1,9}[.)](?=\s))*)(?:(?<fence>`{3,})(?<info>[^`]*)|(?<fence>~{3,})(?<info>.*))$")]
    private static partial Regex FenceLine();

    [GeneratedRegex(@"^ {0,3}#{1,6}(?:\s|$)")]
    private static partial Regex Heading();

    /// <summary>CommonMark's HTML blocks that go on over empty lines.</summary>
    [GeneratedRegex(@"^ {0,3}<(?:!|\?|(?:script|pre|style|textarea)(?:[\s>]|$))", RegexOptions.IgnoreCase)]
    private static partial Regex HtmlWithoutEnd();

    [GeneratedRegex(@"^ {0,3}(?:=+|-+)\s*$")]
    private static partial Regex Underline();
}
