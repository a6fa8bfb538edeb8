using PiLsp.Agents;

namespace PiLsp.Sessions;

// How effects are carried out: at once on the loop, or begun here and answered by a message.
internal sealed partial class AgentSession
{
    private const long SlowClient = 1024 * 1024;

    /// <summary>Shorter than the editor may take to answer: what has not been sent is not said to have been refused by it.</summary>
    private static readonly TimeSpan TurnGrace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BehindPause = TimeSpan.FromMilliseconds(50);

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
                // Nobody waits for a look at the disk before a tool that does not run any more.
                _looking.Cancel();
                _looking = new CancellationTokenSource();
                _ = AbortAsync();
                break;
            case CompleteAborts aborted:
                _events.Flush();
                CompleteAborts(aborted.Aborted ? aborted.Queued : null);
                break;
            case SleepAgent:
                _ = SleepAsync();
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
            case SiftPaths sift:
                _ = SiftAsync(sift.Request);
                break;
            case ApplyToEditor apply:
                var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                _deliveries[apply.DeliveryNumber] = over;
                _ = ApplyAsync(apply, over.Token);
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
                _listBehind = true;
                if (!_onlyMoved)
                    PublishList();
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
            case PrepareShell prepare:
                _shelling = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                _ = PrepareShellAsync(prepare, _shelling.Token);
                break;
            case RunShell run:
                _ = RunShellAsync(run, _shelling?.Token ?? _closing.Token);
                break;
            case StopShell:
                _shelling?.Cancel();
                break;
            case FinishShell finish:
                _ = FinishShellAsync(finish);
                break;
            case CompleteShell done:
                _events.Flush();
                if (_shells.TryRemove(done.ShellId, out var shell))
                    shell.TrySetResult(done.Result);
                break;
            case CompleteShellStops stops:
                CompleteShellStops(stops.Stopped);
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
                _ = PrepareToolAsync(prepare, _looking.Token);
                break;
            case FinishTool finish:
                _ = FinishToolAsync(finish);
                break;
            case QueryEditor query:
                var giveUp = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                _queries[query.Request.RequestId] = giveUp;
                _ = QueryEditorAsync(query.Request, giveUp.Token);
                break;
            case WithdrawQuery query:
                if (_queries.Remove(query.RequestId, out var asked))
                    asked.Cancel();
                break;
            case AnnounceLanded landed:
                _editor.EditLanded(landed.Path);
                break;
            case KeepEdit keep:
                if (_past is not null && _state.FindEdit(keep.EditId) is { IsFinal: true, IsKept: false } decidedEdit)
                    _ = KeepEditAsync(_past, decidedEdit);
                break;
            case KeepChange keep:
                if (_past is not null && _state.Runs.FirstOrDefault(r => r.Id == keep.RunId)?.Changes.FirstOrDefault(c => c.Number == keep.Number) is { Before: not null } change)
                    _ = KeepChangeAsync(_past, keep.RunId, Texts(change));
                break;
            case ForgetPast forgotten:
                ForgetPast(forgotten);
                break;
            case ShowProposal show:
                _editor.ShowEdit(Id, show.Proposal);
                break;
            default:
                throw new InvalidOperationException($"nobody carries out {effect.GetType().Name}");
        }
    }

    private void PublishList()
    {
        _listBehind = false;
        _editor.PublishEdits(Id, _state.Proposals);
    }

    /// <summary>
    /// What only moved because of typing is told once for all changes that came together, and not to a client that has
    /// not taken the last list: a list holds whole files.
    /// </summary>
    private void PublishListBehind()
    {
        if (!_listBehind)
            return;
        if (_editor.PendingBytes < SlowClient)
            PublishList();
        else
            Carry(new StartDeadline("edits", BehindPause));
    }

    private void CompleteAborts(QueuedTexts? queued)
    {
        while (_aborts.TryDequeue(out var waiting))
            waiting.TrySetResult(queued);
    }

    private void CompleteShellStops(bool stopped)
    {
        while (_shellStops.TryDequeue(out var waiting))
            waiting.TrySetResult(stopped);
    }

    /// <summary>After their effects: whoever comes next is to find what was remembered of them.</summary>
    private void EndDeliveries()
    {
        foreach (var (number, over) in _deliveries.Where(d => !_state.IsUnderWay(d.Key)).ToList())
        {
            _deliveries.Remove(number);
            over.Cancel();
            over.Dispose();
        }
    }

    private void StopDeadline(string key)
    {
        if (_deadlines.Remove(key, out var timer))
            timer.Dispose();
    }

    /// <summary>In the order of the calls: what is said into a run must not get there before the prompt that begins it.</summary>
    private async Task PromptAsync(SendPrompt prompt, CancellationToken cancellation)
    {
        var before = _prompted;
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _prompted = taken.Task;
        try
        {
            await before.WaitAsync(cancellation);
            if (_seat.TakeLost() is { } lost)
                Tell($"{lost} was deleted while Pi did not run: Pi begins a new conversation here and knows nothing of the one before. pi.restoreSession brings one back that was deleted from an editor.");
            var agent = await _seat.StartedAsync(cancellation);
            var sent = new AgentPrompt(prompt.Text, prompt.Images)
            {
                // It has its place: the agent takes prompts in the order in which they come this far.
                Check = (_, _) =>
                {
                    taken.TrySetResult();
                    return default;
                },
            };
            PromptFate fate;
            try
            {
                fate = await agent.PromptAsync(sent, prompt.Delivery, cancellation);
            }
            catch (AgentGoneException)
            {
                // It died between two prompts and nobody had noticed; once, a new one takes its place.
                _seat.Vacate(agent);
                agent = await _seat.StartedAsync(cancellation);
                fate = await agent.PromptAsync(sent with { MayBeBehind = true }, prompt.Delivery, cancellation);
            }
            catch (AgentBehindException)
            {
                agent = await CaughtUpAsync(agent, cancellation);
                fate = await agent.PromptAsync(sent with { MayBeBehind = true }, prompt.Delivery, cancellation);
            }

            // What an extension said and showed in dealing with it belongs before the answer that it has.
            if (fate == PromptFate.Handled)
                await Task.WhenAny(agent.HandledAsync(), agent.Outputs.Completion).WaitAsync(cancellation);
            Post(new PromptAccepted(prompt.AskId, fate != PromptFate.Handled, _seat.Generation) { Queued = fate == PromptFate.Queued });
        }
        catch (Exception e)
        {
            Post(new PromptFailed(prompt.AskId, e is OperationCanceledException ? "stopped before the prompt was sent" : e.Message));
        }
        finally
        {
            taken.TrySetResult();
        }
    }

    /// <summary>An agent that knows the whole conversation, also what a terminal or another editor has added to it.</summary>
    private async Task<IAgent> CaughtUpAsync(IAgent agent, CancellationToken cancellation)
    {
        // Something waits for this very agent.
        if (State is not { Shell: null, SignIns: 0 } state || state.Proposals.Any(p => !p.IsFinal))
        {
            Tell("This conversation was continued elsewhere, in a terminal or another editor; Pi goes on here without that. Resume the session to see both.");
            return agent;
        }

        await _seat.SleepAsync();
        var next = await _seat.StartedAsync(cancellation);
        Tell("This conversation was continued elsewhere, in a terminal or another editor; Pi has read it again and goes on from there.");
        return next;
    }

    private void Tell(string text) => Post(new AgentSaid(new AgentNotice(NoticeLevel.Warning, text)));

    private async Task AbortAsync()
    {
        try
        {
            Post(new AgentAborted(await _seat.AbortAsync(_closing.Token)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Post(new AbortFailed(e.Message));
        }
    }

    private async Task QueryEditorAsync(EditorQueryRequested request, CancellationToken cancellation)
    {
        EditorQueryAnswer answer;
        try
        {
            answer = await _editor.QueryAsync(request.Tool, request.Input, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Withdrawn by us: the agent has its answer.
            return;
        }
        catch (Exception e)
        {
            answer = new EditorQueryAnswer($"The editor could not answer: {e.Message}", IsError: true);
        }

        Post(new EditorAnswered(request.RequestId, answer));
    }

    private async Task SleepAsync()
    {
        try
        {
            await _seat.SleepAsync();
        }
        catch (Exception e)
        {
            _editor.Log($"session {Id} could not be put to sleep: {e.Message}");
        }
    }

    private async Task LoadAsync(LoadFile load)
    {
        try
        {
            var file = load.OnlyLook ? await Task.Run(() => Look(load.Path)) : await _editor.LoadAsync(load.Path, load.ForReading, load.Allowed, _closing.Token);
            Post(new FileLoaded(load.Key, file) { Past = load.Past.IsDefaultOrEmpty ? [] : await Task.Run(() => Fetched(load.Past)) });
        }
        catch (Exception e)
        {
            Post(new FileLoaded(load.Key, new LoadedFile(null, null, "EIO", e.Message, null)));
        }
    }

    /// <summary>Whether a tool may open it by itself, which would wait for a pipe, and read what the server never does.</summary>
    private LoadedFile Look(string path) => _editor.WhyNoFile(path) is { } noFile
        ? new LoadedFile(null, null, "EACCES", $"{path} {noFile}.", null)
        : new LoadedFile(null, null, null, null, null) { Private = _editor.Look(path) };

    private async Task SiftAsync(SiftRequested request)
    {
        try
        {
            var found = await Task.Run(() => request.Paths.Select(p => (Path: p, File: _editor.Look(p))).Where(p => p.File is not null).Select(p => (p.Path, p.File!)).ToList());
            Post(new PathsSifted(request, found));
        }
        catch (Exception e)
        {
            // What could not be looked at is not shown.
            _editor.Log($"session {Id}: what a search found could not be looked at: {e.Message}");
            Post(new PathsSifted(request, [.. request.Paths.Select(p => (p, new PrivateFile("could not be looked at", p)))]));
        }
    }

    private async Task ApplyAsync(ApplyToEditor apply, CancellationToken over)
    {
        try
        {
            if (!await TakesTurnAsync(apply, over))
                return;
            var (applied, reason) = await _editor.ApplyAsync(apply, _closing.Token);
            Post(new ApplyAnswered(apply.DeliveryNumber, applied, reason));
        }
        catch (Exception e)
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, e.Message) { Failed = true, TimedOut = e is TimeoutException });
        }
    }

    private async Task<bool> TakesTurnAsync(ApplyToEditor apply, CancellationToken over)
    {
        try
        {
            await _editor.TakeTurnAsync(apply, over).WaitAsync(TurnGrace, _time, over);
            return true;
        }
        catch (TimeoutException)
        {
            const string why = "another session's edit of the same file is still under way";
            Post(new ApplyAnswered(apply.DeliveryNumber, false, why) { Failed = true, TimedOut = true });
            return false;
        }
    }

    private async Task PrepareToolAsync(PrepareTool prepare, CancellationToken stopped)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopped, _closing.Token);
        try
        {
            await _editor.PrepareToolAsync(prepare.Execution, prepare.Landed, either.Token);
        }
        catch (Exception e)
        {
            // Consent was given; that the disk cannot be compared does not take it back, and is told afterwards.
            _editor.Log($"the workspace could not be looked at before the tool: {e.Message}");
        }

        Post(new ToolPrepared(prepare.RequestId));
    }

    private async Task FinishToolAsync(FinishTool finish)
    {
        ToolAftermath aftermath;
        try
        {
            aftermath = await _editor.FinishToolAsync(finish.Execution, _closing.Token);
        }
        catch (Exception e)
        {
            _editor.Log($"the workspace could not be looked at after the tool: {e.Message}");
            aftermath = ToolAftermath.Unknown(e.Message);
        }

        if (!finish.NeverRan)
            Post(new ToolFinished(finish.RequestId, finish.Tool, aftermath));
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
}
