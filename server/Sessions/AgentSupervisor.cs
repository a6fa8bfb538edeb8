using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PiLsp.Agents;

namespace PiLsp.Sessions;

/// <summary>
/// The agent's place in a session: empty at first, filled when somebody needs the agent, emptied when the process
/// is gone, filled again with the same conversation. Safe from any thread; starting is done once at a time.
/// </summary>
internal sealed partial class AgentSupervisor(IAgentFactory factory, Func<string?, AgentOptions> options, Action<string> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile IAgent? _agent;
    private volatile AgentState? _lastState;
    private volatile string? _sessionFile;
    private volatile string? _problem;
    private volatile string? _wantedThinking;
    private volatile bool _reserved;
    private volatile string? _stored;
    private volatile Func<IAgent, CancellationToken, Task<AgentState>>? _branch;
    private volatile bool _copies;
    private volatile int _generation;
    private volatile bool _disposed;

    /// <summary>Given the stored conversation that the first agent goes on with, before anybody hears of that agent.</summary>
    public Action<IAgentHistory>? HistoryRead { get; set; }

    /// <summary>Called when something that is told of the agent here is another: running or not, its model, its problem.</summary>
    public Action? Changed { get; set; }

    /// <summary>The running agent; null while there is none.</summary>
    public IAgent? Agent => _agent;

    public AgentState? LastState => _lastState;

    /// <summary>The thinking level that the user wants, which a model may lack; null until one was chosen. Any thread.</summary>
    public string? WantedThinking
    {
        get => _wantedThinking;
        set => _wantedThinking = value;
    }

    /// <summary>Why the last start failed; null once one has succeeded.</summary>
    public string? Problem => _problem;

    /// <summary>The stored conversation that the next start goes on with.</summary>
    public string? SessionFile => _sessionFile;

    /// <summary>How many agents have been started so far; the present one is the last of them.</summary>
    public int Generation => _generation;

    /// <summary>See <see cref="AgentOutputs.TextCanWait"/>.</summary>
    public bool TextCanWait
    {
        set
        {
            if (_speaking.TryPeek(out var agent))
                agent.Outputs.TextCanWait = value;
        }
    }

    /// <summary>Told whenever somebody asks for the agent; from any thread.</summary>
    public Action? Used { get; set; }

    /// <summary>A path that the agent names, as the editor spells it.</summary>
    public Func<string, string> Spelled { get; set; } = path => path;

    /// <summary>Goes on with this conversation at the next start, and with no other.</summary>
    /// <param name="branch">Makes another conversation out of it, once, before anybody gets the agent.</param>
    /// <param name="copies">It is another folder's: the first agent goes on with a copy in this one.</param>
    public void Reserve(string sessionFile, Func<IAgent, CancellationToken, Task<AgentState>>? branch = null, bool copies = false)
    {
        _copies = copies;
        _sessionFile = sessionFile;
        _reserved = true;
        _branch = branch;
    }

    public async Task<IAgent> StartedAsync(CancellationToken cancellation)
    {
        Used?.Invoke();
        await _starting.WaitAsync(cancellation);
        try
        {
            if (_agent is { } running)
                return running;
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Pi names its file at once and writes it with the first answer: where it came to none, there is nothing to go on with.
            var goesOn = _reserved || File.Exists(_sessionFile);
            var wanted = options(goesOn ? _sessionFile : null);
            var agent = factory.Create(_copies ? wanted with { CopiesSession = true } : wanted);
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
                var started = await agent.StartAsync(either.Token);
                if (_branch is { } branch)
                {
                    started = await branch(agent, either.Token);
                    (_branch, _reserved, _copies) = (null, false, false);
                }

                Note(started);
                if (goesOn && _generation == 0)
                    await ReadHistoryAsync(agent, either.Token);
                _problem = null;
            }
            catch (Exception e)
            {
                // A start that failed leaves nothing behind; the next one begins clean.
                _problem = e is OperationCanceledException ? null : e.Message;
                await agent.DisposeAsync();
                Changed?.Invoke();
                throw;
            }

            _generation++;
            _agent = agent;
            Changed?.Invoke();
            _speaking.Enqueue(agent);
            Interlocked.Exchange(ref _speaks, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return agent;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>The stored conversation that the next start would have gone on with, where its file is gone by now; told once.</summary>
    public string? TakeLost()
    {
        if (_agent is not null || _stored is not { } file || file != _sessionFile || File.Exists(file))
            return null;
        _stored = null;
        return file;
    }

    private void Leave()
    {
        _agent = null;
        _stored = File.Exists(_sessionFile) ? _sessionFile : null;
    }

    /// <summary>This agent is known to be gone, even if its last words are still on their way.</summary>
    public void Vacate(IAgent agent)
    {
        if (_agent != agent)
            return;
        Leave();
        Changed?.Invoke();
    }

    /// <summary>Remembers what the agent is set to, for status and for a restart.</summary>
    public void Note(AgentState state)
    {
        var before = _lastState;
        _lastState = state;
        _sessionFile = state.SessionFile ?? _sessionFile;
        if (Told(before) != Told(state))
            Changed?.Invoke();

        static (string?, string?, string?, string?) Told(AgentState? state) => (state?.Model?.FullId, state?.Thinking, state?.SessionFile, state?.SessionName);
    }

    /// <summary>Ends the agent for now; the next one goes on with the stored conversation.</summary>
    /// <param name="unstoredToo">A conversation that is not stored yet, because nothing was answered in it, begins anew; else its agent stays.</param>
    public async Task SleepAsync(bool unstoredToo = false)
    {
        await _starting.WaitAsync();
        try
        {
            if (_agent is not { } agent || !(unstoredToo || File.Exists(_sessionFile)))
                return;
            Leave();
            log("Pi is put to sleep");
            await agent.DisposeAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task<QueuedTexts> AbortAsync(CancellationToken cancellation) =>
        _agent is { } agent ? agent.AbortAsync(cancellation) : Task.FromResult(QueuedTexts.None);

    public void Answer(string requestId, AgentAnswer answer) => _agent?.Answer(requestId, answer);

    public async Task KillAsync(string reason)
    {
        if (_agent is not { } agent)
            return;
        log($"ending Pi: {reason}");
        await agent.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        // A start may take as long as the user allows; whoever closes the session does not wait for that.
        await _closing.CancelAsync();
        await _starting.WaitAsync();
        try
        {
            if (_agent is { } agent)
                await agent.DisposeAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task ReadHistoryAsync(IAgent agent, CancellationToken cancellation)
    {
        try
        {
            HistoryRead?.Invoke(await agent.ReadHistoryAsync(cancellation));
        }
        catch (Exception e) when (e is AgentException or IOException)
        {
            // The conversation goes on without its beginning being shown.
            log($"the stored conversation could not be read for the transcript: {e.Message}");
        }
    }

    /// <summary>This agent has nothing more to say.</summary>
    private void Finish(IAgent agent)
    {
        _speaking.TryDequeue(out _);
        Vacate(agent);
        _ = EndAsync(agent);
    }

    private async Task EndAsync(IAgent agent)
    {
        try
        {
            await agent.DisposeAsync();
        }
        catch (Exception e)
        {
            log($"ending Pi failed: {e.Message}");
        }
    }
}
