using System.Threading.Channels;
using PiLsp.Agents;
using PiLsp.Tests.Harness;

namespace PiLsp.Tests.SecondAgent;

/// <summary>
/// An agent that is not Pi and has no process: asked about a file by its path, it writes the file in capitals, or
/// reversed, as its model says. It is all there is to write for a second agent; nothing in the server knows of it.
/// </summary>
internal sealed class UpperCaseAgent : IAgent
{
    private static readonly IReadOnlyList<AgentModel> Models =
    [
        new("letters", "capitals", "Capitals", Reasoning: false, 1000, ["text"], 0, 0),
        new("letters", "reversal", "Reversal", Reasoning: true, 1000, ["text"], 0, 0),
    ];

    private readonly OutputQueue _outputs = new();
    private AgentModel _model = Models[0];
    private string _thinking = "off";
    private string _path = "";
    private string _answer = "";

    public AgentOutputs Outputs => _outputs;

    public GateReport? Gate { get; private set; }

    public IAgentAccounts? Accounts => null;

    public Task<AgentState> StartAsync(CancellationToken cancellation)
    {
        Gate = new GateReport("1.0", [new GateTool("rewrite", "built in", Active: true)]);
        return GetStateAsync(cancellation);
    }

    /// <summary>The last word of the prompt is the path.</summary>
    public async Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation)
    {
        if (prompt.Check is { } check)
            await check(await GetStateAsync(cancellation), cancellation);
        _path = prompt.Text.Split(' ')[^1];
        Say(new RunStarted(), new TurnStarted(), new FileReadRequested("read", "t1", "rewrite", _path));
        return PromptFate.Started;
    }

    public void Answer(string requestId, AgentAnswer answer)
    {
        switch (answer)
        {
            case FileTextAnswer file:
                Say(new FileWriteRequested("write", "t1", "rewrite", _path, _model.Id == "capitals" ? file.Text.ToUpperInvariant()
                    : string.Concat(file.Text.Reverse())));
                break;
            case WriteOutcomeAnswer outcome:
                _answer = outcome.Text;
                Say(new MessageCompleted($"Told: {_answer}", "stop", null, new AgentUsage(1, 2, 0, 0, 3, 0.5m), _model.FullId), new TurnEnded(),
                    new RunSettled());
                break;
        }
    }

    public Task<QueuedTexts> AbortAsync(CancellationToken cancellation)
    {
        Say(new RunSettled());
        return Task.FromResult(QueuedTexts.None);
    }

    public Task<AgentState> GetStateAsync(CancellationToken cancellation) => Task.FromResult(new AgentState(_model, _thinking, "only", null, null, false));

    public Task<AgentStats> GetStatsAsync(CancellationToken cancellation) => Task.FromResult(new AgentStats(new AgentUsage(1, 2, 0, 0, 3, 0.5m), 3, 1000, 0.3));

    public Task<IReadOnlyList<AgentModel>> ListModelsAsync(CancellationToken cancellation) => Task.FromResult(Models);

    public Task<AgentModel> SetModelAsync(string provider, string modelId, CancellationToken cancellation)
    {
        _model = Models.FirstOrDefault(m => m.Provider == provider && m.Id == modelId) ?? throw new AgentException($"There is no model {provider}/{modelId}.");
        _thinking = "off";
        return Task.FromResult(_model);
    }

    public Task<IReadOnlyList<string>> ListThinkingLevelsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(_model.Reasoning ? ["off", "deep"] : ["off"]);

    public Task SetThinkingAsync(string level, CancellationToken cancellation)
    {
        _thinking = level;
        return Task.CompletedTask;
    }

    public Task<IAgentHistory> ReadHistoryAsync(CancellationToken cancellation) => Task.FromResult<IAgentHistory>(new ToldHistory([]));

    public Task<QueuedTexts> ClearQueueAsync(CancellationToken cancellation) => Task.FromResult(QueuedTexts.None);

    public Task RunShellAsync(string command, bool isHidden, Action begun, CancellationToken cancellation) =>
        throw new AgentException("This agent has no shell.");

    public Task AbortRetryAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation) => throw Unstored();

    public Task<IReadOnlyList<AgentCommand>> ListCommandsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<AgentCommand>>([]);

    public Task<(AgentState State, string? Text)> ForkSessionAsync(string entryId, CancellationToken cancellation) => throw Unstored();

    public Task<AgentState> CloneSessionAsync(CancellationToken cancellation) => throw Unstored();

    public Task<IReadOnlyList<ForkPoint>> ListForkPointsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ForkPoint>>([]);

    public Task RenameSessionAsync(string name, CancellationToken cancellation) => throw Unstored();

    public Task<string> ExportSessionAsync(string? path, CancellationToken cancellation) => throw Unstored();

    public ValueTask DisposeAsync()
    {
        Say(new AgentExited("ended", Expected: true));
        _outputs.Complete();
        return ValueTask.CompletedTask;
    }

    private static AgentException Unstored() => new("This agent stores no conversations.");

    private void Say(params IEnumerable<AgentOutput> outputs)
    {
        foreach (var output in outputs) _outputs.TryWrite(output);
    }
}

internal sealed class UpperCaseAgents : IAgentFactory
{
    public ISessionStore Sessions { get; } = new NoSessions();

    public IAgent Create(AgentOptions options) => new UpperCaseAgent();
}
