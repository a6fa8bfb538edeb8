using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>What became of one text's lines in another one. Immutable, made once for all hunks that are to be carried over.</summary>
internal sealed class TextMove
{
    public TextMove(string oldText, string newText) : this(oldText, newText, TextEnds.CommonSuffixLength(oldText, newText)) { }

    /// <param name="suffix">How many units the texts share at their end.</param>
    public TextMove(string oldText, string newText, int suffix)
    {
        (Old, New, Suffix) = (new LineTable(oldText), new LineTable(newText), suffix);
        Map = new LineMap(LineDiff.Changes(Old, New, LineIdentity.Exact, suffix));
    }

    public LineTable Old { get; }

    public LineTable New { get; }

    public LineMap Map { get; }

    public int Suffix { get; }
}

/// <summary>
/// The ways from the texts that proposals were made for to the one that is there now, each found once: proposals of one file mostly
/// share theirs. For one change of a text, used by one thread.
/// </summary>
internal sealed class TextMoves(string newText)
{
    private readonly Dictionary<string, TextMove> _from = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _suffixes = new(ReferenceEqualityComparer.Instance);

    /// <param name="before">The text that was there before, and how many units the old one shares with it at the end, where that is known.</param>
    public TextMove From(string oldText, (string Text, int Suffix)? before = null) =>
        _from.TryGetValue(oldText, out var known) ? known : _from[oldText] = new TextMove(oldText, newText, Suffix(oldText, before));

    /// <summary>
    /// While somebody types in a large file, the end of each text behind it is compared once with the one before, and not once for
    /// each proposal: where a text parts from the old one, or the old one from the new one, they part as well.
    /// </summary>
    private int Suffix(string oldText, (string Text, int Suffix)? before)
    {
        if (before is not var (text, shared))
            return TextEnds.CommonSuffixLength(oldText, newText);
        if (!_suffixes.TryGetValue(text, out var since))
            _suffixes[text] = since = TextEnds.CommonSuffixLength(text, newText);
        return shared != since ? Math.Min(shared, since) : shared + TextEnds.CommonSuffixLength(oldText.AsSpan(..^shared), newText.AsSpan(..^shared));
    }
}
