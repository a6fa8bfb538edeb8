namespace PiLsp.Edits;

/// <summary>What a decided edit has come to, in numbers: it is told again with every list, when its texts are long put aside. Immutable.</summary>
/// <param name="Added">Lines that have landed.</param>
/// <param name="Removed">Lines that went with them.</param>
/// <param name="Applied">Hunks that have landed.</param>
/// <param name="Rejected">Hunks that the user did not want.</param>
/// <param name="ChangedByUser">What stands there is the user's own version.</param>
internal sealed record EditSum(int Added, int Removed, int Applied, int Rejected, bool ChangedByUser)
{
    public static EditSum Of(EditProposal decided)
    {
        var landed = LandedHunks(decided);
        var rejected = decided.Hunks.Count(h => decided.Fates.GetValueOrDefault(h.Id)?.Kind is FateKind.Rejected or FateKind.LeftOut);
        if (decided.UserVersion is not { Length: > 0 } own)
            return new EditSum(landed.Sum(h => h.AddedLines), landed.Sum(h => h.LineCount), landed.Count, rejected, ChangedByUser: false);
        // Its first two lines name the file.
        var lines = own.Split('\n').Skip(2).ToList();
        return new EditSum(lines.Count(l => l.StartsWith('+')), lines.Count(l => l.StartsWith('-')), landed.Count, rejected, ChangedByUser: true);
    }

    /// <summary>What of it has landed, as a unified diff against the text that it was made for; empty where nothing has.</summary>
    public static string Landed(EditProposal decided, string shownPath) =>
        decided.UserVersion ?? TextDiff.Unified(shownPath, decided.Base.Text, LandedHunks(decided));

    private static List<Hunk> LandedHunks(EditProposal decided) =>
        [.. decided.Hunks.Where(h => decided.Fates.GetValueOrDefault(h.Id) is { HasLanded: true })];
}
