using System.Globalization;
using PiLsp.Agents;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Sessions.Running;

/// <summary>The run: prompts in, canonical events through, exactly one end for everyone who asked. Pure.</summary>
internal static partial class RunReducer
{
    private const string Stopped = "the run was stopped";

    /// <summary>How long an agent that was told to stop may take before it is killed.</summary>
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(5);

    public static void OnAsked(SessionStep step, AskRequested asked)
    {
        if (step.State.Run is { } run)
        {
            if (run.Aborting)
                step.Do(new FailAsk(asked.AskId, "The run is being stopped; ask again when it has ended."));
            else if (asked.Delivery == PromptDelivery.Start)
                step.Do(new FailAsk(asked.AskId,
                    "Pi is already working in this session. Stop it, or send the message into the run, to steer it or to follow."));
            else
            {
                step.Do(new BeginAsk(asked.AskId, run.Id));
                var text = StageReducer.Tell(step, asked.Text);
                step.State = step.State with { Run = run with { Asks = run.Asks.Add(asked.AskId), Sent = run.Sent.Add(new SentMessage(asked.AskId, text)) } };
                if (asked.Images.Count > 0)
                    step.State = step.State with { QueuedPictures = step.State.QueuedPictures.Add(new QueuedPictures(text, [.. asked.Images])) };
                step.Do(new SendPrompt(asked.AskId, text, asked.Delivery) { Images = asked.Images });
            }

            return;
        }

        step.Do(new BeginAsk(asked.AskId, Begin(step, asked.AskId, ShortText.FirstLine(asked.Text, 80)).Id));
        step.Do(new SendPrompt(asked.AskId, StageReducer.Tell(step, asked.Text), PromptDelivery.Start) { Images = asked.Images });
    }

    public static void OnPromptAccepted(SessionStep step, PromptAccepted accepted)
    {
        if (SentReducer.OnAccepted(step, accepted) || step.State.Run is not { } run || !run.Asks.Contains(accepted.AskId))
            return;
        if (accepted.Generation <= step.State.Exits)
        {
            // It took the prompt and ended; its end was heard of first.
            Lost(step, run, step.State.LastExit);
            return;
        }

        if (accepted.RunFollows)
        {
            step.State = step.State with { Run = run with { Accepted = true } };
            return;
        }

        if (run.Started)
            CompleteOne(step, run, accepted.AskId, "handled");
        else
            Finish(step, run with { StopReason = "handled" });
    }

    public static void OnPromptFailed(SessionStep step, PromptFailed failed)
    {
        if (SentReducer.OnFailed(step, failed) || step.State.Run is not { } run || !run.Asks.Contains(failed.AskId))
            return;
        if (run.Aborting)
        {
            // Its result is the run's: aborted.
            if (!run.Started)
                Finish(step, run);
            return;
        }

        step.Do(new FailAsk(failed.AskId, failed.Message) { Next = failed.Next });
        run = run with { Asks = run.Asks.Remove(failed.AskId) };
        step.State = step.State with { Run = run };
        if (!run.Started && run.Asks.IsEmpty)
            End(step, run, failed.Message);
    }

    public static void OnExited(SessionStep step, AgentExited exited)
    {
        Withdrawal.WithdrawAll(step, "Pi is gone");
        ToolReducer.OnEnded(step, null, "Pi is gone");
        if (step.State is { Compacting: true, Run: null })
            step.Do(new ReportProgress(CompactionProgress, ProgressStage.End, "Pi is gone"));
        step.State =
            step.State with { Exits = step.State.Exits + 1, LastExit = exited.Reason, Compacting = false, Queue = QueuedTexts.None, QueuedPictures = [] };
        ShellReducer.OnExited(step, exited.Reason);
        SentReducer.OnExited(step, exited.Reason);
        // A prompt that was not taken yet has its own fate: another agent may be started for it.
        if (step.State.Run is not { } run || run is { Started: false, Accepted: false, Aborting: false })
        {
            if (exited.WasShutDown)
                step.Do(new PublishEvent(new AgentNotice(NoticeLevel.Info, exited.Reason, IsForUser: true)));
            else if (!exited.Expected)
                step.Do(new PublishEvent(new AgentNotice(NoticeLevel.Error, exited.Reason)));
            return;
        }

        if (run.Aborting)
        {
            Finish(step, run);
            return;
        }

        Lost(step, run, exited.Reason);
    }

