namespace PiLsp.Edits;

internal enum FateKind
{
    Landed,

    /// <summary>It landed, and was changed at once: by a formatter, or by the user.</summary>
    ChangedSince,

    /// <summary>Whether it landed is not to be seen: neither the old text is there nor the new one.</summary>
    Changed,
    Rejected,
    LeftOut,
    Clashed,
    NotApplied,
}

/// <summary>What became of a hunk. Immutable.</summary>
/// <param name="Text">For <see cref="FateKind.ChangedSince"/>, <see cref="FateKind.Changed"/> and <see cref="FateKind.Clashed"/> the text that is there now,
/// for <see cref="FateKind.Rejected"/> the user's words.</param>
internal sealed record HunkFate(FateKind Kind, string? Text = null)
{
    public static HunkFate Landed { get; } = new(FateKind.Landed);

    public bool HasLanded => Kind is FateKind.Landed or FateKind.ChangedSince;
}

/// <summary>What the fates of its hunks make of a whole edit. Pure.</summary>
internal static class HunkFates
{
    /// <param name="fates">Those of its hunks that are decided.</param>
    /// <param name="hunks">How many it has; an edit without any makes an empty file.</param>
    /// <param name="done">Something came of it; tells where there is no hunk that could.</param>
    public static (ProposalStatus Status, string? Why) Sum(IReadOnlyCollection<HunkFate> fates, int hunks, bool done)
    {
        bool Any(FateKind kind) => fates.Any(f => f.Kind == kind);
        var landed = fates.Count(f => f.HasLanded);
        var status = hunks == 0 && !done ? ProposalStatus.Failed
            : landed == hunks ? ProposalStatus.Applied
            : landed > 0 ? ProposalStatus.Partial
            : Any(FateKind.Clashed) || Any(FateKind.NotApplied) || Any(FateKind.Changed) ? ProposalStatus.Failed
            : ProposalStatus.Rejected;
        return (status, status switch
        {
            ProposalStatus.Failed when Any(FateKind.Clashed) => "the user changed the same lines meanwhile",
            ProposalStatus.Failed when Any(FateKind.Changed) => "something else stands there now",
            ProposalStatus.Applied or ProposalStatus.Partial when Any(FateKind.ChangedSince) =>
                "Some of it was changed right after it was applied, by a formatter or by the user.",
            _ => null,
        });
    }
}
