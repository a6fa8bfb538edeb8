using System.Globalization;

namespace PiLsp.Agents;

/// <summary>Cuts texts that are too long. What a reader sees as one character, an emoji of several parts, is never halved. Pure.</summary>
internal static class ShortText
{
    /// <summary>The text, or its beginning with <c>…</c> behind it.</summary>
    public static string Of(string text, int most) => text.Length <= most ? text : Start(text, most).TrimEnd() + "…";

    /// <summary>The beginning, of at most so many units; at least one character of a text that has one.</summary>
    public static string Start(string text, int most)
    {
        if (text.Length <= most)
            return text;
        if (most <= 0)
            return "";
        var at = CharacterAt(text, most).Start;
        // A single one that is longer than all there is room for: then only a pair stays together.
        return text[..(at > 0 ? at : most > 1 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>The end, of at most so many units.</summary>
    public static string End(string text, int most)
    {
        if (text.Length <= most)
            return text;
        if (most <= 0)
            return "";
        var at = text.Length - most;
        var (start, end) = CharacterAt(text, at);
        if (start == at)
            return text[at..];
        return text[(end < text.Length ? end : char.IsLowSurrogate(text[at]) ? at + 1 : at)..];
    }

    /// <summary>The first line that says something, cut where it is long.</summary>
    public static string FirstLine(string text, int most)
    {
        var line = text.AsSpan().TrimStart();
        var end = line.IndexOfAny('\r', '\n');
        return Of((end < 0 ? line : line[..end]).ToString(), most);
    }

    /// <summary>Where the character begins and ends that has the unit at this place.</summary>
    private static (int Start, int End) CharacterAt(string text, int at)
    {
        // Of plain letters each is a character by itself; from one of them on it is counted.
        var plain = text.AsSpan(0, at).LastIndexOfAnyInRange(' ', '~');
        for (var start = Math.Max(0, plain); ;)
        {
            var end = start + StringInfo.GetNextTextElementLength(text.AsSpan(start));
            if (end > at)
                return (start, end);
            start = end;
        }
    }
}