    private static void Lost(SessionStep step, RunState run, string reason)
    {
        // Before the answers, as in a run that ends by itself: whoever has the answer has heard everything.
        step.Do(new PublishEvent(new AgentNotice(NoticeLevel.Error, reason)));
        step.Do(new PublishEvent(new RunSettled("error", reason) { Next = Remedy.Retry, Run = UndoReducer.Summary(step.State, run) }));
        foreach (var ask in run.Asks)
            step.Do(new FailAsk(ask, reason) { Next = Remedy.Retry });
        End(step, run, reason);
    }

    /// <summary>The user stops it.</summary>
    public static void Abort(SessionStep step)
    {
        if (step.State.Run is not { Aborting: false } run)
            return;
        step.State = step.State with { Run = run with { Aborting = true } };
        // Tools are let go after the abort: one that had its answer would bring the next turn about.
        step.Do(new AbortAgent());
        // What a model proposed that may not be used is not to be applied later either.
        Withdrawal.WithdrawAll(step, Stopped, heard: true, stoppedRun: run.Refused is null ? run.Id : null);
        step.Do(new StartDeadline(new Deadline.Abort(), AbortGrace));
    }

    /// <summary>No further turn of it: what this one says is not used, and its tools are not run.</summary>
    private static void Refuse(SessionStep step, AnswerRefused refused)
    {
        if (step.State.Run is not { Refused: null } run)
            return;
        var from = refused.From;
        var instead = from.Selected is { } selected ? $" in place of {selected}" : "";
        var why = $"Stopped: {from.FullId} answered{instead}, and it is not to be used: {refused.Reason}. Choose another model.";
        step.State = step.State with { Run = run with { Refused = why } };
        Abort(step);
    }

    private static RunState Begin(SessionStep step, string? askId, string title = "")
    {
        var id = RunState.IdOf(step.State.LastRun + 1);
        Withdrawal.WithdrawStopped(step);
        var run = new RunState(id) { Asks = askId is null ? [] : [askId], Title = title };
        step.State = step.State with { LastRun = step.State.LastRun + 1, Run = run };
        step.Do(new ReportProgress(id, ProgressStage.Begin, "thinking"));
        return run;
    }

    private static void Finish(SessionStep step, RunState run)
    {
        // First, so that the result does not call open what nobody can decide any more.
        if (run.Aborting)
            Withdrawal.WithdrawAll(step, Stopped, stoppedRun: run.Refused is null ? run.Id : null);
        else
            Withdrawal.WithdrawUnstaged(step, "the run ended");
        ToolReducer.OnEnded(step, null, "the run ended");
        var result = Result(step.State, run);
        var late = SentReducer.TooLate(run);
        foreach (var ask in run.Asks.Where(a => late.All(s => s.AskId != a)))
            step.Do(new CompleteAsk(ask, result));
        step.State = step.State with { Late = step.State.Late.AddRange(late.Select(s => s with { Of = result })) };
        StageReducer.OnRunEnded(step, run);
        End(step, run, run.Refused ?? (run.Aborting || run.AbortedItself ? "stopped" : run.Error ?? "done"));
    }

    private static void CompleteOne(SessionStep step, RunState run, string askId, string stopReason)
    {
        step.State = step.State with { Run = run with { Asks = run.Asks.Remove(askId) } };
        step.Do(new CompleteAsk(askId, new AskResult("", stopReason, null, default, [], run.Id)));
    }

    private static void End(SessionStep step, RunState run, string message)
    {
        step.State = step.State with { Run = null, QueuedPictures = [] };
        step.Do(new StopDeadline(new Deadline.Abort()));
        step.Do(new ReportProgress(run.Id, ProgressStage.End, WithUsage(message, run.Usage)));
        if (step.State.Rules.IdleAfter > TimeSpan.Zero)
            SleepReducer.OnUsed(step);
    }

    private static AskResult Result(SessionState state, RunState run) => new(
        run.Text,
        StopReasonOf(run),
        ErrorOf(run),
        run.Usage,
        [.. state.Proposals.Where(p => p.RunId == run.Id).Select(p => new AskedEdit(p.Uri, p.Status))],
        run.Id)
    {
        AnsweredBy = run.AnsweredBy,
        Next = NextOf(run),
    };
}
