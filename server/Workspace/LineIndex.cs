namespace PiLsp.Workspace;

/// <summary>
/// Where the lines of one text begin, by \n or by the line ends of LSP, and by nothing else. A text has one line more than
/// line ends; the empty text has one. Immutable.
/// </summary>
internal sealed class LineIndex
{
    private readonly int[] _starts;

    private LineIndex(int[] starts, LineCounting counting) => (_starts, Counting) = (starts, counting);

    public LineCounting Counting { get; }

    public int Count => _starts.Length;

    public int this[int line] => _starts[line];

    public static LineIndex Of(string text, LineCounting counting = LineCounting.Newline)
    {
        var starts = new List<int> { 0 };
        Scan(text, 1, text.Length, starts, counting);
        return new LineIndex([.. starts], counting);
    }

    public int LineAt(int offset)
    {
        var found = Array.BinarySearch(_starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>
    /// The index of <paramref name="newText"/>, which is this index's text with <paramref name="length"/> units at
    /// <paramref name="start"/> replaced by <paramref name="inserted"/> units. Only the replaced part is read again:
    /// whether a line begins at p depends on the units p-1 and p alone.
    /// </summary>
    public LineIndex Spliced(string newText, int start, int length, int inserted)
    {
        var end = start + length;
        var kept = LowerBound(Math.Max(start, 1));
        var after = LowerBound(end + 1);
        var middle = new List<int>();
        Scan(newText, Math.Max(start, 1), start + inserted, middle, Counting);

        var starts = new int[kept + middle.Count + (_starts.Length - after)];
        _starts.AsSpan(0, kept).CopyTo(starts);
        middle.CopyTo(starts, kept);
        var tail = starts.AsSpan(kept + middle.Count);
        _starts.AsSpan(after).CopyTo(tail);
        var delta = inserted - length;
        if (delta != 0)
        {
            foreach (ref var at in tail)
                at += delta;
        }

        return new LineIndex(starts, Counting);
    }

    /// <summary>Collects the line starts p with from &lt;= p &lt;= to; from is at least 1.</summary>
    private static void Scan(string text, int from, int to, List<int> starts, LineCounting counting)
    {
        var at = from - 1;
        while (at < to)
        {
            var part = text.AsSpan(at, to - at);
            var next = counting == LineCounting.Lsp ? part.IndexOfAny('\r', '\n') : part.IndexOf('\n');
            if (next < 0)
                return;

            at += next + 1;
            if (text[at - 1] == '\n' || at == text.Length || text[at] != '\n')
                starts.Add(at);
        }
    }

    private int LowerBound(int offset)
    {
        var found = Array.BinarySearch(_starts, offset);
        return found >= 0 ? found : ~found;
    }
}
