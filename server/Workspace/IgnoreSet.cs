namespace PiLsp.Workspace;

/// <summary>The characters between brackets of a pattern: <c>[a-z]</c>, <c>[!0-9]</c>, <c>[[:alpha:]_]</c>. Immutable.</summary>
internal sealed class IgnoreSet
{
    private readonly List<(char First, char Last)> _ranges = [];
    private readonly List<Func<char, bool>> _classes = [];
    private readonly bool _isNegated;

    private IgnoreSet(bool isNegated) => _isNegated = isNegated;

    public bool Has(char c)
    {
        var has = false;
        foreach (var (first, last) in _ranges)
            has |= c >= first && c <= last;
        foreach (var one in _classes)
            has |= one(c);
        return has != _isNegated;
    }

    /// <param name="at">At the opening bracket; afterwards at the closing one.</param>
    /// <returns>Null where it is not closed, or names a class that there is not.</returns>
    public static IgnoreSet? Read(ReadOnlySpan<char> text, ref int at)
    {
        var i = at + 1;
        var isNegated = i < text.Length && text[i] is '!' or '^';
        if (isNegated)
            i++;
        var set = new IgnoreSet(isNegated);
        for (var first = true; i < text.Length; first = false, i++)
        {
            if (text[i] == ']' && !first)
            {
                at = i;
                return set;
            }

            if (text[i] == '[' && i + 1 < text.Length && text[i + 1] == ':')
            {
                var end = text[(i + 2)..].IndexOf(':');
                if (end >= 0 && i + 3 + end < text.Length && text[i + 3 + end] == ']')
                {
                    if (Class(text.Slice(i + 2, end)) is not { } known)
                        return null;
                    set._classes.Add(known);
                    i += end + 3;
                    continue;
                }
            }

            if (Character(text, ref i) is not { } from)
                return null;
            var to = from;
            if (i + 2 < text.Length && text[i + 1] == '-' && text[i + 2] != ']')
            {
                i += 2;
                if (Character(text, ref i) is not { } last)
                    return null;
                to = last;
            }

            // Git has taken the first one before it sees that it begins a range, which may be one the wrong way round.
            set._ranges.AddRange([(from, from), (from, to)]);
        }

        return null;
    }

    private static char? Character(ReadOnlySpan<char> text, ref int at)
    {
        if (text[at] == '\\' && ++at >= text.Length)
            return null;
        return text[at];
    }

    private static Func<char, bool>? Class(ReadOnlySpan<char> name) => name switch
    {
        "alnum" => char.IsAsciiLetterOrDigit,
        "alpha" => char.IsAsciiLetter,
        "blank" => c => c is ' ' or '\t',
        "cntrl" => c => char.IsAscii(c) && char.IsControl(c),
        "digit" => char.IsAsciiDigit,
        "graph" => c => c is > ' ' and < '\u007f',
        "lower" => char.IsAsciiLetterLower,
        "print" => c => c is >= ' ' and < '\u007f',
        "punct" => c => c is > ' ' and < '\u007f' && !char.IsAsciiLetterOrDigit(c),
        "space" => c => c is ' ' or (>= '\t' and <= '\r'),
        "upper" => char.IsAsciiLetterUpper,
        "xdigit" => char.IsAsciiHexDigit,
        _ => null,
    };
}
