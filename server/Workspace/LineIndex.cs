using System.Runtime.CompilerServices;

namespace PiLsp.Workspace;

/// <summary>
/// Where the lines of one text begin, by \n or by the line ends of LSP, and by nothing else. A text has one line more than
/// line ends; the empty text has one. Immutable. Of a long text it is made once, whoever asks: one change of a buffer is looked
/// at by everything that waits in it.
/// </summary>
internal sealed class LineIndex
{
    private const int Long = 16 * 1024;

    /// <summary>By the text itself, as long as somebody has that; by \n, as nearly everything counts.</summary>
    private static readonly ConditionalWeakTable<string, LineIndex> Known = new();

    private readonly int[] _starts;

    private LineIndex(int[] starts, LineCounting counting) => (_starts, Counting) = (starts, counting);

    public LineCounting Counting { get; }

    public int Count => _starts.Length;

    public int this[int line] => _starts[line];

    public static LineIndex Of(string text, LineCounting counting = LineCounting.Newline) =>
        text.Length >= Long && counting == LineCounting.Newline ? Known.GetValue(text, static text => Read(text, LineCounting.Newline)) : Read(text, counting);

    private static LineIndex Read(string text, LineCounting counting)
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

        var spliced = new LineIndex(starts, Counting);
        if (newText.Length >= Long && Counting == LineCounting.Newline)
            Known.TryAdd(newText, spliced);
        return spliced;
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
