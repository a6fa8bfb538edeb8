using System.Text.Json;
using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

// The canonical events of a session, one record for each kind.

internal static partial class WireMessages
{
    [ForClientsWith("events")]
    public static readonly ServerNotification<SessionEvent> Event = new("pi/event", () => Json.SessionEvent);
}

/// <summary>What happened in a session. Kinds that a client does not know are to be ignored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunStartedEvent), "runStarted")]
[JsonDerivedType(typeof(RunSettledEvent), "runSettled")]
[JsonDerivedType(typeof(TurnStartedEvent), "turnStarted")]
[JsonDerivedType(typeof(TurnEndedEvent), "turnEnded")]
[JsonDerivedType(typeof(UserMessageEvent), "userMessage")]
[JsonDerivedType(typeof(TextDeltaEvent), "textDelta")]
[JsonDerivedType(typeof(ThinkingDeltaEvent), "thinkingDelta")]
[JsonDerivedType(typeof(MessageCompletedEvent), "messageCompleted")]
[JsonDerivedType(typeof(UsedBesideEvent), "usedBeside")]
[JsonDerivedType(typeof(ToolStartedEvent), "toolStarted")]
[JsonDerivedType(typeof(ToolProgressedEvent), "toolProgressed")]
[JsonDerivedType(typeof(ToolEndedEvent), "toolEnded")]
[JsonDerivedType(typeof(BashStartedEvent), "bashStarted")]
[JsonDerivedType(typeof(BashOutputEvent), "bashOutput")]
[JsonDerivedType(typeof(BashEndedEvent), "bashEnded")]
[JsonDerivedType(typeof(RetryScheduledEvent), "retryScheduled")]
[JsonDerivedType(typeof(RetryEndedEvent), "retryEnded")]
[JsonDerivedType(typeof(CompactionStartedEvent), "compactionStarted")]
[JsonDerivedType(typeof(CompactionEndedEvent), "compactionEnded")]
[JsonDerivedType(typeof(QueueChangedEvent), "queueChanged")]
[JsonDerivedType(typeof(QueueRestoredEvent), "queueRestored")]
[JsonDerivedType(typeof(StatusLineChangedEvent), "statusLineChanged")]
[JsonDerivedType(typeof(WidgetChangedEvent), "widgetChanged")]
[JsonDerivedType(typeof(TitleChangedEvent), "titleChanged")]
[JsonDerivedType(typeof(PromptTextSetEvent), "promptTextSet")]
[JsonDerivedType(typeof(ThinkingLevelChangedEvent), "thinkingLevelChanged")]
[JsonDerivedType(typeof(SessionRenamedEvent), "sessionRenamed")]
[JsonDerivedType(typeof(NoticeEvent), "notice")]
internal abstract record SessionEvent(
    string SessionId,
    [Description("From 1 in each session, without gaps.")] long Seq);

[Description("Pi works on a prompt: once for each run, however often it retries")]
internal sealed record RunStartedEvent(string SessionId, long Seq) : SessionEvent(SessionId, Seq);

[Description("it will not go on by itself: exactly once for each run, as the result of `pi.ask` has it")]
internal sealed record RunSettledEvent(
    string SessionId,
    long Seq,
    string? StopReason,
    string? Error,
    [Description("Where it failed: what the user can do about it.")] IReadOnlyList<NextStep>? Next,
    string? RunId,
    [Description("Summed over the run's turns.")] Usage? Usage,
    [Description("What has really landed so far.")] IReadOnlyList<LandedFileReply>? Files,
    [Description("URIs of files that its commands changed past the review.")] IReadOnlyList<string>? ChangedByCommands,
    [Description("`pi.undoRun` can take something back.")] bool? Undoable) : SessionEvent(SessionId, Seq);

internal sealed record TurnStartedEvent(string SessionId, long Seq) : SessionEvent(SessionId, Seq);

internal sealed record TurnEndedEvent(string SessionId, long Seq) : SessionEvent(SessionId, Seq);

[Description("when the agent takes it up, with what was put behind the prompt")]
internal sealed record UserMessageEvent(string SessionId, long Seq, string Text) : SessionEvent(SessionId, Seq);

internal sealed record TextDeltaEvent(string SessionId, long Seq, string Text) : SessionEvent(SessionId, Seq);

internal sealed record ThinkingDeltaEvent(string SessionId, long Seq, string Text) : SessionEvent(SessionId, Seq);

internal sealed record MessageCompletedEvent(
    string SessionId,
    long Seq,
    [Description("What is visible of it; may be empty.")] string Text,
    string StopReason,
    string? Error,
    Usage Usage,
    string? Provider,
    string? Model,
    [Description("`provider/id`, where another model than the one that is set has answered.")] string? SelectedModel) : SessionEvent(SessionId, Seq);

