namespace PiLsp.Agents;

/// <summary>
/// One conversation with one agent process. Everything above this interface is the same for every agent.
/// Methods may be called from any thread; commands that must be ordered are awaited by the caller.
/// A method fails with <see cref="AgentException"/>, whose message a user can act on. What it can do besides talking is
/// in interfaces by what they are for; who needs one of them takes that one.
/// </summary>
internal interface IAgent : IAgentModels, IAgentRuns, IAgentConversations, IAsyncDisposable
{
    /// <summary>Everything the agent says, for one reader; completes after <see cref="AgentExited"/>.</summary>
    AgentOutputs Outputs { get; }

    /// <summary>What the last handshake proved; null before <see cref="StartAsync"/>.</summary>
    GateReport? Gate { get; }

    /// <summary>Null for an agent whose providers are none of ours to set up.</summary>
    IAgentAccounts? Accounts { get; }

    /// <summary>Starts the process and proves the gate. After a failure nothing is left running.</summary>
    Task<AgentState> StartAsync(CancellationToken cancellation);

    /// <summary>
    /// Proves the gate again, then hands the prompt over. Returns when it is accepted or queued, and says what the agent
    /// has done with it. A stored conversation that was deleted under this agent is stored anew before it goes on.
    /// </summary>
    /// <exception cref="AgentBehindException">Another process has written to the stored conversation; the agent did not get the prompt.</exception>
    Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation);

    /// <summary>Ends the run. Returns, when the agent is idle, what waited in the queue.</summary>
    Task<QueuedTexts> AbortAsync(CancellationToken cancellation);

    /// <summary>Answers a request; late and unknown ids are ignored.</summary>
    void Answer(string requestId, AgentAnswer answer);

    Task<AgentState> GetStateAsync(CancellationToken cancellation);

    /// <summary>The conversation so far; what was compacted is gone. Whoever gets it disposes of it.</summary>
    Task<IAgentHistory> ReadHistoryAsync(CancellationToken cancellation);

    Task<AgentStats> GetStatsAsync(CancellationToken cancellation);

    /// <summary>Of an agent without rules.</summary>
    async Task<SortedModels> IAgentModels.SortModelsAsync(CancellationToken cancellation) =>
        new(await ListModelsAsync(cancellation), []) { ConfigProblem = Gate?.ConfigProblem };
}

/// <summary>Makes agents. The composition root hands it to the sessions.</summary>
internal interface IAgentFactory
{
    /// <summary>An agent that is not started yet.</summary>
    /// <param name="options">As the user configured them.</param>
    IAgent Create(AgentOptions options);

    ISessionStore Sessions { get; }

    /// <summary>Where the agent's own skills, templates and docs lie, which it is told to read.</summary>
    IReadOnlyList<string> OwnFolders(AgentOptions options) => [];
}

/// <param name="WorkingDirectory">Absolute; the agent's current directory.</param>
/// <param name="SessionFile">A stored conversation to go on with, or null for a new one.</param>
/// <param name="Ephemeral">Nothing of this conversation is stored.</param>
internal sealed record AgentOptions(
    string WorkingDirectory,
    string Command,
    string? NodePath,
    IReadOnlyList<string> ExtraArgs,
    IReadOnlyDictionary<string, string> Env,
    string? Provider,
    string? Model,
    string? Thinking,
    string? SessionDir,
    string? SessionTitle,
    string? SessionFile,
    bool TrustProject,
    TimeSpan StartTimeout,
    bool Ephemeral = false)
{
    public static readonly TimeSpan UsualStartTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The client answers questions about the code.</summary>
    public bool EditorKnowledge { get; init; }

    /// <summary>False: nothing of the workspace is read that the model gets unasked.</summary>
    public bool TrustWorkspace { get; init; } = true;

    /// <summary>The stored conversation, which may be another folder's, is copied into this one first.</summary>
    public bool CopiesSession { get; init; }
}

/// <summary>The agent could not do it. The message says why and what to do, and holds no secret.</summary>
internal class AgentException : Exception
{
    // What failed is told to people, and may repeat what it was given.
    public AgentException(string message) : base(Redaction.Redact(message)) { }

    public AgentException(string message, Exception inner) : base(Redaction.Redact(message), inner) { }

    /// <summary>What the failure of a start says about the agent's availability.</summary>
    public AvailabilityState State { get; init; } = AvailabilityState.Failed;

    /// <summary>What is wrong alone, where the message also says what to do about it.</summary>
    public string? Problem { get; init; }

    /// <summary>With <see cref="AvailabilityState.NotFound"/>: the places that were looked at.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    /// <summary>What the user can do about it, where there is something besides trying again.</summary>
    public IReadOnlyList<Remedy> Next
    {
        get => field ?? (State == AvailabilityState.Failed ? [] : new Availability(State).Next);
        init;
    }
}

/// <summary>
/// Another process has written to the stored conversation since this agent read it. It would go on from where it is, and
/// what was said there would be on a branch that nobody sees.
/// </summary>
internal sealed class AgentBehindException() : AgentException("The conversation was continued elsewhere.");

/// <summary>The agent was gone before it got the prompt: another one may be started for it.</summary>
internal sealed class AgentGoneException(AgentException reason) : AgentException(reason.Message, reason);
