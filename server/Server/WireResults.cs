using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Agents;

namespace PiLsp.Server;

// The results and notifications of our own commands, as docs/protocol.md gives them.

internal sealed record AskReply(
    string SessionId, string Text, string StopReason, string? Error, UsageReply Usage, IReadOnlyList<AskedEditReply> Edits, string? RunId)
{
    /// <summary>The models that answered, where one of them is another than was set.</summary>
    public IReadOnlyList<string>? AnsweredBy { get; init; }

    /// <summary>Of a slash command that we carried out: which command of ours, and its result.</summary>
    public string? Command { get; init; }

    public JsonElement? Result { get; init; }
}

internal sealed record AskStartedReply(string SessionId, string RunId);

/// <param name="Transcript">Where the conversation can be read; null for a client with a view of its own.</param>
internal sealed record AskActionReply(string SessionId, string RunId, string? Transcript);

internal sealed record UsageReply(long Input, long Output, long CacheRead, long CacheWrite, long TotalTokens, decimal Cost);

internal sealed record AskedEditReply(string Uri, string Status);

internal sealed record EditsReply(IReadOnlyList<EditReply> Edits);

/// <param name="Hunks">Null, as <paramref name="NewText"/> and <paramref name="Diff"/>, where the list tells of a decided one.</param>
internal sealed record EditReply(
    string Id,
    string SessionId,
    string Uri,
    string Tool,
    string ToolCallId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version,
    IReadOnlyList<HunkReply>? Hunks,
    string? NewText,
    string? Diff,
    string? Reason)
{
    /// <summary>What the user is to know before deciding.</summary>
    public string? Careful { get; init; }
}

/// <param name="Fate">What became of it, once decided; with <c>clashed</c> while open the user changed its lines.</param>
internal sealed record HunkReply(string Id, Lsp.Range Range, string OldText, string NewText, string? Fate);

internal sealed record ApplyReply(bool Applied, string? Status, IReadOnlyList<string> Landed, string? Reason);

/// <param name="Shown">False: the client does not open documents; open the URI by hand.</param>
internal sealed record ShowEditReply(string Uri, bool Shown);

internal sealed record RejectReply(bool Rejected, string? Reason);

internal sealed record RunsReply(IReadOnlyList<RunReply> Runs);

internal sealed record RunReply(string SessionId, string RunId, string Title, bool Undone, IReadOnlyList<RunFileReply> Files);

internal sealed record RunFileReply(string Uri, bool Created, string Diff);

internal sealed record UndoReply(bool Undone, string? RunId, IReadOnlyList<UndoneFileReply> Files);

internal sealed record UndoneFileReply(string Uri, string Status, string? Reason);

internal sealed record AllowancesReply(IReadOnlyList<AllowanceReply> Allowances);

internal sealed record AllowanceReply(string Id, string? Tool, string? PathPattern, string? ShellCommand, string? ReadPath);

/// <param name="Clamped">The level that was in force before and that the new model does not have.</param>
internal sealed record ModelChoiceReply(string? Model, string? Provider, string Thinking, string? Clamped);

/// <param name="Hidden">What the policy keeps out; null where it keeps nothing out.</param>
internal sealed record ModelsReply(string? Current, IReadOnlyList<ModelGroupReply> Groups, IReadOnlyList<HiddenModelsReply>? Hidden);

internal sealed record HiddenModelsReply(string Provider, int Models, string Reason);

internal sealed record ModelGroupReply(string Provider, string Name, string? Source, IReadOnlyList<ModelReply> Models);

internal sealed record ModelReply(string Id, string Name, bool Reasoning, long ContextWindow, IReadOnlyList<string> Input, ModelCostReply Cost, bool Primary);

internal sealed record ModelCostReply(decimal Input, decimal Output);

internal sealed record ThinkingReply(string Thinking, IReadOnlyList<string> Levels);

internal sealed record ModeReply(string Mode);

/// <param name="Seq">The last event of <c>pi/event</c> that is in it.</param>
/// <param name="More">There are entries before these.</param>
internal sealed record TranscriptReply(string? SessionId, long Seq, bool Running, bool More, IReadOnlyList<TranscriptEntryReply> Entries);

