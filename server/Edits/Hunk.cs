namespace PiLsp.Edits;

/// <summary>
/// A change of whole lines of one base text, the unit in which the user decides. Offsets are UTF-16 units of the
/// base; an insertion has no old text and stands before the line <paramref name="StartLine"/>. Immutable.
/// </summary>
/// <param name="Id">h1, h2, … in the order of the text; kept when the hunk is moved to a later version.</param>
internal sealed record Hunk(string Id, int Start, int Length, string OldText, string NewText, int StartLine, int LineCount)
{
    public int End => Start + Length;

    /// <summary>How many lines it brings; <see cref="LineCount"/> is how many it takes.</summary>
    public int AddedLines => NewText.Length == 0 ? 0 : NewText.AsSpan().Count('\n') + (NewText[^1] == '\n' ? 0 : 1);
}
