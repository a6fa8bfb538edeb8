using System.Collections.Concurrent;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// One running Pi: its process, its open commands and dialogs, and the one reader that turns its lines into outputs.
/// Owned by a <see cref="PiAgent"/>; everything public may be called from any thread.
/// </summary>
internal sealed class PiLink : IAsyncDisposable
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

    public PiLink(PiProcess process, PiGate gate, OutputQueue outputs, Action<string> log, TimeProvider time)
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

    private static AgentException NotHeldBack(string why) => new($"Pi's edits would not be held back: {why}. No prompt was sent.") { State = AvailabilityState.GateRefused };

    private async Task ReadAsync()
    {
        var lines = ReadLinesAsync();
        // Either may come first: a child of Pi can hold stdout open, and a Pi that closed stdout is of no use.
        await Task.WhenAny(lines, _process.Exited);
        _outputs.Release();
        await Task.WhenAny(Task.WhenAll(lines, _process.Exited), Task.Delay(TimeSpan.FromSeconds(1), _time));
        var expected = _process.IsStopping;
        var closedOutput = !_process.Exited.IsCompleted;
        await _process.StopAsync();
        // The thread is waited for no longer: whoever still holds stdout open may say what they like.
        lock (_handling)
            _isOver = true;

        var exit = await _process.Exited;
        // In the middle of its work, or before it has begun, no extension can ask for that.
        var wasShutDown = !expected && !closedOutput && _isProven && !_expectsRun && !_events.IsRunning && PiEndings.IsShutdown(exit);
        var reason = expected ? "Pi was ended." : closedOutput ? "Pi closed its output and was ended."
            : wasShutDown ? PiEndings.Shutdown : PiEndings.Describe(exit, _process.Stderr);
        Client.Close(reason);
        foreach (var operation in Accounts.Values) operation.Fail(reason);
        _outputs.TryWrite(new AgentExited(reason, expected) { WasShutDown = wasShutDown });
        _outputs.Complete();
        _ended.TrySetResult(reason);
    }

    /// <summary>Reads on a thread of its own, for Pi writes each of its many records by itself.</summary>
    private Task ReadLinesAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                _process.ReadLines(ReadLine);
            }
            catch (Exception error)
            {
                // Whatever it is: what nobody catches on a thread ends the server.
                _log($"Pi's output ended: {(error is IOException or ObjectDisposedException ? error.Message : error)}");
            }

            done.SetResult();
        })
        { IsBackground = true, Name = "Pi's output" }.Start();
        return done.Task;
    }

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

    private bool ReadLine(ReadOnlySpan<byte> line)
    {
        lock (_handling)
        {
            if (_isOver)
                return false;
            // Of a Pi that ends with it, it is in the reason of its end; this one goes on.
            while (_process.Diagnostics.TryRead(out var reported))
                Tell(reported);
            _lineLength = line.Length;
            Guard(PiRecord.Read(line));
        }

        _outputs.WaitForRoom();
        return true;
    }

    // One record that we stumble over must not end the stream, nor leave anybody waiting.
    private void Guard(PiRecord record)
    {
        try
        {
            Handle(record);
        }
        catch (Exception error)
        {
            _log($"A line of Pi was not understood: {error}");
            if (record is PiUiRequest request) _process.Send(PiCommand.CancelDialog(request.Id));
        }
    }

    private void Handle(PiRecord record)
    {
        switch (record)
        {
            case PiDelta delta:
                _events.Read(delta);
                break;
            case PiEvent happened:
                _events.Read(happened);
                break;
            case PiUiRequest request when PiGate.SaysBye(request):
                ForgetGate();
                break;
            case PiUiRequest request when PiGate.Speaks(request):
                HandleGate(request);
                break;
            case PiUiRequest request when PiDialogs.Read(request) is { } dialog:
                Ask(dialog);
                break;
            case PiUiRequest request:
                _events.Read(request);
                break;
            case PiResponse response when !Client.Complete(response) && !response.Success:
                _log($"Pi: {response.Command} failed: {response.Error}");
                break;
            case PiMalformed malformed:
                _log($"A line of Pi was skipped: {malformed.Problem}");
                if (malformed.DialogId is { } id) _process.Send(PiCommand.CancelDialog(id));
                break;
        }
    }

    private void HandleGate(PiUiRequest request)
    {
        switch (_gate.Read(request))
        {
            case GateAsk ask:
                Ask(ask.Request);
                return;
            case GateHello hello when Volatile.Read(ref _challenge) is { } challenge:
                var problem = _gate.Check(hello, challenge.Secret);
                _isGateLoaded = problem is null;
                if (problem is null) challenge.Pass(hello);
                else challenge.Fail(NotHeldBack(problem));
                _process.Send(PiCommand.AnswerDialog(request.Id, "{}"));
                return;
            case GateAccount account when Accounts.TryGetValue(account.OperationId, out var operation):
                operation.Receive(account.RequestId, account.Body);
                return;
            case GateUnreadable unreadable:
                _log($"A request in the gate's name was refused: {unreadable.Problem}");
                Volatile.Read(ref _challenge)?.Fail(NotHeldBack(unreadable.Problem));
                break;
        }

        _process.Send(PiCommand.CancelDialog(request.Id));
    }

    private void Ask(AgentRequest request)
    {
        _dialogs.Open(request);
        _outputs.TryWrite(request, _lineLength);
    }

    private void Emit(AgentEvent happened)
    {
        switch (happened)
        {
            case RunStarted:
                Interlocked.Increment(ref _runsStarted);
                _expectsRun = false;
                break;
            case RunSettled:
                _expectsRun = false;
                break;
            // The challenge went to the model: whatever answers prompts there, it is not the gate. (A run by itself proves nothing: it may be
            // one that a message begins which came too late for the run before.)
            case UserMessage said when Volatile.Read(ref _challenge) is { Outcome.IsCompleted: false } challenge && said.Text.Contains(challenge.Secret, StringComparison.Ordinal):
                challenge.Fail(NotHeldBack("Pi took the gate's challenge for a prompt"));
                _ = Client.CallPatientlyAsync("abort", CancellationToken.None);
                break;
            case ToolEnded { SharesId: false } tool:
                _dialogs.Drop(tool.ToolCallId);
                break;
        }

        _outputs.TryWrite(happened, _lineLength);
    }
}
