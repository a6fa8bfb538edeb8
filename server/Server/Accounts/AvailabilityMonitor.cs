using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Server.Settings;

namespace PiLsp.Server.Accounts;

/// <summary>
/// Knows whether a prompt could be sent: from every start of an agent, and from a check when somebody asks for one.
/// The outcome stands until the settings it depends on change, a start says otherwise, or a fresh look is wanted;
/// checks at the same time are one. Runs on the ordered loop, but for <see cref="Now"/> and <see cref="Note"/>.
/// </summary>
/// <param name="agents">Those that are not watched: a check reports by itself. The rules about models hold for them.</param>
internal sealed class AvailabilityMonitor(RpcConnection rpc, IAgentFactory agents, AgentSetup setup) : IAsyncDisposable
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
        var now = setup.Fingerprint();
        if (now == _lastSetup)
            return;
        _lastSetup = now;
        _round++;
        _checking = null;
        Take(new SetupChanged());
    }

    /// <summary>The keys that a client keeps are others. Any thread.</summary>
    public void KeysChanged() => rpc.Post(SettingsChanged);

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
        _checking = LookAndTellAsync(running, _round);
        return _checking.WaitAsync(cancellation);
    }

    /// <summary>Returns when nothing runs any more because of a check. Any thread, any number of times.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _looking;
    }

    private async Task<Availability> LookAndTellAsync(IAgent? running, int round)
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
            {
                // Somebody may have signed in elsewhere, and out.
                if (running.Accounts is { } accounts)
                    await accounts.RefreshAsync(_closing.Token);
                return new ModelsSeen(await running.SortModelsAsync(_closing.Token), running);
            }

            await using var probe = agents.Create(setup.Probe());
            await probe.StartAsync(_closing.Token);
            return new ModelsSeen(await probe.SortModelsAsync(_closing.Token), probe);
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
}
