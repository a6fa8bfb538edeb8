using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>What of a proposal is in the version that the user made of it. Pure.</summary>
internal static class OwnVersion
{
    /// <summary>The user's own version stands: which hunks are in it, and what is there instead of the others.</summary>
    /// <param name="sent">The text that the version was sent for, as <paramref name="own"/>.</param>
    /// <param name="present">What stands there now.</param>
    public static EditProposal Standing(EditProposal proposal, FileSnapshot sent, IReadOnlyList<Hunk> own, string present)
    {
        var view = ProposalView.Of(proposal.Base, proposal.Waiting, sent);
        var wanted = TextDiff.Apply(sent.Text, own);
        var check = Landing.Check(sent.Text, view.Hunks, present);
        // Mostly it stands as it was sent.
        var asProposed = view.Clashes.Count == 0 && (wanted == present ? check : Landing.Check(sent.Text, view.Hunks, wanted)).Exact;
        var fates = proposal.Fates.ToBuilder();
        foreach (var (hunk, landing) in view.Hunks.Zip(check.Hunks))
        {
            fates[hunk.Id] = landing switch
            {
                HunkLanding.Landed => HunkFate.Landed,
                HunkLanding.Reshaped r => new HunkFate(FateKind.ChangedSince, r.PresentText),
                HunkLanding.Changed c => new HunkFate(FateKind.Changed, c.PresentText),
                _ => new HunkFate(FateKind.LeftOut),
            };
        }

        foreach (var hunk in proposal.Waiting.Where(h => !fates.ContainsKey(h.Id)))
            fates[hunk.Id] = new HunkFate(FateKind.LeftOut);
        return proposal with
        {
            Fates = fates.ToImmutable(),
            UserVersion =
                asProposed ? null : TextDiff.Unified(Path.GetFileName(proposal.Path), proposal.Base.Text, TextDiff.Compare(proposal.Base.Text, present)),
        };
    }
}
