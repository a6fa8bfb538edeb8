using System.Globalization;
using PiLsp.Lsp;
using PiLsp.Workspace;

namespace PiLsp.Edits;

internal static partial class TextDiff
{
    /// <summary>
    /// The hunks as edits that touch as little as possible, so that cursors, folds and marks survive: each without the
    /// characters that stay the same at its start and end. Lines that only come or go stay whole, but those behind the last
    /// line come before its line end: behind it some editors make an empty line of it. A \r that is no line end is left out
    /// of the edits: editors make a line end of one that an edit brings.
    /// </summary>
    public static IReadOnlyList<TextEdit> MinimalEdits(TextDocument document, IReadOnlyList<Hunk> hunks, PositionEncoding encoding)
    {
        var ordered = InOrder(document.Text, hunks);
        var edits = new List<TextEdit>(ordered.Length);
        var after = 0;
        foreach (var hunk in ordered)
        {
            var whole = new Replacement(hunk.Start, hunk.OldText, hunk.NewText);
            foreach (var part in KeepsCr(document, hunk) ? CrPieces.Of(whole) : [whole])
            {
                var edit = AtTheEnd(document.Text, Trimmed(part), after);
                after = edit.Start + edit.Old.Length;
                edits.Add(new TextEdit(document.RangeOf(edit.Start, edit.Old.Length, encoding), edit.New));
            }
        }

        return edits;
    }

    private static bool KeepsCr(TextDocument document, Hunk hunk) =>
        document.Counting == LineCounting.Newline && hunk.OldText.Contains('\r') && document.HasOddLineEnds;

    private static Replacement Trimmed(Replacement whole)
    {
        var prefix = CommonPrefix(whole.Old, whole.New);
        var suffix = CommonSuffix(whole.Old, whole.New, prefix);
        return new Replacement(whole.Start + prefix, whole.Old[prefix..^suffix], whole.New[prefix..^suffix]);
    }

    /// <summary>What is added behind the last line end, as an addition before it.</summary>
    private static Replacement AtTheEnd(string text, Replacement edit, int after)
    {
        if (edit.Old.Length > 0 || edit.Start < text.Length)
            return edit;
        var end = text.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var start = text.Length - end.Length;
        return start >= after && text.EndsWith(end, StringComparison.Ordinal) && EndOf(edit.New) == end
            ? new Replacement(start, "", end + edit.New[..^end.Length]) : edit;
    }

    private static string EndOf(string text) => text is [.., '\r', '\n'] ? "\r\n" : text is [.., '\n'] ? "\n" : "";

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
