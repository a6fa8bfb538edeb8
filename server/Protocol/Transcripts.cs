using System.Text.Json;
using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

// The conversation as it is read, for views that come late.

internal static partial class WireCommands
{
    public static readonly Command<GetTranscriptArgument, TranscriptPage> GetTranscript =
        new("pi.getTranscript", () => Json.GetTranscriptArgument, () => Json.TranscriptPage);

    public static readonly Command<SessionArgument, ShownTranscript> ShowTranscript =
        new("pi.showTranscript", () => Json.SessionArgument, () => Json.ShownTranscript);
}

internal sealed record GetTranscriptArgument(
    string? SessionId = null,
    [Description("The id of an entry: those before it are wanted.")] string? Before = null,
    [Description("At most so many; 200 where it is not said.")] int? Limit = null);

[Description("starts nothing")]
internal sealed record TranscriptPage(
    string? SessionId,
    [Description("The last event of `pi/event` that is in it.")] long Seq,
    bool Running,
    [Description("There are entries before these.")] bool More,
    [Description("Oldest first.")] IReadOnlyList<Entry> Entries);

[Description("opens the conversation as a document and takes the focus")]
internal sealed record ShownTranscript(string SessionId, string Uri, bool Shown);

/// <summary>One thing that a reader of the conversation sees; it keeps its id while it grows. Kinds that a client does not know are to be ignored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(UserEntryReply), "user")]
[JsonDerivedType(typeof(AssistantEntry), "assistant")]
[JsonDerivedType(typeof(ThinkingEntry), "thinking")]
[JsonDerivedType(typeof(ToolEntryReply), "tool")]
[JsonDerivedType(typeof(BashEntry), "bash")]
[JsonDerivedType(typeof(RetryEntryReply), "retry")]
[JsonDerivedType(typeof(CompactionEntryReply), "compaction")]
[JsonDerivedType(typeof(NoticeEntryReply), "notice")]
[JsonDerivedType(typeof(RunEntryReply), "run")]
internal abstract record Entry(string Id);

internal sealed record UserEntryReply(
    string Id,
    [Description("The user's words.")] string Text,
    [Description("What the editor put behind them for the model.")] string? Context,
    [Description("How many.")] int? Images) : Entry(Id);

[Description("models as of `messageCompleted`")]
internal sealed record AssistantEntry(
    string Id, string Text, [OneOf("running", "done")] string State, string? Provider, string? Model, string? SelectedModel) : Entry(Id);

[Description("as `assistant`")]
internal sealed record ThinkingEntry(
    string Id, string Text, [OneOf("running", "done")] string State, string? Provider, string? Model, string? SelectedModel) : Entry(Id);

internal sealed record ToolEntryReply(
    string Id,
    string ToolCallId,
    string? ParentToolCallId,
    string Tool,
    string Title,
    [Description("Long strings cut.")] JsonElement? Input,
    [OneOf("running", "done", "failed")] string State,
    [Description("The latest, at most 16,384 characters from both ends (`truncated`).")] string Output,
    bool? Truncated,
    long? DurationMs) : Entry(Id);

[Description("a command of the user's")]
internal sealed record BashEntry(
    string Id,
    string Command,
    bool? ExcludeFromContext,
    [OneOf("running", "done", "failed")] string State,
    [Description("The latest, at most 16,384 characters of its end (`truncated`).")] string Output,
    bool? Truncated,
    int? ExitCode,
    bool? Cancelled,
    string? FullOutputPath,
    string? Error) : Entry(Id);

internal sealed record RetryEntryReply(string Id, int Attempt, int MaxAttempts, string Error, [OneOf("running", "done", "failed")] string State) : Entry(Id);

internal sealed record CompactionEntryReply(
    string Id, string Reason, [OneOf("running", "done", "failed")] string State, long? TokensBefore, long? TokensAfter, string? Error) : Entry(Id);

internal sealed record NoticeEntryReply(string Id, [OneOf("info", "warning", "error")] string Level, string Text) : Entry(Id);

[Description("the end of one, as of `pi.ask`")]
internal sealed record RunEntryReply(
    string Id,
    string StopReason,
    string? Error,
    Usage Usage,
    [Description("Where it failed: what the user can do about it.")] IReadOnlyList<NextStep>? Next,
    [Description("As of `runSettled`, of a run that this server has seen.")] string? RunId,
    IReadOnlyList<LandedFileReply>? Files,
    IReadOnlyList<string>? ChangedByCommands,
    bool? Undoable) : Entry(Id);
