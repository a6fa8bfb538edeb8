using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>What happened to a session: its only inputs, handled one after another by its loop. Named in the past tense.</summary>
internal abstract record SessionMessage;

internal sealed record AgentSaid(AgentOutput Output) : SessionMessage;

/// <summary>What was said in the stored conversation before this session began to listen.</summary>
internal sealed record HistoryRead(StoredTranscript Stored) : SessionMessage;

/// <summary>The first entries that the transcript still holds lie on the disk now.</summary>
/// <param name="Past">Null: the disk did not take them, and they stay.</param>
internal sealed record EntriesPutAside(PastEntries? Past) : SessionMessage;

/// <param name="Text">The prompt as the agent gets it, context included.</param>
internal sealed record AskRequested(string AskId, string Text, PromptDelivery Delivery) : SessionMessage
{
    public IReadOnlyList<AgentImage> Images { get; init; } = [];
}

/// <summary>The caller cancelled; the run is aborted and the caller still gets a result.</summary>
internal sealed record AskCancelled(string AskId) : SessionMessage;

/// <param name="Generation">Which of the session's agents it was, counted from 1.</param>
internal sealed record PromptAccepted(string AskId, bool RunFollows, int Generation) : SessionMessage
{
    /// <summary>It waits in the run that is under way.</summary>
    public bool Queued { get; init; }

    public PromptFate Fate => Queued ? PromptFate.Queued : RunFollows ? PromptFate.Started : PromptFate.Handled;
}

internal sealed record PromptFailed(string AskId, string Message) : SessionMessage
{
    public IReadOnlyList<Remedy> Next { get; init; } = [];
}

internal sealed record AbortRequested(string Reason) : SessionMessage;

/// <summary>The agent has stopped, and gives back what waited in its queue.</summary>
internal sealed record AgentAborted(QueuedTexts Queued) : SessionMessage;

/// <summary>The agent knows that it is to stop; it still has to settle.</summary>
internal sealed record AbortFailed(string Message) : SessionMessage;

/// <param name="EditId">Null: the oldest open one.</param>
internal sealed record EditDecided(string DecisionId, string? EditId, EditDecision Decision) : SessionMessage;

/// <param name="RunId">Null: the latest run that changed something.</param>
internal sealed record UndoRequested(string DecisionId, string? RunId) : SessionMessage;

internal sealed record QuestionAnswered(QuestionKey QuestionId, QuestionAnswer Answer) : SessionMessage;

/// <summary>The user looks at something else first: the question stays open, and nobody is asked until <see cref="QuestionsWanted"/>.</summary>
internal sealed record QuestionPutAside(QuestionKey QuestionId, Question Question) : SessionMessage;

/// <summary>What the server before this one had left of the session, seen from the files as they are now.</summary>
internal sealed record ProposalsReturned(ImmutableList<EditProposal> Proposals) : SessionMessage;

/// <summary>What was put aside is to be asked again.</summary>
internal sealed record QuestionsWanted : SessionMessage;

/// <summary>A file was opened, changed or closed in the editor, or read from the disk for us.</summary>
internal sealed record FileSeen(FileSnapshot File) : SessionMessage;

/// <param name="IsHidden">The model does not read of it.</param>
internal sealed record ShellRequested(string ShellId, string Command, bool IsHidden) : SessionMessage;

/// <param name="ShellId">Null: whichever runs.</param>
internal sealed record ShellStopRequested(string? ShellId) : SessionMessage;

/// <summary>The disk was looked at before the command.</summary>
internal sealed record ShellPrepared(string ShellId) : SessionMessage;

/// <param name="Generation">Which of the session's agents has the command, counted from 1.</param>
internal sealed record ShellBegun(string ShellId, int Generation) : SessionMessage;

/// <summary>It came to no run, or its end will not be heard of.</summary>
internal sealed record ShellFailed(string ShellId, string Message) : SessionMessage;

/// <summary>The disk was looked at after the command.</summary>
internal sealed record ShellFinished(string ShellId, ToolAftermath Aftermath) : SessionMessage;

internal sealed record EditorAnswered(string RequestId, EditorQueryAnswer Answer) : SessionMessage;

internal sealed record FileLoaded(string Key, LoadedFile File) : SessionMessage
{
    /// <summary>The texts of the landed changes that were wanted besides, as far as they could be read.</summary>
    public IReadOnlyList<LandedTexts> Past { get; init; } = [];
}

/// <summary>The texts of a landed change that had been put aside.</summary>
/// <param name="Number">That of its delivery.</param>
internal sealed record LandedTexts(int Number, string Before, string After);

/// <summary>The texts of a decided edit are put aside, safely.</summary>
internal sealed record EditKept(string EditId) : SessionMessage;

/// <summary>The texts of a landed change are put aside, safely.</summary>
internal sealed record ChangeKept(string RunId, int Number) : SessionMessage;