internal sealed record ShowTranscriptReply(string SessionId, string Uri, bool Shown);

/// <summary>One entry; only the fields that its <see cref="Kind"/> has are sent.</summary>
internal sealed record TranscriptEntryReply(string Id, string Kind)
{
    public string? Text { get; init; }

    public string? Context { get; init; }

    public int? Images { get; init; }

    public string? State { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? SelectedModel { get; init; }

    public string? ToolCallId { get; init; }

    public string? ParentToolCallId { get; init; }

    public long? DurationMs { get; init; }

    public string? Tool { get; init; }

    public string? Title { get; init; }

    public JsonElement? Input { get; init; }

    public string? Output { get; init; }

    public bool? Truncated { get; init; }

    public string? Command { get; init; }

    public bool? ExcludeFromContext { get; init; }

    public int? ExitCode { get; init; }

    public bool? Cancelled { get; init; }

    public string? FullOutputPath { get; init; }

    public int? Attempt { get; init; }

    public int? MaxAttempts { get; init; }

    public string? Reason { get; init; }

    public long? TokensBefore { get; init; }

    public long? TokensAfter { get; init; }

    public string? Level { get; init; }

    public string? StopReason { get; init; }

    public string? Error { get; init; }

    public UsageReply? Usage { get; init; }
}

internal sealed record SessionReply(string SessionId, string? Path, string? Name, string? Model, string? Thinking)
{
    /// <summary>Of a fork: the message that it begins instead of, to be written anew.</summary>
    public string? Text { get; init; }
}

internal sealed record StatusReply
{
    public required string Version { get; init; }

    /// <summary><c>notStarted</c>, <c>ready</c>, <c>running</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>With <c>failed</c>: why, and what to do.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether a prompt could be sent, by what is known.</summary>
    public required AvailabilityReply Availability { get; init; }

    public string? SessionId { get; init; }

    public string? SessionFile { get; init; }

    public string? SessionName { get; init; }

    public GateReply? Gate { get; init; }

    public string? Model { get; init; }

    /// <summary>Where the last answer came from, where that is another model than the one that is set.</summary>
    public string? AnsweredBy { get; init; }

    public string? Thinking { get; init; }

    public ContextReply? Context { get; init; }

    public UsageReply? Usage { get; init; }

    public decimal? Cost { get; init; }

    /// <summary>US dollars of <see cref="Cost"/> that went into keeping the model's cache warm while this server looked on.</summary>
    public decimal? CacheWarmingCost { get; init; }

    public required int OpenEdits { get; init; }

    public required string PermissionMode { get; init; }

    /// <summary>How edits reach the user here; <c>none</c> means that they are refused.</summary>
    public required string Approval { get; init; }
}

/// <param name="Message">What is wrong; null when nothing is.</param>
/// <param name="Next">What the user can do about it.</param>
internal sealed record AvailabilityReply(string State, string? Message, string? Next, IReadOnlyList<string>? Tried);

internal sealed record GateReply(bool Proven, string? PiVersion, IReadOnlyList<string> HeldTools);

internal sealed record ContextReply(long? Tokens, long? Window, double? Percent);

internal sealed record PiEditsParams(string SessionId, IReadOnlyList<EditReply> Edits);

/// <summary>One canonical event; only the fields that its <see cref="Type"/> has are sent.</summary>
internal sealed record PiEventParams(string SessionId, long Seq, string Type)
{
    public string? Text { get; init; }

    public string? StopReason { get; init; }

    public string? Error { get; init; }

