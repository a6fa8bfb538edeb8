using System.Text;

namespace PiLsp.Workspace;

/// <summary>Whether a saved buffer is older than its file, by what both say and never by their bytes. Pure, any thread.</summary>
internal static class DiskAge
{
    /// <param name="disk">The file read as UTF-8.</param>
    public static bool IsNewer(string disk, TextDocument buffer) =>
        !LineEnds.SameContent(disk, buffer.Text) && !(buffer.IsReadOtherwise && IsOtherDecoding(disk, buffer.Text));

    /// <summary>
    /// The editor has read the same bytes in another encoding: of a single byte for each character, so that a run of letters
    /// beyond ASCII is as many characters as the file has bytes there; or by escape sequences, which no buffer shows.
    /// </summary>
    public static bool IsOtherDecoding(string disk, string buffer)
    {
        if (disk.Contains('\u001b') && !buffer.Contains('\u001b'))
            return true;
        if (Ascii.IsValid(disk))
            return false;
        var (d, b) = (0, 0);
        while (true)
        {
            var (bytes, characters) = (0, 0);
            for (; d < disk.Length && !char.IsAscii(disk[d]); d++)
                bytes += disk[d] < 0x800 ? 2 : char.IsLowSurrogate(disk[d]) ? 1 : 3;
            for (; b < buffer.Length && !char.IsAscii(buffer[b]); b++)
                characters++;
            if (bytes != characters)
                return false;
            var (diskEnd, bufferEnd) = (NextBeyondAscii(disk, d), NextBeyondAscii(buffer, b));
            var last = diskEnd == disk.Length && bufferEnd == buffer.Length;
            var (left, right) = (disk[d..diskEnd], buffer[b..bufferEnd]);
            // Only at the very end is a last line end without meaning.
            if (last ? !LineEnds.SameContent(left, right) : left.ReplaceLineEndings("\n") != right.ReplaceLineEndings("\n"))
                return false;
            if (last)
                return true;
            (d, b) = (diskEnd, bufferEnd);
        }
    }

    /// <summary>A text that an editor makes of bytes which are no UTF-8, in the ways that most of them have.</summary>
    public static bool IsDecodedFrom(byte[] bytes, string text) =>
        new[] { Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF8 }.Any(e => LineEnds.SameContent(e.GetString(bytes), text));

    private static int NextBeyondAscii(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAnyExceptInRange('\0', '\u007f');
        return next < 0 ? text.Length : from + next;
    }
}