internal sealed record ApplyAnswered(int DeliveryNumber, bool Applied, string? Reason) : SessionMessage
{
    /// <summary>The editor stumbled over the edit instead of answering, or it was not sent: nobody has decided anything.</summary>
    public bool Failed { get; init; }

    /// <summary>A preview that nobody has looked at in time.</summary>
    public bool TimedOut { get; init; }
}

internal sealed record DeadlinePassed(Deadline Key) : SessionMessage;

internal sealed record ModeChanged(PermissionMode Mode) : SessionMessage;

/// <summary>The user changed the settings that sessions live by; what is open already stays as it was put.</summary>
internal sealed record SettingsChanged(SessionRules Settings) : SessionMessage;

/// <summary>Somebody asked for the agent, by whatever way.</summary>
internal sealed record AgentUsed : SessionMessage;

/// <summary>The agent carries out a sign-in; each is ended once.</summary>
internal sealed record SignInBegun : SessionMessage;

internal sealed record SignInEnded : SessionMessage;

/// <summary>The user closed a folder of the workspace; what waits for a decision in it goes.</summary>
internal sealed record FolderClosed(string Path) : SessionMessage;

/// <summary>Nothing happened; whoever waits for it knows that everything before it is handled.</summary>
internal sealed record Reached(TaskCompletionSource Completion) : SessionMessage;

/// <summary>The disk is as the tool may find it; now it may run.</summary>
internal sealed record ToolPrepared(string RequestId) : SessionMessage;

/// <param name="RequestId">Null for a tool that was stopped.</param>
internal sealed record ToolFinished(string? RequestId, string Tool, ToolAftermath Aftermath) : SessionMessage;

/// <param name="Add">Null with <paramref name="RevokeId"/> set: taken back.</param>
internal sealed record AllowanceChanged(Allowance? Add, string? RevokeId) : SessionMessage;

/// <param name="Note">For the model, added to the tool's result.</param>
/// <param name="Changed">Files of the workspace that the tool changed, as shown to people.</param>
internal sealed record ToolAftermath(string? Note, IReadOnlyList<string> Changed)
{
    /// <summary>Files whose unsaved text the tool could not see, as shown to people.</summary>
    public IReadOnlyList<string> Unsaved { get; init; } = [];

    /// <summary>Why it is not known for all of the workspace what was changed, in words that can stand in the middle of a sentence.</summary>
    public string? Problem { get; init; }

    /// <summary>The user has been told of it.</summary>
    public bool IsProblemKnown { get; init; }

    public static ToolAftermath Unknown(string problem) =>
        new($"\n[What it changed on disk could not be looked at: {problem}]", []) { Problem = problem };
}

/// <summary>A file's content, or why there is none.</summary>
/// <param name="Snapshot">Set for text, and (empty) for a file that does not exist.</param>
/// <param name="Bytes">Set for a file that is not text.</param>
/// <param name="Protected">Why this path is asked for in every mode; null for an ordinary file of the workspace.</param>
internal sealed record LoadedFile(FileSnapshot? Snapshot, byte[]? Bytes, string? ErrorCode, string? ErrorMessage, string? Protected)
{
    /// <summary>Why the text can be read, but not be changed by way of this editor.</summary>
    public string? CannotEdit { get; init; }

    /// <summary>No editor stands between: a U+2028 is written as it is.</summary>
    public bool TakesSeparators { get; init; }

    /// <summary>Set where saving the buffer does more to the file than the edit.</summary>
    public SavedForm? Saved { get; init; }

    /// <summary>Set where the user is asked before it is read.</summary>
    public PrivateFile? Private { get; init; }

    /// <summary>Where the path leads, if it is a symbolic link.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>An edit made for that text of a file that was not open lands where it was meant to.</summary>
    public bool IsStill(FileSnapshot sent) => Snapshot is { IsOpen: false } now && now.Exists == sent.Exists && now.Text == sent.Text;
}

/// <summary>A file that is read only when the user allows it.</summary>
/// <param name="Why">In words that follow the path.</param>
/// <param name="Real">What the path led to when it was looked at: an answer is for that alone.</param>
internal sealed record PrivateFile(string Why, string Real);

/// <param name="Private">Those of the paths that are read only when the user allows it.</param>
internal sealed record PathsSifted(SiftRequested Request, IReadOnlyList<(string Path, PrivateFile File)> Private) : SessionMessage;

/// <summary>
/// What the user said to a question; <see cref="QuestionOutcome.Dismissed"/> also when nobody could be asked in time. With
/// <see cref="QuestionOutcome.Later"/> it is not answered but put aside.
/// </summary>
internal sealed record QuestionAnswer(QuestionOutcome Outcome, string? Words = null);

internal enum QuestionOutcome { Yes, LandFirst, No, Review, Always, Dismissed, NobodyToAsk, TimedOut, Later }