[Description(
    "a model was used beside the conversation, which costs as well (`cache_warm`: the provider's cache of it was kept from expiring, also while nothing runs; "
    + "a `notice` tells of the first one and where it is switched off)")]
internal sealed record UsedBesideEvent(string SessionId, long Seq, string Kind, Usage Usage, string? Provider, string? Model) : SessionEvent(SessionId, Seq);

internal sealed record ToolStartedEvent(
    string SessionId,
    long Seq,
    string ToolCallId,
    [Description("The call whose script, as of `codemode`, has made this one.")] string? ParentToolCallId,
    string Tool,
    string Title,
    JsonElement? Input) : SessionEvent(SessionId, Seq);

[Description("`text` is the latest and replaces the one before")]
internal sealed record ToolProgressedEvent(
    string SessionId, long Seq, string ToolCallId, string? ParentToolCallId, string Tool, string Text) : SessionEvent(SessionId, Seq);

internal sealed record ToolEndedEvent(
    string SessionId,
    long Seq,
    string ToolCallId,
    string? ParentToolCallId,
    string Tool,
    string Text,
    bool IsError,
    [Description("How long the tool itself has run.")] long? DurationMs) : SessionEvent(SessionId, Seq);

[Description("the user's own shell command")]
internal sealed record BashStartedEvent(string SessionId, long Seq, string Command, bool ExcludeFromContext) : SessionEvent(SessionId, Seq);

[Description("what has come since the last one")]
internal sealed record BashOutputEvent(
    string SessionId,
    long Seq,
    string Text,
    [Description("Of a flood the end, which then stands alone.")] bool? Truncated,
    [Description("The line that is unfinished so far was written over, and the text takes its place.")] bool? ReplacesLine) : SessionEvent(SessionId, Seq);

internal sealed record BashEndedEvent(
    string SessionId,
    long Seq,
    string Text,
    int? ExitCode,
    bool Cancelled,
    bool Truncated,
    string? FullOutputPath,
    string? Error,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> Unsaved) : SessionEvent(SessionId, Seq);

internal sealed record RetryScheduledEvent(string SessionId, long Seq, int Attempt, int MaxAttempts, long DelayMs, string Error) : SessionEvent(SessionId, Seq);

internal sealed record RetryEndedEvent(string SessionId, long Seq, bool Success, int Attempt, string? Error) : SessionEvent(SessionId, Seq);

internal sealed record CompactionStartedEvent(
    string SessionId,
    long Seq,
    [OneOf("manual", "threshold", "overflow", IsOpen = true)] string Reason) : SessionEvent(SessionId, Seq);

internal sealed record CompactionEndedEvent(
    string SessionId,
    long Seq,
    [OneOf("manual", "threshold", "overflow", IsOpen = true)] string Reason,
    long? TokensBefore,
    long? TokensAfter,
    bool Aborted,
    string? Error,
    [Description("What the summary cost.")] Usage? Usage) : SessionEvent(SessionId, Seq);

[Description("what waits in a run's queue, in the user's own words")]
internal sealed record QueueChangedEvent(string SessionId, long Seq, IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp)
    : SessionEvent(SessionId, Seq);

[Description("what waited when the run was stopped: the user's again")]
internal sealed record QueueRestoredEvent(string SessionId, long Seq, IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp)
    : SessionEvent(SessionId, Seq);

[Description("an extension of Pi shows one line under a name of its own; without `text` it is taken away")]
internal sealed record StatusLineChangedEvent(string SessionId, long Seq, string Key, string? Text) : SessionEvent(SessionId, Seq);

[Description("an extension of Pi shows some lines under a name of its own; without `lines` they are taken away")]
internal sealed record WidgetChangedEvent(
    string SessionId,
    long Seq,
    string Key,
    IReadOnlyList<string>? Lines,
    [Description("The editor is the place where prompts are written.")]
    [OneOf("aboveEditor", "belowEditor")] string Placement) : SessionEvent(SessionId, Seq);

[Description("an extension of Pi names the window")]
internal sealed record TitleChangedEvent(string SessionId, long Seq, string Title) : SessionEvent(SessionId, Seq);

[Description("an extension of Pi puts a text where the user writes prompts")]
internal sealed record PromptTextSetEvent(string SessionId, long Seq, string Text) : SessionEvent(SessionId, Seq);

internal sealed record ThinkingLevelChangedEvent(string SessionId, long Seq, string Level) : SessionEvent(SessionId, Seq);

internal sealed record SessionRenamedEvent(string SessionId, long Seq, string? Name) : SessionEvent(SessionId, Seq);

internal sealed record NoticeEvent(string SessionId, long Seq, [OneOf("info", "warning", "error")] string Level, string Text) : SessionEvent(SessionId, Seq);
