using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>Everything a session is, immutable: replaying the same messages gives the same state. Owned by the session's loop.</summary>
internal sealed record SessionState
{
    public required string Id { get; init; }

    /// <summary>The directory the agent works in; paths are shown relative to it.</summary>
    public required string Root { get; init; }

    public required SessionRules Rules { get; init; }

    public RunState? Run { get; init; }

    public ImmutableList<EditProposal> Proposals { get; init; } = [];

    /// <summary>Questions of the agent that wait for the user: consent and dialogs, by the agent's request id.</summary>
    public ImmutableSortedDictionary<string, AgentRequest> Pending { get; init; } = Ordered<AgentRequest>.Empty;

    /// <summary>Those of them that the user has put aside, as they were put.</summary>
    public ImmutableSortedDictionary<string, Question> PutAside { get; init; } = Ordered<Question>.Empty;

    /// <summary>Questions of tools to the editor that it has not answered: the tool call of each, by the agent's request id.</summary>
    public ImmutableSortedDictionary<string, string> Queries { get; init; } = Ordered<string>.Empty;

    /// <summary>What each execution of a tool was given to read: the text its edit was made for.</summary>
    public ImmutableDictionary<string, ReadText> ReadBy { get; init; } = ImmutableDictionary<string, ReadText>.Empty;

    /// <summary>Tools that were allowed and have not reported yet, by execution.</summary>
    public ImmutableSortedDictionary<string, WatchedTool> Watched { get; init; } = Ordered<WatchedTool>.Empty;

    /// <summary>What tools changed that were stopped, in words that the model has not read yet.</summary>
    public ImmutableList<string> ToolNews { get; init; } = [];

    /// <summary>What waits for a file to be read, by key.</summary>
    public ImmutableSortedDictionary<string, Loading> Loading { get; init; } = Ordered<Loading>.Empty;

    /// <summary>What is being applied, file by file.</summary>
    public ImmutableList<FileLane> Lanes { get; init; } = [];

    /// <summary>What each run has changed, oldest first.</summary>
    public ImmutableList<RunRecord> Runs { get; init; } = [];

    public UndoState? Undo { get; init; }

    /// <summary>What keeping the model's cache from expiring has used so far.</summary>
    public AgentUsage CacheWarmed { get; init; }

    /// <summary>Where the last message comes from, as far as it says so.</summary>
    public ModelAnswer? LastAnswer { get; init; }

    /// <summary>Messages that came too late for the run they were sent into: the next one may be theirs.</summary>
    public ImmutableList<SentMessage> Late { get; init; } = [];

    /// <summary>What was sent into the run and not taken up yet, in the user's words.</summary>
    public QueuedTexts Queue { get; init; } = QueuedTexts.None;

    /// <summary>The agent sums up the conversation.</summary>
    public bool Compacting { get; init; }

    /// <summary>The shell command of the user's that runs.</summary>
    public ShellState? Shell { get; init; }

    /// <summary>What commands of the user's changed, in words that the model has not read yet.</summary>
    public ImmutableList<string> ShellNews { get; init; } = [];

    /// <summary>Prompts with pictures that wait in the agent's queue, which gives back texts only.</summary>
    public ImmutableList<QueuedPictures> QueuedPictures { get; init; } = [];

    /// <summary>How many sign-ins the agent carries out.</summary>
    public int SignIns { get; init; }

    /// <summary>What became of staged edits, and of those whose tool call ended before it was known: the model has not heard it yet.</summary>
    public ImmutableList<string> Untold { get; init; } = [];

    /// <summary>Tools that were allowed and wait until what is staged has landed.</summary>
    public ImmutableList<WaitingTool> AfterLanding { get; init; } = [];

    /// <summary>How many agents have ended, and why the last one did.</summary>
    public int Exits { get; init; }

    public string LastExit { get; init; } = "";

    public int LastRun { get; init; }

    public int LastEdit { get; init; }

    public int LastDelivery { get; init; }

    public int LastLoad { get; init; }

    /// <summary>The agent has its answer, or wants none any more.</summary>
    public SessionState WithoutPending(string requestId) =>
        this with { Pending = Pending.Remove(requestId), PutAside = PutAside.Remove(requestId) };

    public EditProposal? FindEdit(string? id) => id is null
        ? Proposals.FirstOrDefault(IsOpen)
        : Proposals.FirstOrDefault(p => p.Id == id);

    public FileLane? LaneOf(string path) => Lanes.Find(l => WorkspacePath.SamePath(l.Path, path));

    /// <summary>Decided, and in its file's lane until it is known what came of it; there it is also while that is being told.</summary>
    public bool IsBeingApplied(EditProposal proposal) =>
        !proposal.IsFinal && !Lanes.IsEmpty && Lanes.Exists(l => l.Orders.Any(o => o is EditOrder edit && edit.EditId == proposal.Id));

