using System.Collections.Immutable;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>What a session wants done: the only outputs of its core, carried out by its loop. Named in the imperative.</summary>
internal abstract record SessionEffect;

/// <summary>Starts the agent if need be, then hands the prompt over.</summary>
internal sealed record SendPrompt(string AskId, string Text, PromptDelivery Delivery) : SessionEffect
{
    public IReadOnlyList<AgentImage> Images { get; init; } = [];
}

internal sealed record AbortAgent : SessionEffect;

/// <summary>Whoever wanted the run to stop hears that it has, and what it had not taken up yet.</summary>
internal sealed record CompleteAborts(bool Aborted, QueuedTexts Queued) : SessionEffect;

/// <summary>Ends an agent that nobody needs now.</summary>
internal sealed record SleepAgent : SessionEffect;

internal sealed record KillAgent(string Reason) : SessionEffect;

internal sealed record AnswerAgent(string RequestId, AgentAnswer Answer) : SessionEffect;

/// <summary>Reads the buffer, or the disk where none is open; answered by <see cref="FileLoaded"/>.</summary>
internal sealed record LoadFile(string Key, string Path, bool ForReading) : SessionEffect
{
    /// <summary>Only whether it may be read is wanted.</summary>
    public bool OnlyLook { get; init; }

    /// <summary>What the user has allowed to be read: this and nothing else.</summary>
    public PrivateFile? Allowed { get; init; }

    /// <summary>The landed changes whose texts are wanted besides, by their numbers.</summary>
    public ImmutableArray<int> Past { get; init; } = [];
}

/// <summary>Its texts are to be put aside; answered by <see cref="EditKept"/> once they are safe, else they stay.</summary>
internal sealed record KeepEdit(string EditId) : SessionEffect;

/// <summary>Texts that were put aside and that nobody can ask for any more, of edits and of landed changes.</summary>
internal sealed record ForgetPast(IReadOnlyList<string> EditIds, IReadOnlyList<int> ChangeNumbers) : SessionEffect;

/// <summary>The texts of a landed change are to be put aside; answered by <see cref="ChangeKept"/> once they are safe, else they stay.</summary>
internal sealed record KeepChange(string RunId, int Number) : SessionEffect;

/// <summary>Answered by <see cref="PathsSifted"/>.</summary>
internal sealed record SiftPaths(SiftRequested Request) : SessionEffect;

/// <param name="Confirm">The editor is to put each change to the user (LSP 3.16, change annotations).</param>
/// <param name="Delete">The file is to go; there are no hunks.</param>
internal sealed record ApplyToEditor(
    int DeliveryNumber, FileSnapshot Sent, IReadOnlyList<Hunk> Hunks, string Label, bool Confirm = false, bool Delete = false) : SessionEffect
{
    /// <summary>What the user was warned of when it was decided; another reason by now is another file.</summary>
    public string? Protected { get; init; }
}

/// <summary>Puts a question to the user by message or by the client's own dialog; answered by <see cref="QuestionAnswered"/>.</summary>
internal sealed record AskUser(QuestionKey QuestionId, Question Question) : SessionEffect;

internal sealed record WithdrawQuestion(QuestionKey QuestionId) : SessionEffect;

internal sealed record PublishEdits : SessionEffect;

internal sealed record PublishEvent(AgentEvent Event) : SessionEffect;

internal sealed record ReportProgress(string RunId, ProgressStage Stage, string Message) : SessionEffect;

/// <summary>The ask has a run; who does not want to wait for its end goes on now.</summary>
internal sealed record BeginAsk(string AskId, string RunId) : SessionEffect;

internal sealed record CompleteAsk(string AskId, AskResult Result) : SessionEffect;

/// <summary>Whoever asked gets an error.</summary>
internal sealed record FailAsk(string AskId, string Message) : SessionEffect
{
    /// <summary>What the user can do about it.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];
}

internal sealed record CompleteDecision(string DecisionId, DecisionResult Result) : SessionEffect;

internal sealed record CompleteUndo(string DecisionId, UndoResult Result) : SessionEffect;

internal sealed record StartDeadline(Deadline Key, TimeSpan After) : SessionEffect;

internal sealed record StopDeadline(Deadline Key) : SessionEffect;

/// <summary>
/// The editor took an edit to a file that it does not report on: until it does, this text stands for the file,
/// as long as the disk still holds <paramref name="DiskText"/>.
/// </summary>
internal sealed record RememberUnsaved(string Path, string? DiskText, string Text) : SessionEffect;

