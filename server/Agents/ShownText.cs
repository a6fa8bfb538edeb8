using System.Globalization;
using System.Text;

namespace PiLsp.Agents;

/// <summary>
/// What people are shown of a text that is not ours (a command line, a file's name, what an extension says): nothing in
/// it can hide, move or look like something else. What would not be seen stands as <c>\u{…}</c>. Pure.
/// </summary>
internal static class ShownText
{
    /// <summary>As much as a question shows at once: editors cut what is longer, and nobody scrolls in a message.</summary>
    private const int MostCharacters = 900;
    private const int MostLines = 20;

    /// <summary>Blanks in a row that push nothing out of sight.</summary>
    private const int MostBlanks = 40;
    private const int MostEmptyLines = 3;
    private const int TabWidth = 8;

    /// <summary>Several lines, each as it is but for what would not be seen.</summary>
    public static string Visible(string text)
    {
        var plain = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return Odd(plain, "\n\t") < 0 ? plain : Escaped(plain, "\n\t");
    }

    /// <summary>For people, whatever it is about: without secrets, and nothing in it that would not be seen.</summary>
    public static string Told(string text) => Visible(Redaction.Redact(text));

    /// <summary>One line; where another one began stands <c>⏎</c>.</summary>
    public static string OnOneLine(string text)
    {
        var visible = Visible(text).Trim('\n');
        return visible.AsSpan().ContainsAny('\n', '\t') ? visible.Replace("\n", " ⏎ ", StringComparison.Ordinal).Replace('\t', ' ') : visible;
    }

    /// <summary>One line, cut at its end where it is long: for titles, never for what is decided about.</summary>
    public static string Title(string text, int most = 120)
    {
        // Of a text of megabytes only the beginning is looked at.
        var line = OnOneLine(ShortText.Start(text, 8 * most));
        return line.Length > most || text.Length > 8 * most ? ShortText.Start(line, most) + "…" : line;
    }

    /// <summary>A file's name, which may hold anything: every character that is no ordinary one is shown by its number.</summary>
    public static string Name(string path) => Odd(path, "") < 0 ? path : Escaped(path, "");

    /// <summary>All that is decided about, with long runs of blanks and of empty lines counted instead of shown.</summary>
    public static string Whole(string text) => Marked(Visible(text));

    /// <summary>For a question: the whole where it is short enough to be seen at once, else both ends and what is between them in numbers.</summary>
    public static ShownQuestion Question(string text)
    {
        var whole = Whole(text);
        var lines = whole.AsSpan().Count('\n') + 1;
        if (whole.Length <= MostCharacters && lines <= MostLines)
            return new ShownQuestion(whole, whole, IsWhole: true);
        var head = FirstLines(ShortText.Start(whole, MostCharacters / 2), MostLines / 2);
        var tail = LastLines(ShortText.End(whole, Math.Min(whole.Length - head.Length, MostCharacters / 3)), (MostLines / 2) - 1);
        var left = whole.Length - head.Length - tail.Length;
        var middle = string.Create(CultureInfo.InvariantCulture,
            $"\n… {left:N0} characters of {whole.Length:N0} ({lines:N0} {(lines == 1 ? "line" : "lines")}) are not shown here …\n");
        return new ShownQuestion(head + middle + tail, whole, IsWhole: false);
    }

    /// <summary>The whole in parts that are seen at once, for whoever can open no document.</summary>
    public static IReadOnlyList<string> Parts(string whole)
    {
        var parts = new List<string>();
        for (var at = 0; at < whole.Length;)
        {
            var part = FirstLines(ShortText.Start(whole[at..], MostCharacters), MostLines);
            parts.Add(part);
            at += part.Length;
        }

        return parts;
    }

    /// <summary>
    /// What is not seen, or is seen as something else: controls, changes of direction, widths of nothing, blanks that are no space, halves of characters.
    /// </summary>
    private static bool IsOdd(int value) => value switch
    {
        >= 0x20 and < 0x7F => false,
        < 0xA0 => true,
        0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFEFF or 0xFFA0 => true,
        (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFFB) or (>= 0xE0000 and <= 0xE0FFF) => true,
        >= 0xD800 and <= 0xDFFF => true,
        _ => CharUnicodeInfo.GetUnicodeCategory(value) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    /// <summary>Where the first odd character stands; -1: nowhere.</summary>
    private static int Odd(string text, string fine)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is >= ' ' and < '\u007F')
                continue;
            var value = Value(text, at, out var length);
            if (IsOdd(value) && !fine.Contains(text[at]))
                return at;
            at += length - 1;
        }

        return -1;
    }

    private static string Escaped(string text, string fine)
    {
        var to = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            var value = Value(text, at, out var length);
            if (IsOdd(value) && !fine.Contains(text[at]))
                to.Append(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}");
            else
                to.Append(text, at, length);
            at += length;
        }

        return to.ToString();
    }

    private static int Value(string text, int at, out int length)
    {
        var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        length = isPair ? 2 : 1;
        return isPair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
    }

    private static string Marked(string text)
    {
        var to = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            var width = 0;
            while (end < text.Length && text[end] is ' ' or '\t')
                width += text[end++] == '\t' ? TabWidth : 1;
            if (width > MostBlanks)
                to.Append(CultureInfo.InvariantCulture, $"⟨{end - at:N0} blanks⟩");
            else if (end > at)
                to.Append(text, at, end - at);
            else if (EmptyLines(text, at) is var (lines, next) && lines > MostEmptyLines)
            {
                to.Append(CultureInfo.InvariantCulture, $"\n⟨{lines:N0} empty lines⟩\n");
                end = next;
            }
            else
                to.Append(text[end++]);
            at = end;
        }

        return to.ToString();
    }

    /// <summary>How many lines of blanks alone follow the line end at a place, and where the next line with something in it begins.</summary>
    private static (int Lines, int Next) EmptyLines(string text, int at)
    {
        if (text[at] != '\n')
            return (0, at);
        var (lines, next) = (0, at + 1);
        for (var end = next; end < text.Length && text[end] is ' ' or '\t' or '\n'; end++)
        {
            if (text[end] != '\n')
                continue;
            lines++;
            next = end + 1;
        }

        return (lines, next);
    }

    private static string FirstLines(string text, int most)
    {
        var at = -1;
        for (var line = 0; line < most; line++)
        {
            at = text.IndexOf('\n', at + 1);
            if (at < 0)
                return text;
        }

        return text[..(at + 1)];
    }

    private static string LastLines(string text, int most)
    {
        var at = text.Length;
        for (var line = 0; line < most; line++)
        {
            at = at == 0 ? -1 : text.LastIndexOf('\n', at - 1);
            if (at < 0)
                return text;
        }

        return text[(at + 1)..];
    }
}

/// <param name="Brief">What fits into a question: the whole, or both its ends.</param>
/// <param name="IsWhole">False: nobody has seen all of it by reading <paramref name="Brief"/>, so it cannot be allowed on its strength.</param>
internal sealed record ShownQuestion(string Brief, string Whole, bool IsWhole);