    /// <summary>By whoever names it.</summary>
    public bool CanBeDecided(EditProposal proposal) => !proposal.IsFinal && !IsBeingApplied(proposal);

    /// <summary>It waits for a decision.</summary>
    public bool IsOpen(EditProposal proposal) => proposal.Status == ProposalStatus.Open && !IsBeingApplied(proposal);

    /// <summary>Nobody knows yet what became of it.</summary>
    public bool IsUnderWay(int delivery) => Lanes.Exists(l => l.Attempt?.Number == delivery);

    public SessionState With(EditProposal proposal) => this with { Proposals = Proposals.Replace(Proposals.First(p => p.Id == proposal.Id), proposal) };
}

/// <summary>A dictionary whose order does not depend on the process: what is done for each of its entries is an effect that is replayed.</summary>
file static class Ordered<T>
{
    public static readonly ImmutableSortedDictionary<string, T> Empty = ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}

/// <summary>A question of the agent's that waits for the user because of a file: a <see cref="FileReadRequested"/> or a <see cref="LookRequested"/>.</summary>
internal sealed record PrivateRequest(ToolRequest Request, string Path, PrivateFile File) : ToolRequest(Request.RequestId, Request.ToolCallId, Request.Tool);

/// <summary>What an execution was given of a file.</summary>
internal sealed record ReadText(string ToolCallId, FileSnapshot File);

/// <summary>A tool that was allowed and works on the disk.</summary>
/// <param name="RequestId">The consent that it waits for until the disk was looked at.</param>
internal sealed record WatchedTool(string RequestId, string ToolCallId, string Tool)
{
    /// <summary>The disk was looked at, and the tool let go.</summary>
    public bool Runs { get; init; }

    /// <summary>Why nobody waits for it any more, from before it ran.</summary>
    public string? Over { get; init; }
}

/// <summary>A tool that was allowed once these staged edits have landed.</summary>
internal sealed record WaitingTool(ConsentRequested Request, ImmutableList<string> EditIds);

/// <summary>One run: from a prompt to the moment when the agent will not go on by itself.</summary>
internal sealed record RunState(string Id)
{
    public static string IdOf(int number) => $"r{number}";

    /// <summary>Who waits for its end.</summary>
    public ImmutableList<string> Asks { get; init; } = [];

    /// <summary>Of those, who sent a message into it that has not reached the conversation yet.</summary>
    public ImmutableList<SentMessage> Sent { get; init; } = [];

    /// <summary>The agent has begun; before that only the prompt's fate ends the run.</summary>
    public bool Started { get; init; }

    /// <summary>An agent has taken the prompt, so its end is the run's end.</summary>
    public bool Accepted { get; init; }

    public bool Aborting { get; init; }

    /// <summary>It was stopped inside the agent, as by an extension of it.</summary>
    public bool AbortedItself { get; init; }

    /// <summary>Why it is stopped, where that is because a model answered that may not be used.</summary>
    public string? Refused { get; init; }

    /// <summary>Where its messages come from, the last one last.</summary>
    public ImmutableList<ModelAnswer> AnsweredBy { get; init; } = [];

    /// <summary>The last assistant message that has text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The prompt's first words.</summary>
    public string Title { get; init; } = "";

    public string StopReason { get; init; } = "stop";

    public string? Error { get; init; }

    /// <summary>What the user can do about <see cref="Error"/>.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];

    public AgentUsage Usage { get; init; }
}

/// <summary>A message that was sent into a run.</summary>
/// <param name="Text">As the agent got it; an extension may make another of it.</param>
internal sealed record SentMessage(string AskId, string Text)
{
    /// <summary>Null: the agent has not said yet.</summary>
    public PromptFate? Fate { get; init; }

    /// <summary>The run that it was sent into has settled; the one it is with now began after it was sent.</summary>
    public bool Carried { get; init; }

    /// <summary>How the latest of its runs ended.</summary>
    public AskResult? Of { get; init; }
}

/// <param name="Text">As the agent got it.</param>
internal sealed record QueuedPictures(string Text, ImmutableList<AgentImage> Images);

/// <summary>A shell command of the user's, from the moment it was asked for.</summary>
internal sealed record ShellState(string Id, string Command, bool IsHidden)
{
    /// <summary>The agent has it; before that nothing has happened yet.</summary>
    public bool Begun { get; init; }

    public bool Stopping { get; init; }

    /// <summary>Whoever stopped "whatever goes on" waits for its end.</summary>
    public bool StopsAll { get; init; }

    /// <summary>It is over, and the disk is being looked at.</summary>
    public ShellResult? Result { get; init; }
}
