using System.Text;
using System.Text.Json;
using PiLsp.Lsp;

namespace PiLsp.Workspace;

/// <summary>
/// Which part of a text a client's range means. In ordinary texts there is no question. In one with odd line ends the lines are
/// counted by \n, as the editors that have such texts do, unless the length that the client gives fits the other count alone;
/// where it fits neither, the mirror is no longer the client's text. Pure.
/// </summary>
internal static class ChangedPart
{
    /// <param name="endsAreWalked">
    /// The end of a range is not a place in the text but its start moved on over the replaced text, whose every \r counts as a
    /// line end: so Helix.
    /// </param>
    public static (TextDocument Document, int Start, int End) In(
        TextDocument document, Lsp.Range range, JsonElement? rangeLength, PositionEncoding encoding, bool endsAreWalked)
    {
        var (start, end) = Of(document, range, encoding);
        if (!document.HasOddLineEnds)
            return (document, start, end);
        if (endsAreWalked && range.End.Line > range.Start.Line)
            return (document, start, Math.Max(start, Walked(document, start, range, encoding)));

        var other = document.Counted(document.Counting == LineCounting.Lsp ? LineCounting.Newline : LineCounting.Lsp);
        var (otherStart, otherEnd) = Of(other, range, encoding);
        if ((otherStart, otherEnd) == (start, end))
            return (document, start, end);
        if (rangeLength is not { ValueKind: JsonValueKind.Number } given || !given.TryGetInt32(out var length))
            return (document.Guessed(), start, end);

        bool Fits(TextDocument text, int from, int to) => range.End.Line < text.LineCount && IsLength(text.Text.AsSpan(from, to - from), length);
        return (Fits(document, start, end), Fits(other, otherStart, otherEnd)) switch
        {
            (true, true) => (document.Guessed(), start, end),
            (true, false) => (document, start, end),
            (false, true) => (document.IsGuessed ? other.Doubted() : other, otherStart, otherEnd),
            // Neovim means the end of a text without a last line end by a place behind it.
            _ => (range.End.Line <= document.LineCount && end == document.Text.Length ? document.Guessed() : document.Doubted(), start, end),
        };
    }

    private static (int Start, int End) Of(TextDocument document, Lsp.Range range, PositionEncoding encoding) =>
        (document.OffsetAt(range.Start, encoding), document.OffsetAt(range.End, encoding));

    private static int Walked(TextDocument document, int start, Lsp.Range range, PositionEncoding encoding)
    {
        var at = start;
        for (var line = range.Start.Line; line < range.End.Line; line++)
        {
            var next = document.Text.AsSpan(at).IndexOfAny('\r', '\n');
            if (next < 0)
                return document.Text.Length;
            at += next + (document.Text.AsSpan(at + next).StartsWith("\r\n") ? 2 : 1);
        }

        return document.OffsetBehind(at, range.End.Character, encoding);
    }

    /// <summary>In whichever unit: clients count this one in units, bytes or characters, whatever was agreed for positions.</summary>
    private static bool IsLength(ReadOnlySpan<char> text, int length)
    {
        if (text.Length == length || Encoding.UTF8.GetByteCount(text) == length)
            return true;
        var characters = 0;
        foreach (var _ in text.EnumerateRunes())
            characters++;
        return characters == length;
    }
}
