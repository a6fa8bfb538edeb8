using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

/// <summary>One agent in a folder of its own, with a reader that says what was awaited and what came instead.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    // Against hanging for ever only: no test relies on its length.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly List<AgentOutput> _seen = [];

    private TestAgent(string folder, AgentOptions options)
    {
        Folder = folder;
        Options = options;
        Agent = new PiAgentFactory(new PiLocator(new PiHost(TimeProvider.System)), Installed.Gate, Log.Enqueue, TimeProvider.System).Create(options);
    }

    public string Folder { get; }

    public AgentOptions Options { get; }

    public IAgent Agent { get; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    public IReadOnlyList<AgentOutput> Seen => _seen;

    public static string NewFolder() => Directory.CreateTempSubdirectory("pilsp-pi-").FullName;

    public static TestAgent Fake(string scenario, Func<AgentOptions, AgentOptions>? change = null) =>
        Make(NewFolder(), Installed.FakePi, new Dictionary<string, string> { ["FAKE_PI_SCENARIO"] = scenario }, change);

    public static TestAgent Real(string folder, ScriptedModel model, Func<AgentOptions, AgentOptions>? change = null) =>
        Make(folder, Installed.Pi, model.Environment, change);

    /// <summary>The next output of this kind; what comes before it is kept in <see cref="Seen"/>.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? fits = null) where T : AgentOutput
    {
        using var deadline = new CancellationTokenSource(Hang);
        try
        {
            await foreach (var output in Agent.Outputs.ReadAllAsync(deadline.Token))
            {
                _seen.Add(output);
                if (output is T wanted && fits?.Invoke(wanted) != false) return wanted;
            }
        }
        catch (OperationCanceledException)
        {
            // Reported below.
        }

        throw new InvalidOperationException(
            $"No {typeof(T).Name} came, but: {string.Join("\n", _seen.TakeLast(20))}\nLog: {string.Join("\n", Log.TakeLast(10))}");
    }

    public Task<AgentState> StartAsync() => Agent.StartAsync(CancellationToken.None).WaitAsync(Hang);

    /// <summary>True when a run follows.</summary>
    public async Task<bool> PromptAsync(string text, PromptDelivery delivery = PromptDelivery.Start) =>
        await Agent.PromptAsync(text, delivery, CancellationToken.None).WaitAsync(Hang) != PromptFate.Handled;

    public async Task<IReadOnlyList<AgentOutput>> RunAsync(string text)
    {
        Assert.True(await PromptAsync(text));
        await NextAsync<RunSettled>();
        return _seen;
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync().AsTask().WaitAsync(Hang);
        Directory.Delete(Folder, recursive: true);
    }

    private static TestAgent Make(string folder, string command, Dictionary<string, string> environment, Func<AgentOptions, AgentOptions>? change)
    {
        var options = new AgentOptions(folder, command, Installed.Node, [], environment, null, null, null, null, null, null, false, TimeSpan.FromSeconds(40));
        return new TestAgent(folder, change?.Invoke(options) ?? options);
    }
}
