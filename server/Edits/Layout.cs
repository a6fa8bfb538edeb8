namespace PiLsp.Edits;

/// <summary>What formatters leave alone: two texts that say the same and are laid out otherwise. Pure.</summary>
internal static class Layout
{
    /// <summary>Only white space differs, and the comma that a formatter puts behind the last of several lines.</summary>
    public static bool IsSame(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => Bare(one) == Bare(other);

    /// <summary>More than a brace or two.</summary>
    public static bool SaysSomething(ReadOnlySpan<char> text) => Bare(text).Length > 3;

    /// <summary>The text says somewhere what the other one says; of one that says nothing that is not to be seen.</summary>
    public static bool Contains(ReadOnlySpan<char> text, ReadOnlySpan<char> other)
    {
        var bare = Bare(other);
        return bare.Length > 0 && Bare(text).Contains(bare, StringComparison.Ordinal);
    }

    /// <summary>The same words and numbers in the same order: quotes, semicolons and brackets may be others.</summary>
    public static bool HasSameWords(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var words = Words(one);
        return words.Length > 0 && words == Words(other);
    }

    /// <summary>
    /// The present text with the layout that <paramref name="earlier"/> had in the lines of these hunks, where nothing but
    /// layout has changed there.
    /// </summary>
    public static string PutBack(string earlier, string present, IReadOnlyList<Hunk> hunks)
    {
        var (oldLines, newLines) = (new LineTable(earlier), new LineTable(present));
        var relaid = new List<Hunk>();
        foreach (var change in LineDiff.Changes(oldLines, newLines, LineIdentity.Exact))
        {
            var was = oldLines.Lines(change.OldStart, change.OldCount);
            var now = newLines.Lines(change.NewStart, change.NewCount);
            if (hunks.Any(h => LineMap.Touches(change, new LineSpan(h.StartLine, h.LineCount))) && IsSame(was, now))
                relaid.Add(new Hunk("", newLines.Start(change.NewStart), now.Length, now.ToString(), was.ToString(), change.NewStart, change.NewCount));
        }

        return relaid.Count == 0 ? present : TextDiff.Apply(present, relaid);
    }

    /// <summary>What the text says, without any layout.</summary>
    public static string Bare(ReadOnlySpan<char> text)
    {
        var bare = new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
                continue;
            if (c is ')' or ']' or '}' && length > 0 && bare[length - 1] == ',')
                length--;
            bare[length++] = c;
        }

        return new string(bare, 0, length);
    }

    /// <summary>With one blank between them.</summary>
    private static string Words(ReadOnlySpan<char> text)
    {
        var words = new char[text.Length + 1];
        var length = 0;
        var inside = false;
        foreach (var c in text)
        {
            var isWord = char.IsLetterOrDigit(c) || c == '_';
            if (isWord && !inside && length > 0)
                words[length++] = ' ';
            if (isWord)
                words[length++] = c;
            inside = isWord;
        }

        return new string(words, 0, length);
    }
}
