using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Lsp;

namespace PiLsp.Protocol;

// Prompts and the runs they make, the queue, the user's own shell commands.

internal static partial class WireCommands
{
    [Description("`answeredBy`: the models that answered, where one of them is another than is set")]
    public static readonly Command<AskArgument, AskAnswer> Ask = new("pi.ask", () => Json.AskArgument, () => Json.AskAnswer);

    public static readonly Command<AskAboutArgument, AskedAction> AskAbout = new("pi.askAbout", () => Json.AskAboutArgument, () => Json.AskedAction);

    public static readonly Command<FixDiagnosticsArgument, AskedAction> FixDiagnostics =
        new("pi.fixDiagnostics", () => Json.FixDiagnosticsArgument, () => Json.AskedAction);

    public static readonly Command<DoCommentArgument, AskedAction> DoComment = new("pi.doComment", () => Json.DoCommentArgument, () => Json.AskedAction);

    public static readonly Command<AbortArgument, AbortResult> Abort = new("pi.abort", () => Json.AbortArgument, () => Json.AbortResult);

    public static readonly Command<BashArgument, BashResult> Bash = new("pi.bash", () => Json.BashArgument, () => Json.BashResult);

    public static readonly Command<SetQueueArgument, SetQueueResult> SetQueue = new("pi.setQueue", () => Json.SetQueueArgument, () => Json.SetQueueResult);

    [Description("what was taken out")]
    public static readonly Command<SessionArgument, WaitingTexts> ClearQueue = new("pi.clearQueue", () => Json.SessionArgument, () => Json.WaitingTexts);

    public static readonly Command<CompactArgument, CompactResult> Compact = new("pi.compact", () => Json.CompactArgument, () => Json.CompactResult);

    public static readonly Command<SessionArgument, ListCommandsResult> ListCommands =
        new("pi.listCommands", () => Json.SessionArgument, () => Json.ListCommandsResult);
}

/// <summary>Which session: without an id the current one.</summary>
internal sealed record SessionArgument(string? SessionId = null);

internal sealed record AskArgument(
    string Prompt,
    [Description("What the user looks at.")] TextDocumentIdentifier? TextDocument = null,
    [Description("Gives the model the selected text from the live buffer.")] Lsp.Range? Range = null,
    IReadOnlyList<Attachment>? Attachments = null,
    string? SessionId = null,
    [Description("During a run: into it.")] AskDelivery? Deliver = null,
    [Description("False: answered at once.")] bool? Wait = null,
    [Description("The conversation opens as a document when the run begins.")] bool? Transcript = null);

[JsonConverter(typeof(Words<AskDelivery>))]
internal enum AskDelivery { Start, Steer, FollowUp }

[JsonDerivedType(typeof(AskSettled))]
[JsonDerivedType(typeof(AskStarted))]
internal abstract record AskAnswer;

[Description("when the run has settled")]
internal sealed record AskSettled(
    string SessionId,
    [Description("The last assistant message that has text.")] string Text,
    [Description("Pi's own word, or ours.")]
    [OneOf("stop", "length", "error", "aborted", "handled", IsOpen = true)] string StopReason,
    string? Error,
    [Description("Summed over the run's turns.")] Usage Usage,
    IReadOnlyList<EditOutcome> Edits,
    [Description("Left out where no run had begun.")] string? RunId) : AskAnswer
{
    [Description("The models that answered, where one of them is another than is set.")]
    public IReadOnlyList<string>? AnsweredBy { get; init; }

    [Description("Where it failed: what the user can do about it.")]
    public IReadOnlyList<NextStep>? Next { get; init; }

    [Description("Of a slash command that the server carried out: which of its commands.")]
    public string? Command { get; init; }

    [Description("What that command has answered.")]
    public JsonElement? Result { get; init; }
}

[Description("at once with `wait: false`")]
internal sealed record AskStarted(string SessionId, string RunId) : AskAnswer;

internal sealed record EditOutcome(string Uri, [OneOf("open", "stopped", "applied", "partial", "rejected", "withdrawn", "failed")] string Status);

internal sealed record Usage(
    long Input, long Output, long CacheRead, long CacheWrite, long TotalTokens,
    [Description("US dollars.")] decimal Cost);

internal sealed record AskAboutArgument(TextDocumentIdentifier TextDocument, Lsp.Range Range, string? Prompt = null, string? SessionId = null);

internal sealed record FixDiagnosticsArgument(TextDocumentIdentifier TextDocument, IReadOnlyList<KnownProblem> Diagnostics, string? SessionId = null);

[Description("the range beginning in a comment")]
internal sealed record DoCommentArgument(TextDocumentIdentifier TextDocument, Lsp.Range Range, string? SessionId = null);

[Description("at once")]
internal sealed record AskedAction(
    string SessionId,
    string RunId,
    [Description("Where the conversation can be read; left out for a client with a view of its own.")] string? Transcript);

internal sealed record AbortArgument(string? SessionId = null, AbortedThing? What = null);

[JsonConverter(typeof(Words<AbortedThing>))]
internal enum AbortedThing { Run, Retry, Bash }

[Description("when Pi is idle")]
internal sealed record AbortResult(bool Aborted, [Description("What had not been taken up: the user's again.")] WaitingTexts? Restored);

/// <summary>Messages that wait in a run's queue.</summary>
internal sealed record WaitingTexts(IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp);

internal sealed record BashArgument(
    string Command,
    [Description("The model does not read of it.")] bool? ExcludeFromContext = null,
    string? SessionId = null);

[Description("when the command has ended")]
internal sealed record BashResult(
    string SessionId,
    string Output,
    int? ExitCode,
    bool Cancelled,
    bool Truncated,
    [Description("All of the output, where it was truncated.")] string? FullOutputPath,
    [Description("Files of the workspace that the command changed, relative to its first folder where they are in it.")] IReadOnlyList<string> Changed,
    [Description("Files whose unsaved text the command could not see.")] IReadOnlyList<string> Unsaved);

internal sealed record SetQueueArgument(IReadOnlyList<string>? Steering = null, IReadOnlyList<string>? FollowUp = null, string? SessionId = null);

internal sealed record SetQueueResult(
    IReadOnlyList<string> Steering,
    IReadOnlyList<string> FollowUp,
    [Description("What was in the queue before and is not any more.")] WaitingTexts Removed);

internal sealed record CompactArgument(string? Instructions = null, string? SessionId = null);

internal sealed record CompactResult(string SessionId, long? TokensBefore, long? TokensAfter, string Summary, Usage Usage);

internal sealed record ListCommandsResult(IReadOnlyList<SlashCommand> Commands);

internal sealed record SlashCommand(
    string Name,
    string? Description,
    [OneOf("builtin", "extension", "prompt", "skill")] string Source,
    [Description("What may follow the name.")] string? Hint);