/// <summary>Answered by <see cref="ToolPrepared"/>.</summary>
internal sealed record PrepareTool(string RequestId, string Execution, IReadOnlyList<string> Landed) : SessionEffect;

/// <summary>Answered by <see cref="ToolFinished"/>.</summary>
/// <param name="RequestId">Null: the tool was stopped, and waits for nothing.</param>
internal sealed record FinishTool(string? RequestId, string Execution, string Tool) : SessionEffect
{
    /// <summary>What was seen before it is forgotten, and nothing is answered.</summary>
    public bool NeverRan { get; init; }
}

/// <summary>Asks the editor what it knows; answered by <see cref="EditorAnswered"/>.</summary>
internal sealed record QueryEditor(EditorQueryRequested Request) : SessionEffect;

internal sealed record WithdrawQuery(string RequestId) : SessionEffect;

/// <summary>Answered by <see cref="ShellPrepared"/>.</summary>
internal sealed record PrepareShell(string ShellId, IReadOnlyList<string> Landed) : SessionEffect;

/// <summary>Answered by <see cref="ShellBegun"/> or <see cref="ShellFailed"/>; its end is an event of the agent's.</summary>
internal sealed record RunShell(string ShellId, string Command, bool IsHidden) : SessionEffect;

internal sealed record StopShell : SessionEffect;

/// <summary>Answered by <see cref="ShellFinished"/>.</summary>
internal sealed record FinishShell(string ShellId) : SessionEffect;

internal sealed record CompleteShell(string ShellId, ShellResult Result) : SessionEffect;

/// <summary>Whoever wanted the command to stop hears that it has; or that there was none.</summary>
internal sealed record CompleteShellStops(bool Stopped) : SessionEffect;

internal sealed record AnnounceLanded(string Path) : SessionEffect;

internal sealed record ShowProposal(EditProposal Proposal) : SessionEffect;

internal enum ProgressStage { Begin, Report, End }

/// <summary>What is put to the user. The client's own dialog gets all of it, a message request its texts.</summary>
internal abstract record Question(string SessionId, string ToolCallId, string Tool);

/// <param name="Summary">For a message: names the file and the size of the change.</param>
internal sealed record EditQuestion(string SessionId, string ToolCallId, string Tool, string EditId, string Uri, string Summary)
    : Question(SessionId, ToolCallId, Tool);

/// <param name="What">The command line, or the input as JSON: what is about to happen.</param>
/// <param name="StagedEdits">Edits that the tool would not see, because they are not decided yet.</param>
/// <param name="Always">What would be allowed for good, in words; null where that is not offered.</param>
internal sealed record ConsentQuestion(
    string SessionId, string ToolCallId, string Tool, string Source, string What, JsonElement Input, string? Always, int StagedEdits)
    : Question(SessionId, ToolCallId, Tool)
{
    /// <summary>Set where it is about reading a file, which <paramref name="What"/> then names: why it is asked, in words that follow the name.</summary>
    public string? Private { get; init; }

    /// <summary>The call whose script has made this one.</summary>
    public string? Parent { get; init; }
}

internal sealed record DialogQuestion(string SessionId, DialogRequested Dialog) : Question(SessionId, "", "");

/// <param name="Error">Set when there was nothing to undo.</param>
internal sealed record UndoResult(string? RunId, IReadOnlyList<UndoneFile> Files, string? Error = null);

/// <param name="Status"><c>restored</c>, <c>partial</c>, <c>deleted</c>, <c>unchanged</c> or <c>failed</c>.</param>
internal sealed record UndoneFile(string Uri, string Status, string? Reason);

/// <summary>How a run ended for the one who asked.</summary>
internal sealed record AskResult(
    string Text, string StopReason, string? Error, AgentUsage Usage, IReadOnlyList<AskedEdit> Edits, string? RunId)
{
    /// <summary>Where its messages come from.</summary>
    public IReadOnlyList<ModelAnswer> AnsweredBy { get; init; } = [];

    /// <summary>What the user can do about <see cref="Error"/>.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];
}

internal sealed record AskedEdit(string Uri, ProposalStatus Status);

/// <param name="Error">Set when the decision itself made no sense: no such edit, no such hunk.</param>
internal sealed record DecisionResult(bool Done, string? EditId, ProposalStatus? Status, IReadOnlyList<string> Landed, string? Reason, string? Error = null)
{
    /// <summary>Somebody had decided before: nothing has changed now.</summary>
    public bool WasDecided { get; init; }
}
