using System.Text.Json;

namespace PiLsp.Agents;

/// <summary>
/// Everything an agent says, in the order in which it said it: events to show (<see cref="AgentEvent"/>),
/// questions that wait for an answer (<see cref="AgentRequest"/>), and its end (<see cref="AgentExited"/>).
/// Made by the agent's reader; read by one session loop. Immutable.
/// </summary>
internal abstract record AgentOutput;

/// <summary>The agent's process is gone, or its output can no longer be read. Always the last output.</summary>
/// <param name="Reason">A sentence for the user: exit code, signal, what stderr said last.</param>
/// <param name="Expected">True when we ended it.</param>
internal sealed record AgentExited(string Reason, bool Expected) : AgentOutput
{
    /// <summary>It ended in good order by itself, because one of its extensions wanted that: nothing is broken.</summary>
    public bool WasShutDown { get; init; }
}

/// <summary>Everything that the agent had said when it was asked for this is handled. No event: nobody is told.</summary>
internal sealed record OutputsReached(TaskCompletionSource Reached) : AgentOutput;

/// <summary>The canonical events: one for each fact, whatever the agent's own stream repeats or leaves out.</summary>
internal abstract record AgentEvent : AgentOutput;

/// <summary>The agent began to work on a prompt. Once for each run, however often the agent retries inside it.</summary>
internal sealed record RunStarted : AgentEvent;

/// <summary>The agent will not go on by itself. Exactly once for each <see cref="RunStarted"/>.</summary>
/// <param name="StopReason">How the run ended, as its result says; filled in by the session, null as the agent tells it.</param>
internal sealed record RunSettled(string? StopReason = null, string? Error = null) : AgentEvent
{
    /// <summary>The agent says that the run was stopped, whoever stopped it.</summary>
    public bool WasAborted { get; init; }

    /// <summary>What the user can do about <see cref="Error"/>.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];

    /// <summary>What the run came to; filled in by the session.</summary>
    public RunSummary? Run { get; init; }
}

/// <summary>What a run came to. Immutable.</summary>
/// <param name="Files">What has really landed.</param>
/// <param name="ChangedByCommands">URIs of the files that its commands changed past the review.</param>
internal sealed record RunSummary(string RunId, AgentUsage Usage, IReadOnlyList<LandedFile> Files, IReadOnlyList<string> ChangedByCommands);

/// <param name="Added">Lines.</param>
internal sealed record LandedFile(string Uri, bool Created, int Added, int Removed);

internal sealed record TurnStarted : AgentEvent;

internal sealed record TurnEnded : AgentEvent;

/// <summary>A message of the user has reached the conversation: a prompt, or one sent into a run when the agent takes it up.</summary>
/// <param name="Text">As the agent got it, with what was put behind the user's words.</param>
internal sealed record UserMessage(string Text, int Images) : AgentEvent;

internal sealed record TextDelta(string Text) : AgentEvent;

internal sealed record ThinkingDelta(string Text) : AgentEvent;

/// <summary>An assistant message begins. For who has to judge where it comes from; nobody else is told of it.</summary>
internal sealed record MessageStarted(ModelAnswer From) : AgentEvent;

/// <summary>
/// A message comes from a model that may not be used: an agent may send a request to another one than is set. The run
/// ends with this.
/// </summary>
/// <param name="Reason">Which rule it is against.</param>
internal sealed record AnswerRefused(ModelAnswer From, string Reason) : AgentEvent;

/// <summary>Where a message comes from, as the message says.</summary>
/// <param name="Selected">The full id of the model that is set, where another one answers; else null.</param>
internal sealed record ModelAnswer(string Provider, string Model, string? Selected)
{
    public string FullId => $"{Provider}/{Model}";
}

/// <summary>
/// An assistant message is complete. <paramref name="Text"/> is its visible text and may be empty: a message
/// that only calls tools or thinks still carries usage, but is no answer.
/// </summary>
/// <param name="StopReason">The agent's own word: <c>stop</c>, <c>length</c>, <c>toolUse</c>, <c>error</c>, <c>aborted</c>.</param>
internal sealed record MessageCompleted(string Text, string StopReason, string? Error, AgentUsage Usage, string? Model) : AgentEvent
{
    /// <summary>Null where the agent does not say whose model it is.</summary>
    public ModelAnswer? From { get; init; }

