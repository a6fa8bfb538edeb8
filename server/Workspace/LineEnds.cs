namespace PiLsp.Workspace;

/// <summary>Which line ends a text has.</summary>
[Flags]
internal enum LineEndKinds
{
    None = 0,
    Lf = 1,
    CrLf = 2,
    Cr = 4,
}

/// <summary>A text's line ends, looked at as a whole. Pure, any thread.</summary>
internal static class LineEnds
{
    public static LineEndKinds KindsIn(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\r'))
            return text.Contains('\n') ? LineEndKinds.Lf : LineEndKinds.None;
        var (lf, cr, both) = (text.Count('\n'), text.Count('\r'), text.Count("\r\n"));
        var kinds = both > 0 ? LineEndKinds.CrLf : LineEndKinds.None;
        if (lf > both)
            kinds |= LineEndKinds.Lf;
        if (cr > both)
            kinds |= LineEndKinds.Cr;
        return kinds;
    }

    /// <summary>A \r in it may be a character of its line: it stands alone, or before some of the line feeds only.</summary>
    public static bool AreOdd(LineEndKinds kinds) => kinds is not (LineEndKinds.None or LineEndKinds.Lf or LineEndKinds.CrLf);

    /// <summary>A file's text as the editor will have it once it is open.</summary>
    public static string AsOpened(string text, OpeningHabit habit)
    {
        var kinds = KindsIn(text);
        return habit switch
        {
            OpeningHabit.OneKind when AreOdd(kinds) => All(text, MostAreCr(text) ? "\r\n" : "\n"),
            OpeningHabit.CrLfAsLf when kinds is LineEndKinds.CrLf or LineEndKinds.Cr => All(text, "\n"),
            _ => text,
        };
    }

    /// <summary>A text from the disk with the line ends that the buffer shows, where it shows one kind only.</summary>
    public static string Like(string buffer, string disk) => KindsIn(buffer) switch
    {
        LineEndKinds.Lf when disk.Contains('\r') => All(disk, "\n"),
        LineEndKinds.CrLf when KindsIn(disk) != LineEndKinds.CrLf => All(disk, "\r\n"),
        _ => disk,
    };

    /// <summary>Line by line the same: a byte order mark, the kinds of line ends and a last one do not count, since editors leave them out.</summary>
    public static bool SameContent(string one, string other)
    {
        if (string.Equals(one, other, StringComparison.Ordinal))
            return true;
        var left = Content(one);
        var right = Content(other);
        while (true)
        {
            var (leftEnd, rightEnd) = (left.IndexOfAny('\r', '\n'), right.IndexOfAny('\r', '\n'));
            if (leftEnd < 0 || rightEnd < 0)
                return leftEnd == rightEnd && left.SequenceEqual(right);
            if (!left[..leftEnd].SequenceEqual(right[..rightEnd]))
                return false;
            left = Behind(left, leftEnd);
            right = Behind(right, rightEnd);
        }
    }

    private static ReadOnlySpan<char> Content(string text)
    {
        var content = text.AsSpan(text.StartsWith('\uFEFF') ? 1 : 0);
        return content.EndsWith("\r\n") ? content[..^2] : content is [.., '\r' or '\n'] ? content[..^1] : content;
    }

    private static ReadOnlySpan<char> Behind(ReadOnlySpan<char> text, int end) => text[(end + (text[end..].StartsWith("\r\n") ? 2 : 1))..];

    private static bool MostAreCr(string text)
    {
        var (lf, cr, both) = (text.AsSpan().Count('\n'), text.AsSpan().Count('\r'), text.AsSpan().Count("\r\n"));
        return 2 * cr > lf + cr - both;
    }

    private static string All(string text, string end)
    {
        var plain = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return end == "\n" ? plain : plain.Replace("\n", end, StringComparison.Ordinal);
    }
}
