namespace PiLsp.Workspace;

/// <param name="Start">Where the comment begins, its indentation not counted.</param>
/// <param name="End">After its last character, the line end not counted.</param>
/// <param name="Words">What it says, without what makes it a comment.</param>
internal sealed record Comment(int Start, int End, string Words);

/// <summary>Finds the comment that the cursor is on, without parsing the language. Pure.</summary>
internal static class Comments
{
    /// <summary>Characters; a longer text would make the user wait for a menu.</summary>
    private const int MaxText = 2 * 1024 * 1024;

    /// <returns>Null where there is none that says anything. Line comments on lines of their own, one below the other, are one.</returns>
    public static Comment? At(string text, int offset, CommentSyntax syntax)
    {
        if (text.Length > MaxText)
            return null;
        var run = new List<Found>();
        foreach (var found in Scan(text, syntax))
        {
            if (run.Count > 0 && !Continues(text, run[^1], found))
            {
                if (Holds(text, run, offset))
                    break;
                run.Clear();
            }

            if (run.Count == 0 && StartOfLine(text, found) > offset)
                return null;
            run.Add(found);
        }

        if (!Holds(text, run, offset))
            return null;
        var words = run is [{ Close: { } }] ? BlockWords(text, run[0]) : string.Join('\n', run.Select(f => LineWords(text, f))).Trim();
        return words.Any(char.IsLetterOrDigit) ? new Comment(run[0].Start, run[^1].End, words) : null;
    }

    private static IEnumerable<Found> Scan(string text, CommentSyntax syntax)
    {
        var at = text.StartsWith("#!", StringComparison.Ordinal) ? EndOfLine(text, 0) : 0;
        var lineIsEmpty = true;
        while (at < text.Length)
        {
            var c = text[at];
            if (c is '\n' or '\r')
            {
                lineIsEmpty = true;
                at++;
            }
            else if (char.IsWhiteSpace(c))
                at++;
            else if (Begins(text, at, syntax, lineIsEmpty) is { } found)
            {
                yield return found;
                at = found.End;
                lineIsEmpty = false;
            }
            else
            {
                lineIsEmpty = false;
                at = AfterString(text, at, syntax) ?? at + 1;
            }
        }
    }

    private static Found? Begins(string text, int at, CommentSyntax syntax, bool lineIsEmpty)
    {
        if (syntax.OnlyWholeLines && !lineIsEmpty)
            return null;
        foreach (var (open, close) in syntax.Blocks)
        {
            if (string.CompareOrdinal(text, at, open, 0, open.Length) != 0)
                continue;
            var end = text.IndexOf(close, at + open.Length, StringComparison.Ordinal);
            return new Found(at, end < 0 ? text.Length : end + close.Length, open, end < 0 ? "" : close, lineIsEmpty);
        }

        foreach (var token in syntax.Line)
        {
            // In the middle of a line these have other meanings too: $#, a::b, https://…
            var stands = lineIsEmpty || char.IsWhiteSpace(text[at - 1]) || (token == "//" && text[at - 1] != ':');
            if (stands && string.CompareOrdinal(text, at, token, 0, token.Length) == 0)
                return new Found(at, EndOfLine(text, at), token, null, lineIsEmpty);
        }

        return null;
    }

    /// <summary>Where the string that begins here ends; null when none does. A quote without its fellow on the line is no string.</summary>
    private static int? AfterString(string text, int at, CommentSyntax syntax)
    {
        foreach (var quote in syntax.LongQuotes ?? [])
        {
            if (string.CompareOrdinal(text, at, quote, 0, quote.Length) != 0)
                continue;
            var end = text.IndexOf(quote, at + quote.Length, StringComparison.Ordinal);
            return end < 0 ? null : end + quote.Length;
        }

        var mark = text[at];
        if (!syntax.Quotes.Contains(mark, StringComparison.Ordinal))
            return null;
        for (var i = at + 1; i < text.Length && text[i] is not ('\n' or '\r'); i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == mark)
                return i + 1;
        }

        return null;
    }

    private static bool Continues(string text, Found before, Found found) =>
        before is { Close: null, OwnLine: true } && found is { Close: null, OwnLine: true } && before.Open == found.Open
        && text.AsSpan(before.End, found.Start - before.End) is var between && between.IsWhiteSpace()
        && between.Count('\n') + between.Count('\r') - between.Count("\r\n") == 1;

    /// <summary>In the indentation before a comment the cursor is on it too, as nothing else is there.</summary>
    private static bool Holds(string text, List<Found> run, int offset) =>
        run.Count > 0 && offset >= StartOfLine(text, run[0]) && offset <= run[^1].End;

    private static int StartOfLine(string text, Found found) =>
        !found.OwnLine || found.Start == 0 ? found.Start : text.AsSpan(0, found.Start).LastIndexOfAny('\n', '\r') + 1;

    private static int EndOfLine(string text, int at) => text.AsSpan(at).IndexOfAny('\n', '\r') is var length && length < 0 ? text.Length : at + length;

    /// <summary>Without the token, however often its character is repeated (///, ##, //!), and one blank.</summary>
    private static string LineWords(string text, Found found)
    {
        var line = text.AsSpan(found.Start + found.Open.Length, found.End - found.Start - found.Open.Length);
        line = line.TrimStart(found.Open[^1] == ' ' ? ' ' : found.Open[0]);
        if (found.Open == "//" && line.StartsWith("!"))
            line = line[1..];
        return (line.StartsWith(" ") ? line[1..] : line).TrimEnd().ToString();
    }

    /// <summary>Without what opens and closes it and the stars that stand before each line.</summary>
    private static string BlockWords(string text, Found found)
    {
        var inside = text[(found.Start + found.Open.Length)..(found.End - found.Close!.Length)];
        var lines = inside.Split('\n').Select(line =>
        {
            var trimmed = line.Trim();
            return found.Open == "/*" || found.Open == "(*" ? trimmed.TrimStart('*').TrimStart(' ') : trimmed;
        });
        return string.Join('\n', lines).Trim();
    }

    /// <param name="Close">Null for a line comment; empty for one that is never closed.</param>
    /// <param name="OwnLine">Nothing but blanks before it on its line.</param>
    private sealed record Found(int Start, int End, string Open, string? Close, bool OwnLine);
}
