using System.Collections.Concurrent;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// One running Pi: its process, its open commands and dialogs, and the one reader that turns its lines into outputs.
/// Owned by a <see cref="PiAgent"/>; everything public may be called from any thread.
/// </summary>
internal sealed partial class PiConnection : IAsyncDisposable
{
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(10);

    private readonly PiProcess _process;
    private readonly PiGate _gate;
    private readonly OutputQueue _outputs;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly PiDialogs _dialogs = new();
    private readonly HashSet<string> _told = [];
    private readonly PiEventReader _events;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Lock _handling = new();
    private bool _isOver;
    private int _lineLength;
    private PiChallenge? _challenge;
    private int _runsStarted;
    private volatile bool _expectsRun;
    private volatile bool _isProven;

    /// <summary>The gate has answered in the present conversation and has not said good-bye since: Pi knows its commands.</summary>
    private volatile bool _isGateLoaded;

    public PiConnection(PiProcess process, PiGate gate, OutputQueue outputs, Action<string> log, TimeProvider time)
    {
        (_process, _gate, _outputs, _log, _time) = (process, gate, outputs, log, time);
        Client = new PiClient(process.Send, time);
        _events = new PiEventReader(Emit);
        _reading = Task.Run(ReadAsync);
    }

    public PiClient Client { get; }

    /// <summary>Operations on credentials that are under way, by id.</summary>
    public ConcurrentDictionary<string, PiAccountOperation> Accounts { get; } = new();

    /// <summary>The full id of the model that Pi is set to, as it said last.</summary>
    public string? Selected
    {
        set => _events.Selected = value;
    }

    /// <summary>The output of a command of the user's comes next.</summary>
    public void BeginShell() => _events.StartShell();

    /// <summary>How often Pi has begun to work; a change means that a prompt became a run.</summary>
    public int RunsStarted => Volatile.Read(ref _runsStarted);

    /// <summary>A prompt of ours may still begin a run: a Pi that ends before it does was not shut down by an extension.</summary>
    public void ExpectRun(bool expected) => _expectsRun = expected;

    /// <summary>The reason, once Pi is gone and everything it said is in the outputs.</summary>
    public Task<string> Ended => _ended.Task;

    public void Answer(string requestId, AgentAnswer answer)
    {
        if (_dialogs.Answer(requestId, answer) is { } record) _process.Send(record);
    }

    /// <summary>Whoever asked the user gets to know that there will be no answer.</summary>
    public void CancelDialogs()
    {
        foreach (var record in _dialogs.CancelAllButWrites()) _process.Send(record);
    }

    /// <summary>
    /// Lets the gate show which tools are in force, by a command that starts no run, and tell what there is to know
    /// before a prompt. Not to be called twice at once.
    /// </summary>
    /// <param name="isFirst">Pi is only just starting, which takes as long as the user allows.</param>
    public async Task<GateHello> ProveGateAsync(CancellationToken cancellation, bool isFirst = false)
    {
        await RequireCommandAsync(_gate.CommandName, isFirst, cancellation);
        var challenge = new PiChallenge(PiGate.NewSecret());
        Volatile.Write(ref _challenge, challenge);
        try
        {
            var accepted = Client.CallAsync("prompt", cancellation, ("message", $"/{_gate.CommandName} {challenge.Secret}"));
            await Task.WhenAny(challenge.Outcome, accepted).WaitAsync(HelloDeadline, _time, cancellation);
            // The hello comes before the response; without it the response says why, or that somebody else took the prompt.
            if (!challenge.Outcome.IsCompleted)
            {
                await accepted;
                throw NotHeldBack("the gate did not answer");
            }

            var hello = await challenge.Outcome;
            await accepted;
            _isProven = true;
            _events.Selected = hello.State.Model?.FullId;
            return hello;
        }
        catch (TimeoutException)
        {
            throw NotHeldBack("the gate did not answer in time");
        }
        finally
        {
            Volatile.Write(ref _challenge, null);
        }
    }

    /// <summary>Begins an operation on credentials, or cancels one; returns when Pi is done with it.</summary>
    public async Task CallAccountsAsync(string argument, CancellationToken cancellation)
    {
        await RequireCommandAsync(_gate.AccountsCommandName, isFirst: false, cancellation);
        await Client.CallPatientlyAsync("prompt", cancellation, ("message", $"/{_gate.AccountsCommandName} {argument}"));
    }

    public void AnswerGate(string requestId, Action<Utf8JsonWriter> write) => _process.Send(PiCommand.AnswerDialog(requestId, write));

    /// <summary>The conversation in Pi is about to become another one, or its extensions are.</summary>
    public void ForgetGate() => _isGateLoaded = false;

    /// <summary>Looked for first where it may be missing, because Pi would give an unknown command to the model.</summary>
    private async Task RequireCommandAsync(string name, bool isFirst, CancellationToken cancellation)
    {
        if (_isGateLoaded)
            return;
        var commands = await (isFirst ? Client.CallPatientlyAsync("get_commands", cancellation) : Client.CallAsync("get_commands", cancellation));
        if (commands is not { } data || !PiStateReader.ReadExtensionCommands(data).Contains(name))
            throw NotHeldBack("Pi has not loaded the gate");
    }

    /// <summary>Ends Pi; returns when it is gone and <see cref="AgentExited"/> is out.</summary>
    public async Task StopAsync()
    {
        // Nobody may read any more, and a Pi that cannot write does not end.
        _outputs.Release();
        await _process.StopAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.DisposeAsync();
    }

    private static AgentException NotHeldBack(string why) =>
        new($"Pi's edits would not be held back: {why}. No prompt was sent.") { State = AvailabilityState.GateRefused };

    /// <summary>Something for the user, said once.</summary>
    public void Tell(AgentNotice notice)
    {
        lock (_told)
        {
            if (!_told.Add(notice.Text))
                return;
        }

        _outputs.TryWrite(notice);
    }
}
