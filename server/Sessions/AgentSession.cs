using System.Collections.Concurrent;
using System.Threading.Channels;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>
/// One conversation: the loop that feeds <see cref="SessionReducer"/> and carries out its effects, and the agent
/// behind it. Public members may be called from any thread; everything else runs on the loop, which waits for
/// nobody: answers of the user, the editor and the agent come back as messages.
/// </summary>
internal sealed class AgentSession : IAsyncDisposable
{
    private readonly Channel<SessionMessage> _mailbox = Channel.CreateUnbounded<SessionMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, PendingAsk> _asks = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<DecisionResult>> _decisions = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<UndoResult>> _undos = new();
    private readonly Dictionary<string, CancellationTokenSource> _questions = [];
    private readonly Dictionary<string, ITimer> _deadlines = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly IEditor _editor;
    private readonly AgentSeat _seat;
    private readonly TimeProvider _time;
    private readonly EventPublisher _events;
    private readonly Task _loop;
    private SessionState _state;
    private CancellationTokenSource _prompting = new();
    private long _lastId;

    public AgentSession(SessionState initial, IEditor editor, AgentSeat seat, TimeProvider time)
    {
        _state = initial;
        _editor = editor;
        _seat = seat;
        _time = time;
        _events = new EventPublisher(initial.Id, editor, time, Post);
        _loop = Task.Run(RunAsync);
    }

    public string Id => _state.Id;

    /// <summary>The agent's place in this session: started lazily, replaced after it ended.</summary>
    public AgentSeat Seat => _seat;

    /// <summary>Closed, or ended by an error of its own: nothing can be asked of it any more.</summary>
    public bool IsClosed => _closing.IsCancellationRequested;

    /// <summary>A snapshot; immutable, and as new as the last message handled.</summary>
    public SessionState State => Volatile.Read(ref _state);

    public void Post(SessionMessage message) => _mailbox.Writer.TryWrite(message);

    /// <summary>
    /// Two moments of an ask: <c>Begun</c> with the run's id once it has one, <c>Done</c> when the run has settled.
    /// Cancelling aborts the run, and the result then says so. Both fail with an <see cref="AgentException"/>.
    /// </summary>
    public (Task<string> Begun, Task<AskResult> Done) Ask(string text, PromptDelivery delivery, CancellationToken cancellation)
    {
        var id = $"a{Interlocked.Increment(ref _lastId)}";
        var ask = new PendingAsk();
        _asks[id] = ask;
        Post(new AskRequested(id, text, delivery));
        var registration = cancellation.Register(() => Post(new AskCancelled(id)));
        _ = ask.Done.Task.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        if (_closing.IsCancellationRequested)
            ask.Fail(Closed());
        return (ask.Begun.Task, ask.Done.Task);
    }

    public Task<DecisionResult> DecideAsync(string? editId, EditDecision decision)
    {
        var id = $"d{Interlocked.Increment(ref _lastId)}";
        var completion = new TaskCompletionSource<DecisionResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _decisions[id] = completion;
        Post(new EditDecided(id, editId, decision));
        if (_closing.IsCancellationRequested)
            completion.TrySetException(Closed());
        return completion.Task;
    }

