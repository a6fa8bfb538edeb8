using PiLsp.Lsp;

namespace PiLsp.Workspace;

/// <summary>
/// Applies the changes of one didChange, each on the result of the one before. Called by the server's ordered loop.
/// An editor with many cursors sends them from the end to the start; those are collected and the text is built
/// once, because a copy of 5 MB for each cursor is felt.
/// </summary>
internal static class ContentChanges
{
    private readonly record struct Splice(int Start, int Length, string Text);

    /// <param name="endsAreWalked">See <see cref="ChangedPart"/>.</param>
    public static TextDocument Apply(
        TextDocument document, IReadOnlyList<TextDocumentContentChangeEvent> changes, int version, PositionEncoding encoding, bool endsAreWalked = false)
    {
        var current = document;
        var pending = new List<Splice>();
        var boundary = default(Position);
        foreach (var change in changes)
        {
            if (change.Range is not { } range)
            {
                pending.Clear();
                current = current.Renewed(version, change.Text);
                continue;
            }

            // Some clients send a backward selection as it is.
            var (from, to) = range.Start.CompareTo(range.End) <= 0 ? (range.Start, range.End) : (range.End, range.Start);

            // Only what lies strictly before everything collected means the same in the text before the collected changes. Where
            // the client's count is in question, each change is looked at by itself.
            if (pending.Count > 0
                && (to.CompareTo(boundary) >= 0 || current.HasOddLineEnds || current.IsPastCrLf(from, encoding) || current.IsPastCrLf(to, encoding)))
                current = Build(current, pending, version);

            (current, var start, var end) = ChangedPart.In(current, new Lsp.Range(from, to), change.RangeLength, encoding, endsAreWalked);
            pending.Add(new Splice(start, end - start, change.Text));
            boundary = current.PositionAt(start, encoding);
        }

        current = Build(current, pending, version);
        return ReferenceEquals(current, document) ? document.With(version, document.Text, document.Lines) : current;
    }

    /// <summary>The splices are disjoint and descend; the list is empty afterwards.</summary>
    private static TextDocument Build(TextDocument document, List<Splice> splices, int version)
    {
        if (splices.Count == 0)
            return document;

        var length = document.Text.Length;
        foreach (var splice in splices)
            length += splice.Text.Length - splice.Length;

        var text = string.Create(length, (document.Text, splices), static (target, state) =>
        {
            var (source, splices) = state;
            var from = 0;
            var to = 0;
            for (var i = splices.Count - 1; i >= 0; i--)
            {
                var (start, removed, inserted) = splices[i];
                source.AsSpan(from, start - from).CopyTo(target[to..]);
                to += start - from;
                inserted.CopyTo(target[to..]);
                to += inserted.Length;
                from = start + removed;
            }

            source.AsSpan(from).CopyTo(target[to..]);
        });

        var lines = splices.Count == 1
            ? document.Lines.Spliced(text, splices[0].Start, splices[0].Length, splices[0].Text.Length)
            : null;
        splices.Clear();
        return document.With(version, text, lines);
    }
}
