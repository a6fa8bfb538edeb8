using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

// Proposed edits, the decisions on them, and taking back what landed.

internal static partial class WireCommands
{
    public static readonly Command<ListEditsArgument, ListEditsResult> ListEdits =
        new("pi.listEdits", () => Json.ListEditsArgument, () => Json.ListEditsResult);

    public static readonly Command<ApplyArgument, ApplyResult> ApplyEdit = new("pi.applyEdit", () => Json.ApplyArgument, () => Json.ApplyResult);

    public static readonly Command<RejectArgument, RejectResult> RejectEdit = new("pi.rejectEdit", () => Json.RejectArgument, () => Json.RejectResult);

    public static readonly Command<ShowEditArgument, ShowEditResult> ShowEdit = new("pi.showEdit", () => Json.ShowEditArgument, () => Json.ShowEditResult);

    public static readonly Command<NoArgument, ListRunsResult> ListRuns = new("pi.listRuns", () => Json.NoArgument, () => Json.ListRunsResult);

    public static readonly Command<UndoArgument, UndoneRun> UndoRun = new("pi.undoRun", () => Json.UndoArgument, () => Json.UndoneRun);
}

internal sealed record ListEditsArgument(IReadOnlyList<string>? EditIds = null);

[Description("all of them or these, whole, oldest first")]
internal sealed record ListEditsResult(IReadOnlyList<Edit> Edits);

/// <summary>A proposed edit, whole.</summary>
internal sealed record Edit(
    string Id,
    string SessionId,
    string Uri,
    string Tool,
    string ToolCallId,
    [OneOf("open", "stopped", "applied", "partial", "rejected", "withdrawn", "failed")] string Status,
    [Description("Of the buffer that the hunks and `newText` are relative to; null for a file that is not open.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version,
    IReadOnlyList<HunkReply> Hunks,
    [Description("The whole file as it would be.")] string NewText,
    [Description("Unified.")] string Diff,
    string? Reason,
    [Description("What the user is to know before deciding: why it is asked for in every mode, what saving will do to the file.")] string? Careful = null)
{
    [Description("Set where it is asked for in every mode.")]
    public bool? Protected { get; init; }

    [Description("Of a decided one: what it has come to.")]
    public LandedPart? Outcome { get; init; }
}

internal sealed record LandedPart(
    [Description("Lines that have really landed.")] int Added,
    [Description("Lines that went with them.")] int Removed,
    [Description("Hunks that have landed.")] int Applied,
    [Description("Hunks that the user rejected or left out.")] int Rejected,
    [Description("The user's own version stands.")] bool ChangedByUser);

internal sealed record HunkReply(
    string Id,
    [Description("Of an open edit: in the buffer as it is now.")] Lsp.Range Range,
    string OldText,
    string NewText,
    [Description("What became of it, once decided; with `clashed` while open the user changed its lines.")]
    [OneOf("landed", "changed", "rejected", "leftOut", "clashed", "notApplied")] string? Fate);

/// <summary>An edit as <c>pi/edits</c> tells it: of a decided one without its texts, for which <c>pi.listEdits</c> is asked.</summary>
internal sealed record ToldEdit(
    string Id,
    string SessionId,
    string Uri,
    string Tool,
    string ToolCallId,
    [OneOf("open", "stopped", "applied", "partial", "rejected", "withdrawn", "failed")] string Status,
    [Description("Of the buffer that the hunks and `newText` are relative to; null for a file that is not open.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version,
    string? Reason)
{
    public ToldEdit(Edit whole) : this(whole.Id, whole.SessionId, whole.Uri, whole.Tool, whole.ToolCallId, whole.Status, whole.Version, whole.Reason) =>
        (Hunks, NewText, Diff, Careful, Protected, Outcome) =
            (whole.Hunks, whole.NewText, whole.Diff, whole.Careful, whole.Protected, whole.Outcome);

    public IReadOnlyList<HunkReply>? Hunks { get; init; }

    public string? NewText { get; init; }

    public string? Diff { get; init; }

    public string? Careful { get; init; }

    [Description("Set where it is asked for in every mode.")]
    public bool? Protected { get; init; }

    [Description("Of a decided one: what it has come to.")]
    public LandedPart? Outcome { get; init; }
}

[Description("without `editId` the oldest open one")]
internal sealed record ApplyArgument(
    string? EditId = null,
    [Description("These; the others are left out for good, or go on waiting with `keepRest`.")] IReadOnlyList<string>? HunkIds = null,
    [Description("The user's own version of the whole file.")] string? NewText = null,
    [Description("The buffer version that the decision was made on.")] int? Version = null,
    bool? KeepRest = null,
    IReadOnlyList<EditRemark>? Remarks = null,
    [Description("Every open edit as it is proposed.")] bool? All = null);

internal sealed record EditRemark(
    [Description("Lines of the proposed text.")] Lsp.Range Range,
    string Text);

internal sealed record ApplyResult(
    bool Applied,
    [OneOf("open", "stopped", "applied", "partial", "rejected", "withdrawn", "failed")] string? Status,
    [Description("The hunks that are verifiably there.")] IReadOnlyList<string> Landed,
    string? Reason);

internal sealed record RejectArgument(
    string? EditId = null,
    [Description("These alone; the rest stays open.")] IReadOnlyList<string>? HunkIds = null,
    [Description("Reaches the model, as the remarks do.")] string? Reason = null,
    IReadOnlyList<EditRemark>? Remarks = null,
    bool? All = null);

internal sealed record RejectResult([Description("False, with the `reason`, where somebody had decided before.")] bool Rejected, string? Reason);

internal sealed record ShowEditArgument(
    string? EditId = null,
    [Description("`landed`: the diff of what has really landed of a decided one.")] EditView? As = null);

[JsonConverter(typeof(Words<EditView>))]
internal enum EditView { Diff, Text, Landed }

internal sealed record ShowEditResult(string Uri, [Description("False: the client does not open documents; open the URI by hand.")] bool Shown);

internal sealed record ListRunsResult(IReadOnlyList<RunReply> Runs);

internal sealed record RunReply(string SessionId, string RunId, string Title, bool Undone, IReadOnlyList<ChangedFile> Files);

/// <summary>What of a run has landed in one file.</summary>
internal sealed record LandedFileReply(string Uri, bool Created, [Description("Lines.")] int Added, [Description("Lines.")] int Removed);

internal sealed record ChangedFile(string Uri, bool Created, string Diff);

[Description("without `runId` the latest that changed something")]
internal sealed record UndoArgument(
    string? RunId = null,
    string? SessionId = null,
    [Description("Nothing is changed; what would be, and what cannot be brought back (`failed`), is named.")] bool? DryRun = null);

internal sealed record UndoneRun(bool Undone, string? RunId, IReadOnlyList<RestoredFile> Files);

internal sealed record RestoredFile(string Uri, [OneOf("restored", "deleted", "partial", "unchanged", "failed")] string Status, string? Reason);