    /// <summary>What the user can do about <see cref="Error"/>.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];
}

/// <summary>A model was used beside the conversation, which costs as well.</summary>
/// <param name="Kind">The agent's own word: <c>cache_warm</c> for keeping the provider's cache of the prompt from expiring.</param>
internal sealed record UsedBeside(string Kind, AgentUsage Usage, ModelAnswer? From) : AgentEvent;

internal sealed record ToolStarted(string ToolCallId, string Tool, JsonElement Input) : AgentEvent
{
    /// <summary>The call whose script has made this one.</summary>
    public string? Parent { get; init; }
}

/// <param name="Text">The latest partial result as text; it replaces the one before.</param>
internal sealed record ToolProgressed(string ToolCallId, string Tool, string Text) : AgentEvent
{
    public string? Parent { get; init; }
}

internal sealed record ToolEnded(string ToolCallId, string Tool, string Text, bool IsError) : AgentEvent
{
    /// <summary>Another call with the same id still runs: which of their questions nobody waits for any more is not known yet.</summary>
    public bool SharesId { get; init; }

    public string? Parent { get; init; }

    /// <summary>How long the tool itself has run; null where it did not, or the agent does not say.</summary>
    public long? DurationMs { get; init; }
}

/// <summary>The user's own shell command has begun; one at a time in a session, beside a run or without one.</summary>
/// <param name="IsHidden">The model will not read of it.</param>
internal sealed record ShellStarted(string Command, bool IsHidden) : AgentEvent;

/// <param name="Text">What has come since the last one.</param>
/// <param name="IsCut">Of a flood only the end is told; the result has what the agent keeps.</param>
/// <param name="ReplacesLine">The line that was unfinished was written over: the text takes its place.</param>
internal sealed record ShellOutput(string Text, bool IsCut = false, bool ReplacesLine = false) : AgentEvent;

internal sealed record ShellEnded(ShellResult Result) : AgentEvent;

internal sealed record RetryScheduled(int Attempt, int MaxAttempts, long DelayMs, string Error) : AgentEvent;

internal sealed record RetryEnded(bool Success, int Attempt, string? FinalError) : AgentEvent;

/// <param name="Reason"><c>manual</c>, <c>threshold</c> or <c>overflow</c>.</param>
internal sealed record CompactionStarted(string Reason) : AgentEvent;

internal sealed record CompactionEnded(string Reason, long? TokensBefore, long? TokensAfter, bool Aborted, string? Error) : AgentEvent
{
    /// <summary>What the summary cost.</summary>
    public AgentUsage Usage { get; init; }
}

internal sealed record QueueChanged(IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp) : AgentEvent;

/// <summary>What waited in the queue when the run was stopped: the user's again.</summary>
internal sealed record QueueRestored(IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp) : AgentEvent;

/// <summary>An extension shows one line under a name of its own; null takes it away.</summary>
internal sealed record StatusLineChanged(string Key, string? Text) : AgentEvent;

/// <summary>An extension shows some lines under a name of its own; null takes them away.</summary>
/// <param name="Placement"><c>aboveEditor</c> or <c>belowEditor</c>: the place where prompts are written.</param>
internal sealed record WidgetChanged(string Key, IReadOnlyList<string>? Lines, string Placement) : AgentEvent;

internal sealed record TitleChanged(string Title) : AgentEvent;

/// <summary>An extension puts a text where the user writes prompts.</summary>
internal sealed record PromptTextSet(string Text) : AgentEvent;

internal sealed record ThinkingLevelChanged(string Level) : AgentEvent;

internal sealed record SessionRenamed(string? Name) : AgentEvent;

/// <summary>Something the agent or one of its extensions wants the user to know.</summary>
/// <param name="IsForUser">An extension said it to the user, who is to see it whatever its level.</param>
internal sealed record AgentNotice(NoticeLevel Level, string Text, bool IsForUser = false) : AgentEvent;

internal enum NoticeLevel { Info, Warning, Error }
