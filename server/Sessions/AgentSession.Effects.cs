using PiLsp.Agents;

namespace PiLsp.Sessions;

// How effects are carried out: at once on the loop, or begun here and answered by a message.
internal sealed partial class AgentSession
{
    private const long SlowClient = 1024 * 1024;

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
                _aborts.CompleteAll(aborted.Aborted ? aborted.Queued : null);
                break;
            case SleepAgent:
                _ = SleepAsync();
                break;
            case KillAgent kill:
                _editor.Log($"session {Id}: killing Pi: {kill.Reason}");
                _ = _supervisor.KillAsync(kill.Reason);
                break;
            case AnswerAgent answer:
                _supervisor.Answer(answer.RequestId, answer.Answer);
                break;
            case LoadFile load:
                _ = LoadAsync(load);
                break;
            case SiftPaths sift:
                _ = SiftAsync(sift.Request);
                break;
            case ApplyToEditor apply:
                _ = ApplyAsync(apply, _deliveries.Begin(apply.DeliveryNumber));
                break;
            case AskUser ask:
                _ = AskUserAsync(ask, _questions.Begin(ask.QuestionId));
                break;
            case WithdrawQuestion question:
                _questions.Withdraw(question.QuestionId);
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
                _begun.Complete(begun.AskId, begun.RunId);
                break;
            case CompleteAsk done:
                _events.Flush();
                _begun.Complete(done.AskId, done.Result.RunId ?? "");
                _asks.Complete(done.AskId, done.Result);
                break;
            case FailAsk failed:
                _events.Flush();
                var reason = new AgentException(failed.Message) { Next = failed.Next };
                _begun.Fail(failed.AskId, reason);
                _asks.Fail(failed.AskId, reason);
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
                _shells.Complete(done.ShellId, done.Result);
                break;
            case CompleteShellStops stops:
                _shellStops.CompleteAll(stops.Stopped);
                break;
            case CompleteDecision decided:
                _decisions.Complete(decided.DecisionId, decided.Result);
                break;
            case CompleteUndo undone:
                _undos.Complete(undone.DecisionId, undone.Result);
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
                _ = QueryEditorAsync(query.Request, _queries.Begin(query.Request.RequestId));
                break;
            case WithdrawQuery query:
                _queries.Withdraw(query.RequestId);
                break;
            case AnnounceLanded landed:
                _editor.EditLanded(landed.Path);
                break;
            case KeepEdit keep:
                if (_past is not null && _state.FindEdit(keep.EditId) is { IsFinal: true, IsKept: false } decidedEdit)
                    _ = KeepEditAsync(_past, decidedEdit);
                break;
            case KeepChange keep:
                if (_past is not null
                    && _state.Runs.FirstOrDefault(r => r.Id == keep.RunId)?.Changes.FirstOrDefault(c => c.Number == keep.Number) is { Before: not null } change)
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
        _editor.PublishEdits(_state);
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
            Carry(new StartDeadline(new Deadline.Edits(), BehindPause));
    }

    /// <summary>After their effects: whoever comes next is to find what was remembered of them.</summary>
    private void EndDeliveries()
    {
        foreach (var number in _deliveries.Keys.Where(d => !_state.IsUnderWay(d)).ToList())
            _deliveries.Withdraw(number);
    }

    private void StopDeadline(Deadline key)
    {
        if (_deadlines.Remove(key, out var timer))
            timer.Dispose();
    }

    private async Task SleepAsync()
    {
        try
        {
            await _supervisor.SleepAsync();
        }
        catch (Exception e)
        {
            _editor.Log($"session {Id} could not be put to sleep: {e.Message}");
        }
    }
}
