using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>How a file that is open lies on the disk, where saving the buffer would do more to it than the edit.</summary>
/// <param name="LosesBytes">The buffer shows U+FFFD for bytes that the editor could not read.</param>
/// <param name="IsOtherEncoding">Not UTF-8, and the editor knows which: saving writes it again, as far as its characters go.</param>
/// <param name="UnifiesLineEnds">Several kinds on the disk, one in the buffer.</param>
internal sealed record SavedForm(bool LosesBytes, bool IsOtherEncoding, bool UnifiesLineEnds)
{
    public static SavedForm? Of(DiskRead disk, string buffer)
    {
        var form = disk switch
        {
            DiskText text => new SavedForm(false, false, LineEnds.AreOdd(LineEnds.KindsIn(text.Text)) && !LineEnds.AreOdd(LineEnds.KindsIn(buffer))),
            // Every character has its place in UTF-16, in either order of the bytes.
            DiskBytes { Bytes: [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] } => new SavedForm(false, false, false),
            DiskBytes => buffer.Contains('\uFFFD') ? new SavedForm(true, false, false) : new SavedForm(false, true, false),
            _ => new SavedForm(false, false, false),
        };
        return form is { LosesBytes: false, IsOtherEncoding: false, UnifiesLineEnds: false } ? null : form;
    }
}

/// <summary>What saving will do to a file, told to the user before the edit and to the model. Pure.</summary>
/// <param name="IsLoss">Something is lost for good: asked for in every mode.</param>
internal sealed record SaveHazard(string Words, bool IsLoss)
{
    public static SaveHazard? Of(SavedForm? form, IReadOnlyList<Hunk> hunks) => form switch
    {
        { LosesBytes: true } =>
            new SaveHazard("the file is not UTF-8 and the editor shows U+FFFD for what it could not read; saving it destroys those bytes", true),
        { IsOtherEncoding: true } when FirstAdded(hunks) is { } character =>
            new SaveHazard($"the file is not UTF-8, and saving may damage characters that its encoding does not have, such as \"{character}\"", true),
        { UnifiesLineEnds: true } =>
            new SaveHazard("the file has line ends of several kinds; saving makes them all the same, also in lines that the edit does not touch", false),
        _ => null,
    };

    /// <summary>The first character beyond ASCII that comes in with an edit and was not in the lines before.</summary>
    private static string? FirstAdded(IReadOnlyList<Hunk> hunks)
    {
        foreach (var hunk in hunks)
        {
            foreach (var rune in hunk.NewText.EnumerateRunes())
            {
                if (!rune.IsAscii && !hunk.OldText.Contains(rune.ToString(), StringComparison.Ordinal))
                    return rune.ToString();
            }
        }

        return null;
    }
}