    /// <summary>Completes when everything posted before is handled, so that <see cref="State"/> shows it.</summary>
    public Task HandledAsync()
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _mailbox.Writer.TryWrite(new Reached(completion)) ? completion.Task : Task.CompletedTask;
    }

    /// <summary>Takes back what a run changed; null: the latest that changed something.</summary>
    public Task<UndoResult> UndoAsync(string? runId)
    {
        var id = $"d{Interlocked.Increment(ref _lastId)}";
        var completion = new TaskCompletionSource<UndoResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _undos[id] = completion;
        Post(new UndoRequested(id, runId));
        if (_closing.IsCancellationRequested)
            completion.TrySetException(Closed());
        return completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _mailbox.Writer.TryComplete();
        await _seat.DisposeAsync();
        await _loop;
    }

    private static AgentException Closed() => new("The session is closed.");

    private async Task RunAsync()
    {
        try
        {
            while (await WaitAsync())
            {
                // The user's decisions first: they never wait behind a flood of text.
                while (_mailbox.Reader.TryRead(out var message))
                    Handle(message);
                for (var i = 0; i < 256 && _seat.TryRead(out var output); i++)
                    Handle(new AgentSaid(output));
                _events.FlushIfDue();
            }
        }
        catch (Exception e)
        {
            _editor.Log($"session {Id} faulted: {e}");
            await _seat.DisposeAsync();
            Handle(new AgentSaid(new AgentExited($"The session ended because of an error inside PiLsp: {e.Message}", Expected: false)));
        }
        finally
        {
            await _closing.CancelAsync();
            foreach (var timer in _deadlines.Values)
                await timer.DisposeAsync();
            foreach (var ask in _asks.Values)
                ask.Fail(Closed());
            foreach (var decision in _decisions.Values)
                decision.TrySetException(Closed());
            foreach (var undo in _undos.Values)
                undo.TrySetException(Closed());
            _events.Dispose();
            _mailbox.Writer.TryComplete();
            while (_mailbox.Reader.TryRead(out var late))
                (late as Reached)?.Completion.TrySetResult();
        }
    }

    private async ValueTask<bool> WaitAsync()
    {
        if (_mailbox.Reader.TryPeek(out _) || _seat.HasOutput)
            return true;
        var mail = _mailbox.Reader.WaitToReadAsync().AsTask();
        var said = _seat.WaitAsync();
        var first = await Task.WhenAny(mail, said);
        if (first == said && !mail.IsCompleted)
        {
            await said;
            return true;
        }

        return await mail;
    }

    private void Handle(SessionMessage message)
    {
        if (message is Reached reached)
        {
            reached.Completion.TrySetResult();
            return;
        }

        if (message is AgentSaid { Output: TextDelta or ThinkingDelta } delta && _state.Run is not null)
        {
            _events.Add((AgentEvent)delta.Output);
            return;
        }

        var (state, effects) = SessionReducer.Reduce(_state, message);
        Volatile.Write(ref _state, state);
        foreach (var effect in effects)
            Carry(effect);
    }

    private void Carry(SessionEffect effect)
    {
        switch (effect)
        {
            case SendPrompt prompt:
                _ = PromptAsync(prompt, _prompting.Token);
                break;
            case AbortAgent:
                _prompting.Cancel();
                _prompting = new CancellationTokenSource();
                _ = AbortAsync();
                break;
            case KillAgent kill:
                _editor.Log($"session {Id}: killing Pi: {kill.Reason}");
                _ = _seat.KillAsync(kill.Reason);
                break;
            case AnswerAgent answer:
                _seat.Answer(answer.RequestId, answer.Answer);
                break;
            case LoadFile load:
                _ = LoadAsync(load);
                break;
            case ApplyToEditor apply:
                _ = ApplyAsync(apply);
                break;
            case AskUser ask:
                var withdraw = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                _questions[ask.QuestionId] = withdraw;
                _ = AskUserAsync(ask, withdraw.Token);
                break;
            case WithdrawQuestion question:
                if (_questions.Remove(question.QuestionId, out var source))
                    source.Cancel();
                break;
            case PublishEdits:
                _editor.PublishEdits(Id, _state.Proposals);
                break;
            case PublishEvent published:
                _events.Publish(published.Event);
                break;
            case ReportProgress progress:
                _editor.ReportProgress(Id, progress.RunId, progress.Stage, progress.Message);
                break;
            case BeginAsk begun:
                if (_asks.TryGetValue(begun.AskId, out var beginning))
                    beginning.Begun.TrySetResult(begun.RunId);
                break;
            case CompleteAsk done:
                _events.Flush();
                if (_asks.TryRemove(done.AskId, out var completed))
                    completed.Done.TrySetResult(done.Result);
                break;
            case FailAsk failed:
                _events.Flush();
                if (_asks.TryRemove(failed.AskId, out var lost))
                    lost.Fail(new AgentException(failed.Message));
                break;
            case CompleteDecision decided:
                if (_decisions.TryRemove(decided.DecisionId, out var decision))
                    decision.TrySetResult(decided.Result);
                break;
            case CompleteUndo undone:
                if (_undos.TryRemove(undone.DecisionId, out var undo))
                    undo.TrySetResult(undone.Result);
                break;
            case StartDeadline start:
                StopDeadline(start.Key);
                _deadlines[start.Key] = _time.CreateTimer(_ => Post(new DeadlinePassed(start.Key)), null, start.After, Timeout.InfiniteTimeSpan);
                break;
            case StopDeadline stop:
                StopDeadline(stop.Key);
                break;
            case RememberUnsaved remember:
                _editor.RememberUnsaved(remember);
                break;
            case PrepareTool prepare:
                _ = PrepareToolAsync(prepare);
                break;
            case FinishTool finish:
                _ = FinishToolAsync(finish);
                break;
            case AnnounceLanded landed:
                _editor.EditLanded(landed.Path);
                break;
            case ShowProposal show:
                _editor.ShowEdit(Id, show.Proposal);
                break;
            case WriteLog log:
                _editor.Log(log.Message);
                break;
            default:
                throw new InvalidOperationException($"nobody carries out {effect.GetType().Name}");
        }
    }

    private void StopDeadline(string key)
    {
        if (_deadlines.Remove(key, out var timer))
            timer.Dispose();
    }

    private async Task PromptAsync(SendPrompt prompt, CancellationToken cancellation)
    {
        try
        {
            var agent = await _seat.StartedAsync(cancellation);
            bool runFollows;
            try
            {
                runFollows = await agent.PromptAsync(prompt.Text, prompt.Delivery, cancellation);
            }
            catch (AgentGoneException)
            {
                // It died between two prompts and nobody had noticed; once, a new one takes its place.
                _seat.Vacate(agent);
                agent = await _seat.StartedAsync(cancellation);
                runFollows = await agent.PromptAsync(prompt.Text, prompt.Delivery, cancellation);
            }

            Post(new PromptAccepted(prompt.AskId, runFollows, _seat.Generation));
        }
        catch (Exception e)
        {
            Post(new PromptFailed(prompt.AskId, e is OperationCanceledException ? "stopped before the prompt was sent" : e.Message));
        }
    }

    private async Task AbortAsync()
    {
        try
        {
            await _seat.AbortAsync(_closing.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Post(new AbortFailed(e.Message));
        }
    }

    private async Task LoadAsync(LoadFile load)
    {
        try
        {
            var file = await _editor.LoadAsync(load.Path, load.ForReading, _closing.Token);
            Post(new FileLoaded(load.Key, file));
        }
        catch (Exception e)
        {
            Post(new FileLoaded(load.Key, new LoadedFile(null, null, "EIO", e.Message, null)));
        }
    }

    private async Task ApplyAsync(ApplyToEditor apply)
    {
        try
        {
            var (applied, reason) = await _editor.ApplyAsync(apply, _closing.Token);
            Post(new ApplyAnswered(apply.DeliveryNumber, applied, reason));
        }
        catch (Exception e)
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, e.Message));
        }
    }

    private async Task PrepareToolAsync(PrepareTool prepare)
    {
        try
        {
            await _editor.PrepareToolAsync(prepare.ToolCallId, prepare.Landed, _closing.Token);
        }
        catch (Exception e)
        {
            // Consent was given; that the disk cannot be compared does not take it back.
            _editor.Log($"the workspace could not be looked at before the tool: {e.Message}");
        }

        Post(new ToolPrepared(prepare.RequestId));
    }

    private async Task FinishToolAsync(FinishTool finish)
    {
        var aftermath = new ToolAftermath(null, []);
        try
        {
            aftermath = await _editor.FinishToolAsync(finish.ToolCallId, _closing.Token);
        }
        catch (Exception e)
        {
            _editor.Log($"the workspace could not be looked at after the tool: {e.Message}");
        }

        Post(new ToolFinished(finish.RequestId, aftermath));
    }

    private async Task AskUserAsync(AskUser ask, CancellationToken cancellation)
    {
        try
        {
            Post(new QuestionAnswered(ask.QuestionId, await _editor.AskAsync(ask.Question, cancellation)));
        }
        catch (OperationCanceledException)
        {
            // Withdrawn by us: there is nothing to tell.
        }
        catch (Exception e)
        {
            _editor.Log($"a question could not be put: {e.Message}");
            Post(new QuestionAnswered(ask.QuestionId, new QuestionAnswer(QuestionOutcome.NobodyToAsk)));
        }
    }

    private sealed class PendingAsk
    {
        public TaskCompletionSource<string> Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<AskResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(AgentException reason)
        {
            Begun.TrySetException(reason);
            Done.TrySetException(reason);
        }
    }
}
