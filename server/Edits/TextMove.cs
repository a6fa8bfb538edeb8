namespace PiLsp.Edits;

/// <summary>What became of one text's lines in another one. Immutable, made once for all hunks that are to be carried over.</summary>
internal sealed class TextMove
{
    public TextMove(string oldText, string newText)
    {
        (Old, New) = (new LineTable(oldText), new LineTable(newText));
        Map = new LineMap(LineDiff.Changes(Old, New, LineIdentity.Exact));
    }

    public LineTable Old { get; }

    public LineTable New { get; }

    public LineMap Map { get; }
}

/// <summary>
/// The ways from the texts that proposals were made for to the one that is there now, each found once: proposals of one file mostly
/// share theirs. For one change of a text, used by one thread.
/// </summary>
internal sealed class TextMoves(string newText)
{
    private readonly Dictionary<string, TextMove> _from = new(ReferenceEqualityComparer.Instance);

    public TextMove From(string oldText) => _from.TryGetValue(oldText, out var known) ? known : _from[oldText] = new TextMove(oldText, newText);
}
