using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>A decision to apply a proposal, on its way through the file's lane. Immutable.</summary>
internal sealed record EditOrder(string EditId, string Path) : ApplyOrder(Path)
{
    /// <summary>The text that <see cref="Hunks"/> were made for.</summary>
    public required FileSnapshot Base { get; init; }

    /// <summary>Those that were chosen, or the user's own version of the whole.</summary>
    public required IReadOnlyList<Hunk> Hunks { get; init; }

    /// <summary>The buffer version that the decision was made on, where the client says it.</summary>
    public int? Version { get; init; }

    /// <summary>Hunks that were not chosen go on waiting.</summary>
    public bool KeepRest { get; init; }

    /// <summary>Where the path led when the edit was proposed.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>It changes a file; one that is not there any more is not made again.</summary>
    public bool NeedsFile { get; init; }

    public EditHearers Hearers { get; init; }

    public static EditOrder Of(EditProposal proposal, ApplyDecision decision, string? decisionId)
    {
        var present = proposal.View.Present;
        // What comes into the file after the user's version was made stays: the user has not seen it, so it is not the user's to take out.
        var (@base, hunks) = decision.NewText is { } text
            ? (present, TextDiff.Compare(present.Text, LineEndings.Adopt(present.Text, text)))
            : (proposal.Base, [.. proposal.Waiting.Where(h => decision.HunkIds?.Contains(h.Id) != false)]);
        return new EditOrder(proposal.Id, proposal.Path)
        {
            Base = @base,
            Hunks = hunks,
            Tool = proposal.Tool,
            Present = present,
            Protected = proposal.Protected,
            Confirm = decision.Confirm,
            IsOwnText = decision.NewText is not null,
            MakesEmptyFile = proposal.Hunks.Count == 0,
            Version = decision.Version,
            KeepRest = decision.KeepRest,
            LinkTarget = proposal.LinkTarget,
            NeedsFile = proposal is { Base.Exists: true, Staged: false },
            Hearers = new EditHearers(decisionId),
        };
    }

    public override string? WhyGone(LoadedFile file) => file switch
    {
        { LinkTarget: { } target } when target != LinkTarget => $"while the edit waited, a link to {target} took the file's place",
        { ErrorCode: "EISDIR" } => "while the edit waited, a folder took the file's place",
        { Snapshot: null, Bytes: not null } => "while the edit waited, the file became one that is no UTF-8 text",
        // A missing file has a snapshot that says so: this is something that never was one, and the reason tells it.
        { Snapshot: null, ErrorCode: "ENOENT", ErrorMessage: { } noFile } => noFile.TrimEnd('.'),
        { Snapshot: null } => $"the file cannot be read any more: {(file.ErrorMessage ?? "no reason is known").TrimEnd('.')}",
        { Snapshot.Exists: false } when NeedsFile => "while the edit waited, the file was deleted or renamed",
        _ => null,
    };

    public override LanePlan Plan(FileSnapshot present, IReadOnlyList<LandedTexts> past)
    {
        if (Version is { } version && version != present.Version)
            return Stale(
                $"The buffer is at version {present.Version?.ToString() ?? "none (not open)"}, the decision was made on version {version}. Look at the edit " +
                    "again.");
        var view = ProposalView.Of(Base, Hunks, present);
        if (IsOwnText && view.Clashes.Count > 0)
            return Stale(LaneReducer.OwnTextClashes);
        return new LanePlan.Send(this, view.Hunks) { Fates = LaneReducer.FatesIn(view) };

        LanePlan.End Stale(string reason) => new(this, new ApplyOutcome.Stale(reason) { Present = present });
    }
}

/// <summary>Who waits for what becomes of a decision: the command that brought it, and the agent's tool.</summary>
/// <param name="DecisionId">Null: no command.</param>
internal readonly record struct EditHearers(string? DecisionId)
{
    /// <summary>Null: the tool waits, if there is one.</summary>
    public ToolStop? Stop { get; init; }

    /// <summary>There is nothing to tell the model.</summary>
    public bool ModelKnows { get; init; }
}

/// <summary>The run was stopped, or the tool call ended, while the edit was under way: what does not land now is withdrawn, not opened again.</summary>
/// <param name="IsLetGo">The tool has been told that it is not known; the model hears of it with the next prompt.</param>
internal sealed record ToolStop(string Reason, bool IsLetGo)
{
    /// <summary>The user has stopped the run: what does not land can be decided again.</summary>
    public bool ByUser { get; init; }
}
