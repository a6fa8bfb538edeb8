using PiLsp.Agents;
using PiLsp.Rpc;

namespace PiLsp.Server;

/// <summary>
/// Knows whether a prompt could be sent: from every start of an agent, and from a check when somebody asks for one.
/// The outcome stands until the settings it depends on change, a start says otherwise, or a fresh look is wanted;
/// checks at the same time are one. Runs on the ordered loop, but for <see cref="Now"/> and <see cref="Note"/>.
/// </summary>
/// <param name="agents">Those that are not watched: a check reports by itself.</param>
internal sealed class AvailabilityDesk(RpcConnection rpc, IAgentFactory agents, AgentSetup setup) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private volatile Availability _now = Availability.Unknown;
    private Task<Availability>? _checking;
    private Task _looking = Task.CompletedTask;
    private string _lastSetup = "";
    private int _round;

    public Availability Now => _now;

    public Action? Changed { get; set; }

    /// <summary>Any thread.</summary>
    public void Note(AvailabilityMessage message) => rpc.Post(() => Take(message));

    /// <summary>Called with every change of the settings; most of them do not matter here.</summary>
    public void SettingsChanged()
    {
        var now = SetupOf(setup.Probe());
        if (now == _lastSetup)
            return;
        _lastSetup = now;
        _round++;
        _checking = null;
        Take(new SetupChanged());
    }

    /// <param name="running">An agent that runs already and can be asked instead of starting one.</param>
    public Task<Availability> CheckAsync(IAgent? running, bool refresh, CancellationToken cancellation)
    {
        SettingsChanged();
        if (_checking is { IsCompleted: false } joined)
            return joined.WaitAsync(cancellation);
        if (_now.IsSettled && !refresh)
            return Task.FromResult(_now);
        Take(new CheckBegan());
        // Not cancelled with the one who asked first: others may have joined.
        _checking = CheckAsync(running, _round);
        return _checking.WaitAsync(cancellation);
    }

    /// <summary>Returns when nothing runs any more because of a check. Any thread, any number of times.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _looking;
    }

    private async Task<Availability> CheckAsync(IAgent? running, int round)
    {
        var looking = LookAsync(running);
        _looking = looking;
        var message = await looking;
        var known = new TaskCompletionSource<Availability>(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(() =>
        {
            // What was looked at is not what is configured any more: the answer is true, but not of now.
            if (round == _round)
                Take(message);
            known.SetResult(AvailabilityReducer.Reduce(Availability.Unknown, message));
        });
        return await known.Task;
    }

    private async Task<AvailabilityMessage> LookAsync(IAgent? running)
    {
        try
        {
            if (running is not null)
                return new StartSucceeded((await running.ListModelsAsync(_closing.Token)).Count > 0);
            await using var probe = agents.Create(setup.Probe());
            return new StartSucceeded((await probe.StartAsync(_closing.Token)).Model is not null);
        }
        catch (Exception e)
        {
            return new StartFailed(e as AgentException ?? new AgentException(e.Message, e));
        }
    }

    private void Take(AvailabilityMessage message)
    {
        var before = _now;
        _now = AvailabilityReducer.Reduce(before, message);
        if (before != _now)
            Changed?.Invoke();
    }

    private static string SetupOf(AgentOptions o) => string.Join('\0', [
        o.Command, o.NodePath, .. o.ExtraArgs, "", .. o.Env.OrderBy(e => e.Key, StringComparer.Ordinal).SelectMany(e => new[] { e.Key, e.Value }),
    ]);
}

/// <summary>Makes agents whose starts are known at the desk.</summary>
internal sealed class WatchedAgents(IAgentFactory inner, Action<AvailabilityMessage> note) : IAgentFactory
{
    public ISessionStore Sessions => inner.Sessions;

    public IAgent Create(AgentOptions options) => new WatchedAgent(inner.Create(options), note);

    private sealed class WatchedAgent(IAgent inner, Action<AvailabilityMessage> note) : AgentDecorator(inner)
    {
        public override async Task<AgentState> StartAsync(CancellationToken cancellation)
        {
            note(new StartBegan());
            try
            {
                var state = await base.StartAsync(cancellation);
                note(new StartSucceeded(state.Model is not null));
                return state;
            }
            catch (Exception e)
            {
                note(e is AgentException reason ? new StartFailed(reason) : new StartGivenUp());
                throw;
            }
        }
    }
}