    public UsageReply? Usage { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? SelectedModel { get; init; }

    public string? ToolCallId { get; init; }

    public string? ParentToolCallId { get; init; }

    public long? DurationMs { get; init; }

    public string? Tool { get; init; }

    public string? Title { get; init; }

    public JsonElement? Input { get; init; }

    public bool? IsError { get; init; }

    public string? Kind { get; init; }

    public int? Attempt { get; init; }

    public int? MaxAttempts { get; init; }

    public long? DelayMs { get; init; }

    public bool? Success { get; init; }

    public string? Reason { get; init; }

    public long? TokensBefore { get; init; }

    public long? TokensAfter { get; init; }

    public bool? Aborted { get; init; }

    public IReadOnlyList<string>? Steering { get; init; }

    public IReadOnlyList<string>? FollowUp { get; init; }

    public string? Level { get; init; }

    public string? Key { get; init; }

    public IReadOnlyList<string>? Lines { get; init; }

    public string? Placement { get; init; }

    public string? Name { get; init; }

    public string? Command { get; init; }

    public bool? ExcludeFromContext { get; init; }

    public int? ExitCode { get; init; }

    public bool? Cancelled { get; init; }

    public bool? Truncated { get; init; }

    public bool? ReplacesLine { get; init; }

    public string? FullOutputPath { get; init; }

    public IReadOnlyList<string>? Changed { get; init; }

    public IReadOnlyList<string>? Unsaved { get; init; }
}

/// <param name="What">All that is about to happen, fit to be shown (<see cref="ShownText"/>).</param>
/// <param name="Brief">As much of it as a message shows: the whole, or both its ends.</param>
/// <param name="Private">Set where it is about reading a file: why that is asked, in words that follow its name.</param>
/// <param name="IsWhole">False: allowed only by whoever was shown <paramref name="What"/>.</param>
internal sealed record PiConfirmParams(
    string SessionId, string ToolCallId, string Tool, string Source, string What, string Brief, bool IsWhole, JsonElement Input, int StagedEdits, string? Private)
{
    public string? ParentToolCallId { get; init; }
}

internal sealed record PiConfirmResult(bool? Allow, string? Reason, bool? Always, bool? LandFirst);

internal sealed record PiSaveParams(IReadOnlyList<string> Uris);

/// <param name="SessionId">Of a dialog of Pi's extensions; null where the user has just chosen a command that asks back.</param>
internal sealed record PiPickParams(string Title, IReadOnlyList<PiPickItem> Items, string? SessionId = null)
{
    public string Title { get; } = ShownText.Visible(Title);
}

/// <param name="Primary">One of the few to show first; null in a list that is short anyway.</param>
internal sealed record PiPickItem(string Id, string Label, string? Detail, string? Group, bool? Primary = null)
{
    public string Label { get; } = ShownText.OnOneLine(Label);

    public string? Detail { get; } = Detail is null ? null : ShownText.OnOneLine(Detail);

    public string? Group { get; } = Group is null ? null : ShownText.OnOneLine(Group);
}

internal sealed record PiPickResult(string? Id);

/// <summary>The one JSON context of our own results and notifications.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AskReply))]
[JsonSerializable(typeof(AskStartedReply))]
[JsonSerializable(typeof(AskActionReply))]
[JsonSerializable(typeof(ShowTranscriptReply))]
[JsonSerializable(typeof(EditsReply))]
[JsonSerializable(typeof(ApplyReply))]
[JsonSerializable(typeof(ShowEditReply))]
[JsonSerializable(typeof(RejectReply))]
[JsonSerializable(typeof(RunsReply))]
[JsonSerializable(typeof(UndoReply))]
[JsonSerializable(typeof(AllowancesReply))]
[JsonSerializable(typeof(ModelChoiceReply))]
[JsonSerializable(typeof(ModelsReply))]
[JsonSerializable(typeof(ThinkingReply))]
[JsonSerializable(typeof(ModeReply))]
[JsonSerializable(typeof(TranscriptReply))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(AvailabilityReply))]
[JsonSerializable(typeof(PiEditsParams))]
[JsonSerializable(typeof(PiEventParams))]
[JsonSerializable(typeof(PiConfirmParams))]
[JsonSerializable(typeof(PiConfirmResult))]
[JsonSerializable(typeof(PiSaveParams))]
[JsonSerializable(typeof(PiPickParams))]
[JsonSerializable(typeof(PiPickResult))]
internal sealed partial class WireJson : JsonSerializerContext;
