using System.Threading.Channels;
using PiLsp.Agents;

namespace PiLsp.Tests.Harness;

/// <summary>Agents that do what a test says, in the order in which the server makes them.</summary>
internal sealed class ScriptedFactory : IAgentFactory
{
    private readonly Channel<ScriptedAgent> _made = Channel.CreateUnbounded<ScriptedAgent>();

    /// <summary>What each new agent is like before anybody talks to it.</summary>
    public Action<ScriptedAgent> Prepare { get; set; } = _ => { };

    public int Count { get; private set; }

    public ISessionStore Sessions { get; } = new NoSessions();

    public IAgent Create(AgentOptions options)
    {
        var agent = new ScriptedAgent(options);
        Count++;
        Prepare(agent);
        _made.Writer.TryWrite(agent);
        return agent;
    }

    public Task<ScriptedAgent> NextAsync() => _made.Reader.ReadAsync().AsTask().WaitAsync(Editor.Hang);
}

/// <summary>
/// One agent in a test's hands: the test says what it says, and sees what it is told. It starts, accepts prompts and
/// settles on abort by itself unless told otherwise. Safe from any thread.
/// </summary>
internal sealed partial class ScriptedAgent(AgentOptions options) : IAgent
{
    private readonly OutputQueue _outputs = new();
    private readonly Channel<(string Text, PromptDelivery Delivery)> _prompts = Channel.CreateUnbounded<(string, PromptDelivery)>();
    private readonly Channel<(string RequestId, AgentAnswer Answer)> _answers = Channel.CreateUnbounded<(string, AgentAnswer)>();
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AgentOptions Options { get; } = options;

    public AgentOutputs Outputs => _outputs;

    public GateReport? Gate { get; private set; }

    public IAgentAccounts? Accounts { get; set; }

    public Func<CancellationToken, Task> OnStart { get; set; } = _ => Task.CompletedTask;

    public Func<string, CancellationToken, Task<bool>> OnPrompt { get; set; } = (_, _) => Task.FromResult(true);

    public bool SettlesOnAbort { get; set; } = true;

    public IReadOnlyList<AgentModel> Models { get; set; } = [];

    public Task Aborted => _aborted.Task.WaitAsync(Editor.Hang);

    public Task Disposed => _disposed.Task.WaitAsync(Editor.Hang);

    public void Say(params IEnumerable<AgentOutput> outputs)
    {
        foreach (var output in outputs)
            _outputs.TryWrite(output);
    }

    public void Crash(string reason)
    {
        Say(new AgentExited(reason, Expected: false));
        _outputs.Complete();
    }

    public Task<(string Text, PromptDelivery Delivery)> PromptedAsync() => _prompts.Reader.ReadAsync().AsTask().WaitAsync(Editor.Hang);

    /// <summary>The next answer, which has to be for this request.</summary>
    public async Task<T> AnsweredAsync<T>(string requestId) where T : AgentAnswer
    {
        var (id, answer) = await _answers.Reader.ReadAsync().AsTask().WaitAsync(Editor.Hang);
        Xunit.Assert.Equal(requestId, id);
        return Xunit.Assert.IsType<T>(answer);
    }

    public async Task<AgentState> StartAsync(CancellationToken cancellation)
    {
        await OnStart(cancellation);
        Gate = new GateReport("0.0.0", [new GateTool("edit", "gate", Active: true)]);
        return await GetStateAsync(cancellation);
    }

    public async Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation)
    {
        if (prompt.Check is { } check)
            await check(await GetStateAsync(cancellation), cancellation);
        _prompts.Writer.TryWrite((prompt.Text, delivery));
        return await OnPrompt(prompt.Text, cancellation) ? delivery == PromptDelivery.Start ? PromptFate.Started : PromptFate.Queued : PromptFate.Handled;
    }

    public Task<QueuedTexts> AbortAsync(CancellationToken cancellation)
    {
        if (SettlesOnAbort)
            Say(new RunSettled());
        _aborted.TrySetResult();
        return Task.FromResult(QueuedTexts.None);
    }

    public void Answer(string requestId, AgentAnswer answer) => _answers.Writer.TryWrite((requestId, answer));

    public Task<AgentState> GetStateAsync(CancellationToken cancellation) =>
        Task.FromResult(new AgentState(Current ?? (Models.Count > 0 ? Models[0] : null), "off", "id", null, null, false));

    public IReadOnlyList<AgentEvent> History { get; set; } = [];

    public Task<IAgentHistory> ReadHistoryAsync(CancellationToken cancellation) => Task.FromResult<IAgentHistory>(new ToldHistory(History));

    public Task<AgentStats> GetStatsAsync(CancellationToken cancellation) => Task.FromResult(new AgentStats(default, 1, 100, 1));

    public Task<IReadOnlyList<AgentModel>> ListModelsAsync(CancellationToken cancellation) => Task.FromResult(Models);

    /// <summary>The model that was set; null: the first one.</summary>
    public AgentModel? Current { get; private set; }

    public Task<AgentModel> SetModelAsync(string provider, string modelId, CancellationToken cancellation) =>
        Task.FromResult(Current = Models.FirstOrDefault(m => m.Provider == provider && m.Id == modelId)
            ?? throw new AgentException($"no model {provider}/{modelId}"));

    public Task<IReadOnlyList<string>> ListThinkingLevelsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>(["off", "high"]);

    public Task SetThinkingAsync(string level, CancellationToken cancellation) =>
        level is "off" or "high" ? Task.CompletedTask : throw new AgentException($"no level {level}");

    public ValueTask DisposeAsync()
    {
        Say(new AgentExited("disposed", Expected: true));
        _outputs.Complete();
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
