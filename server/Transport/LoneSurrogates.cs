using System.Globalization;

namespace PiLsp.Transport;

/// <summary>
/// Half of a surrogate pair, which JavaScript leaves in strings and escapes in JSON, is no Unicode: our JSON reader
/// and writer refuse it. U+FFFD takes its place, as it does in every file, and counts as many UTF-16 units, so that
/// positions stay right. Pure.
/// </summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Makes JSON text readable in place.</summary>
    public static void ReplaceIn(Span<byte> json)
    {
        while (json.IndexOf((byte)'\\') is var at and >= 0)
        {
            json = json[at..];
            var unit = UnitAt(json);
            if (unit is { } high && char.IsHighSurrogate(high) && UnitAt(json[EscapeLength..]) is { } low && char.IsLowSurrogate(low))
                json = json[(2 * EscapeLength)..];
            else if (unit is { } other)
            {
                if (char.IsSurrogate(other))
                    "fffd"u8.CopyTo(json[2..]);
                json = json[EscapeLength..];
            }
            else
                json = json[Math.Min(2, json.Length)..];
        }
    }

    /// <summary>The text as a file would have it.</summary>
    public static string ReplacedIn(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0)
            return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                if (i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]))
                {
                    (target[i], target[i + 1]) = (source[i], source[i + 1]);
                    i++;
                }
                else
                    target[i] = char.IsSurrogate(source[i]) ? '\ufffd' : source[i];
            }
        });
    }

    /// <summary>The UTF-16 unit that an escape at the beginning stands for; null when there is none.</summary>
    private static char? UnitAt(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength && json[0] == '\\' && json[1] == 'u'
        && ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
}
