using System.Text;
using PiLsp.Lsp;

namespace PiLsp.Workspace;

/// <summary>
/// Columns of a text's lines in either encoding. A column inside a character that takes several units means the
/// character's start, so that no edit can cut it in two. Immutable, any thread.
/// </summary>
internal readonly struct TextColumns(string text)
{
    private readonly string _text = text;

    public int OffsetOf(int lineStart, int lineEnd, int column, PositionEncoding encoding)
    {
        if (column <= 0)
            return lineStart;
        if (encoding is PositionEncoding.Utf16)
            return NotInsidePair(column > lineEnd - lineStart ? lineEnd : lineStart + column, lineStart);

        var at = lineStart;
        var bytes = 0;
        while (at < lineEnd)
        {
            var unit = _text[at];
            var pair = char.IsHighSurrogate(unit) && at + 1 < lineEnd && char.IsLowSurrogate(_text[at + 1]);
            // A lone surrogate is no character; it travels as U+FFFD, three bytes.
            bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : pair ? 4 : 3;
            if (bytes > column)
                break;
            at += pair ? 2 : 1;
        }

        return at;
    }

    public int ColumnOf(int lineStart, int offset, PositionEncoding encoding)
    {
        offset = NotInsidePair(offset, lineStart);
        return encoding is PositionEncoding.Utf16
            ? offset - lineStart
            : Encoding.UTF8.GetByteCount(_text.AsSpan(lineStart, offset - lineStart));
    }

    private int NotInsidePair(int offset, int lineStart) =>
        offset > lineStart && offset < _text.Length && char.IsLowSurrogate(_text[offset]) && char.IsHighSurrogate(_text[offset - 1])
            ? offset - 1
            : offset;
}
