using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Lanes;
using PiLsp.Sessions.Running;

namespace PiLsp.Sessions;

/// <summary>
/// The pure core of a session: a message and a state give the next state and what is to be done. No clocks,
/// no input or output, no threads; called by <see cref="AgentSession"/>'s loop and by tests that replay transcripts.
/// </summary>
internal static class SessionReducer
{
    public static (SessionState State, IReadOnlyList<SessionEffect> Effects) Reduce(SessionState state, SessionMessage message)
    {
        var step = new SessionStep(state);
        switch (message)
        {
            case AgentSaid { Output: ShellEnded s }:
                ShellReducer.OnEnded(step, s.Result);
                break;
            case AgentSaid { Output: ShellOutput }:
                // Of a command that runs it goes straight to the reader; this is nobody's.
                break;
            case AgentSaid { Output: AgentEvent e }:
                RunReducer.OnEvent(step, e);
                break;
            case AgentSaid { Output: FileReadRequested r }:
                step.Load(new Loading.ForRead(r));
                break;
            case AgentSaid { Output: LookRequested l }:
                step.Load(new Loading.ForLook(l));
                break;
            case AgentSaid { Output: SiftRequested s }:
                step.Do(new SiftPaths(s));
                break;
            case PathsSifted s:
                ReadReducer.OnSifted(step, s);
                break;
            case AgentSaid { Output: FileWriteRequested w }:
                step.Load(new Loading.ForWrite(w));
                break;
            case AgentSaid { Output: ConsentRequested c }:
                ConsentReducer.OnRequested(step, c);
                break;
            case AgentSaid { Output: ToolNoteRequested n }:
                ToolReducer.OnNoteRequested(step, n);
                break;
            case AgentSaid { Output: EditorQueryRequested q }:
                QueryReducer.OnRequested(step, q);
                break;
            case ShellRequested s:
                ShellReducer.OnRequested(step, s);
                break;
            case ShellStopRequested s:
                ShellReducer.Stop(step, s.ShellId, all: false);
                break;
            case ShellPrepared s:
                ShellReducer.OnPrepared(step, s.ShellId);
                break;
            case ShellBegun s:
                ShellReducer.OnBegun(step, s);
                break;
            case ShellFailed s:
                ShellReducer.OnFailed(step, s);
                break;
            case ShellFinished s:
                ShellReducer.OnFinished(step, s);
                break;
            case EditorAnswered q:
                QueryReducer.OnAnswered(step, q);
                break;
            case ToolPrepared p:
                ToolReducer.OnPrepared(step, p);
                break;
            case ToolFinished f:
                ToolReducer.OnFinished(step, f);
                break;
            case AllowanceChanged a:
                ConsentReducer.OnAllowance(step, a);
                break;
            case AgentSaid { Output: DialogRequested d }:
                ConsentReducer.OnRequested(step, d);
                break;
            case AgentSaid { Output: AgentExited x }:
                RunReducer.OnExited(step, x);
                break;
            case AskRequested a:
                if (step.State.Run is null)
                    ForgettingReducer.OnRunBegins(step);
                RunReducer.OnAsked(step, a);
                break;
            case AskCancelled a:
                if (step.State.Run is { } run && run.Asks.Contains(a.AskId))
                    RunReducer.Abort(step);
                else if (step.State.Late.Exists(s => s.AskId == a.AskId))
                    SentReducer.Abort(step);
                break;
            case AbortRequested:
                QueueReducer.OnAbortRequested(step);
                break;
            case AgentAborted a:
                QueueReducer.OnAborted(step, a.Queued);
                break;
            case AbortFailed f:
                if (step.State.Run is { Aborting: true })
                    step.Do(new KillAgent(f.Message));
                QueueReducer.OnAborted(step, QueuedTexts.None);
                break;
            case PromptAccepted p:
                RunReducer.OnPromptAccepted(step, p);
                break;
            case PromptFailed p:
                RunReducer.OnPromptFailed(step, p);
                break;
            case EditDecided d:
                DecisionReducer.OnDecided(step, d);
                break;
            case UndoRequested u:
                UndoReducer.OnRequested(step, u);
                break;
            case EditKept k:
                if (step.State.FindEdit(k.EditId) is { IsFinal: true, IsKept: false } decided)
                    step.Put(PastEdit.Light(decided));
                break;
            case ChangeKept k:
                UndoReducer.OnKept(step, k);
                break;
            case QuestionAnswered { QuestionId: QuestionKey.Edit { EditId: var editId } } q:
                EditReducer.OnQuestionAnswered(step, editId, q.Answer);
                break;
            case QuestionAnswered { QuestionId: QuestionKey.Review { RunId: var runId } } q:
                StageReducer.OnQuestionAnswered(step, runId, q.Answer);
                break;
            case QuestionAnswered { QuestionId: QuestionKey.Request { RequestId: var requestId } } q:
                ConsentReducer.OnAnswered(step, requestId, q.Answer);
                break;
            case QuestionPutAside { QuestionId: QuestionKey.Request { RequestId: var requestId } } p:
                ConsentReducer.OnPutAside(step, requestId, p.Question);
                break;
            case QuestionPutAside:
                // An edit waits for its commands as it is.
                break;
            case ProposalsReturned r:
                Withdrawal.Return(step, r.Proposals);
                break;
            case QuestionsWanted:
                ConsentReducer.AskAgain(step);
                break;
            case FileSeen f:
                EditReducer.OnFileSeen(step, f.File);
                break;
            case FileLoaded f:
                LoadReducer.On(step, f);
                break;
            case ApplyAnswered a:
                LaneReducer.OnAnswered(step, a);
                break;
            case SignInBegun:
                step.State = step.State with { SignIns = step.State.SignIns + 1 };
                break;
            case SignInEnded:
                step.State = step.State with { SignIns = step.State.SignIns - 1 };
                break;
            case AgentUsed when step.State.Rules.IdleAfter > TimeSpan.Zero:
                SleepReducer.OnUsed(step);
                break;
            case AgentUsed:
                break;
            case DeadlinePassed d:
                OnDeadline(step, d.Key);
                break;
            case ModeChanged m:
                step.State = step.State with { Rules = step.State.Rules with { ModeHere = m.Mode } };
                break;
            case SettingsChanged c:
                step.State = step.State with { Rules = step.State.Rules.Under(c.Settings) };
                if (c.Settings.IdleAfter != state.Rules.IdleAfter)
                    SleepReducer.OnUsed(step);
                break;
            case FolderClosed f:
                Withdrawal.WithdrawIn(step, f.Path);
                break;
            default:
                throw new InvalidOperationException($"no rule for {message.GetType().Name}");
        }

        OutcomeReducer.TellAll(step);
        return (step.State, step.Effects);
    }

    private static void OnDeadline(SessionStep step, Deadline deadline)
    {
        switch (deadline)
        {
            case Deadline.Answer { Delivery: var delivery }:
                LaneReducer.OnNoAnswer(step, delivery);
                break;
            case Deadline.Landed { Delivery: var delivery }:
                LaneReducer.OnNoReport(step, delivery);
                break;
            case Deadline.Outcome { EditId: var editId }:
                Withdrawal.OnOutcomeDeadline(step, editId);
                break;
            case Deadline.Dialog { RequestId: var requestId }:
                ConsentReducer.OnDialogOver(step, requestId);
                break;
            case Deadline.Abort:
                if (step.State.Run is { Aborting: true })
                    step.Do(new KillAgent("it did not stop when it was told to"));
                break;
            case Deadline.Shell:
                ShellReducer.OnDeadline(step);
                break;
            case Deadline.Idle:
                SleepReducer.OnPassed(step);
                break;
            case Deadline.Events or Deadline.Edits:
                // The loop's own, which it has looked after.
                break;
        }
    }
}
