namespace PiLsp.Edits;

/// <summary>Lines of an old text that became lines of a new one; either side may be empty, not both.</summary>
internal readonly record struct LineChange(int OldStart, int OldCount, int NewStart, int NewCount)
{
    public int OldEnd => OldStart + OldCount;

    public int NewEnd => NewStart + NewCount;
}
