using System.Collections.Concurrent;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

// The reading half: on the thread that waits for Pi's stdout.
internal sealed partial class PiConnection
{
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
            case UserMessage said when Volatile.Read(ref _challenge) is { Outcome.IsCompleted: false } challenge
                && said.Text.Contains(challenge.Secret, StringComparison.Ordinal):
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
