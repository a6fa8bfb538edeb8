using System.Globalization;
using PiLsp.Lsp;
using PiLsp.Workspace;

namespace PiLsp.Edits;

internal static partial class TextDiff
{
    /// <summary>
    /// The hunks as edits that touch as little as possible, so that cursors, folds and marks survive: each without the
    /// characters that stay the same at its start and end. Lines that only come or go stay whole.
    /// </summary>
    public static IReadOnlyList<TextEdit> MinimalEdits(TextDocument document, IReadOnlyList<Hunk> hunks, PositionEncoding encoding)
    {
        var ordered = InOrder(document.Text, hunks);
        var edits = new TextEdit[ordered.Length];
        for (var i = 0; i < edits.Length; i++)
        {
            var hunk = ordered[i];
            var prefix = CommonPrefix(hunk.OldText, hunk.NewText);
            var suffix = CommonSuffix(hunk.OldText, hunk.NewText, prefix);
            edits[i] = new TextEdit(
                document.RangeOf(hunk.Start + prefix, hunk.Length - prefix - suffix, encoding),
                hunk.NewText[prefix..^suffix]);
        }

        return edits;
    }

    private static int CommonPrefix(string one, string other)
    {
        var length = one.AsSpan().CommonPrefixLength(other);
        while (!(IsBoundary(one, length) && IsBoundary(other, length)))
            length--;
        return length;
    }

    /// <summary>Of what the prefix has left.</summary>
    private static int CommonSuffix(string one, string other, int prefix)
    {
        var most = Math.Min(one.Length, other.Length) - prefix;
        var length = 0;
        while (length < most && one[^(length + 1)] == other[^(length + 1)])
            length++;
        while (!(IsBoundary(one, one.Length - length) && IsBoundary(other, other.Length - length)))
            length--;
        return length;
    }

    /// <summary>
    /// False inside a surrogate pair, a \r\n or what a reader sees as one character. Between two ASCII characters the
    /// answer is known; otherwise the characters are counted from the nearest ASCII one before, where one surely begins.
    /// </summary>
    private static bool IsBoundary(string text, int at)
    {
        if (at == 0 || at == text.Length)
            return true;
        if (char.IsAscii(text[at - 1]) && char.IsAscii(text[at]))
            return text[at - 1] != '\r' || text[at] != '\n';

        var from = at - 1;
        while (from > 0 && !char.IsAscii(text[from]))
            from--;
        while (from < at)
            from += StringInfo.GetNextTextElementLength(text.AsSpan(from));
        return from == at;
    }
}
