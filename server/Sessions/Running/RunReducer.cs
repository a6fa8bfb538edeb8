using System.Globalization;
using PiLsp.Agents;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Sessions.Running;

/// <summary>The run: prompts in, canonical events through, exactly one end for everyone who asked. Pure.</summary>
internal static class RunReducer
{
    private const string CacheWarming = "cache_warm";

    private const string AboutCacheWarming =
        "Pi keeps the model's cache of this conversation warm, also between runs, which costs a little each time and is counted with the rest. \"cacheWarming\": \"streaming\" or \"off\" in Pi's settings.json ends that.";

    private const string Stopped = "the run was stopped";

    /// <summary>The progress of a compaction outside any run.</summary>
    private const string CompactionProgress = "compaction";

    /// <summary>How long an agent that was told to stop may take before it is killed.</summary>
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(5);

    public static void OnAsked(SessionStep step, AskRequested asked)
    {
        if (step.State.Run is { } run)
        {
            if (run.Aborting)
                step.Do(new FailAsk(asked.AskId, "The run is being stopped; ask again when it has ended."));
            else if (asked.Delivery == PromptDelivery.Start)
                step.Do(new FailAsk(asked.AskId, "Pi is already working in this session. Stop it (pi.abort), or send the message into the run with deliver \"steer\" or \"followUp\"."));
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

        step.Do(new FailAsk(failed.AskId, failed.Message));
        run = run with { Asks = run.Asks.Remove(failed.AskId) };
        step.State = step.State with { Run = run };
        if (!run.Started && run.Asks.IsEmpty)
            End(step, run, failed.Message);
    }

    public static void OnEvent(SessionStep step, AgentEvent e)
    {
        var run = step.State.Run;
        if (e is RunStarted)
        {
            run ??= Begin(step, askId: null);
            run = SentReducer.Joined(step, run) with { Started = true };
            step.State = step.State with { Run = run };
        }
        else if (e is UserMessage message)
        {
            SentReducer.OnTaken(step, message);
            run = step.State.Run;
        }

        if (e is MessageStarted begun)
        {
            step.State = step.State with { LastAnswer = begun.From };
            return;
        }

        if (e is AnswerRefused refused)
        {
            Refuse(step, refused);
            return;
        }

        if (e is UsedBeside { Kind: CacheWarming } warmed)
        {
            if (step.State.CacheWarmed == default)
                step.Do(new PublishEvent(new AgentNotice(NoticeLevel.Info, AboutCacheWarming, IsForUser: true)));
            step.State = step.State with { CacheWarmed = step.State.CacheWarmed + warmed.Usage };
        }

        if (e is QueueChanged queue)
            e = QueueReducer.OnChanged(step, queue);
        else if (e is RunSettled { WasAborted: var aborted } && run is not null)
        {
            run = run with { AbortedItself = aborted && !run.Aborting };
            e = new RunSettled(StopReasonOf(run), ErrorOf(run));
        }

        step.Do(new PublishEvent(e));
        switch (e)
        {
            case MessageCompleted m when run is not null:
                step.State = step.State with
                {
                    LastAnswer = m.From,
                    Run = run with
                    {
                        Text = m.Text.Length > 0 ? m.Text : run.Text,
                        StopReason = m.StopReason,
                        Error = m.Error,
                        Usage = run.Usage + m.Usage,
                        AnsweredBy = m.From is { } from && run.AnsweredBy.LastOrDefault() != from ? run.AnsweredBy.Remove(from).Add(from) : run.AnsweredBy,
                    },
                };
                break;
            case UserMessage { Images: > 0 } taken when step.State.QueuedPictures.FindIndex(q => q.Text == taken.Text) is >= 0 and var at:
                step.State = step.State with { QueuedPictures = step.State.QueuedPictures.RemoveAt(at) };
                break;
            case ToolStarted t when run is not null:
                step.Do(new ReportProgress(run.Id, ProgressStage.Report, WithUsage(ToolTitle.Of(t.Tool, t.Input), run.Usage)));
                break;
            case ToolEnded { SharesId: false } t:
                Withdrawal.WithdrawOf(step, t.ToolCallId, "the tool call ended");
                break;
            case RetryScheduled r when run is not null:
                step.Do(new ReportProgress(run.Id, ProgressStage.Report, string.Create(CultureInfo.InvariantCulture, $"retry {r.Attempt} of {r.MaxAttempts} in {r.DelayMs / 1000.0:0.#} s: {r.Error}")));
                break;
            case CompactionStarted:
                step.State = step.State with { Compacting = true };
                step.Do(run is not null ? new ReportProgress(run.Id, ProgressStage.Report, "compacting the conversation")
                    : new ReportProgress(CompactionProgress, ProgressStage.Begin, "compacting the conversation"));
                break;
            case CompactionEnded c:
                step.State = step.State with { Compacting = false };
                step.Do(run is not null ? new ReportProgress(run.Id, ProgressStage.Report, Told(c)) : new ReportProgress(CompactionProgress, ProgressStage.End, Told(c)));
                break;
            case RunSettled when run is not null:
                Finish(step, run);
                break;
        }
    }

    public static void OnExited(SessionStep step, AgentExited exited)
    {
        Withdrawal.WithdrawAll(step, "Pi is gone");
        ToolReducer.OnEnded(step, null, "Pi is gone");
        if (step.State is { Compacting: true, Run: null })
            step.Do(new ReportProgress(CompactionProgress, ProgressStage.End, "Pi is gone"));
        step.State = step.State with { Exits = step.State.Exits + 1, LastExit = exited.Reason, Compacting = false, Queue = QueuedTexts.None, QueuedPictures = [] };
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
        step.Do(new PublishEvent(new RunSettled("error", reason)));
        foreach (var ask in run.Asks)
            step.Do(new FailAsk(ask, reason));
        End(step, run, reason);
    }

    public static void Abort(SessionStep step)
    {
        if (step.State.Run is not { Aborting: false } run)
            return;
        step.State = step.State with { Run = run with { Aborting = true } };
        // Tools are let go after the abort: one that had its answer would bring the next turn about.
        step.Do(new AbortAgent());
        Withdrawal.WithdrawAll(step, Stopped, heard: true);
        step.Do(new StartDeadline(new Deadline.Abort(), AbortGrace));
    }

    /// <summary>No further turn of it: what this one says is not used, and its tools are not run.</summary>
    private static void Refuse(SessionStep step, AnswerRefused refused)
    {
        if (step.State.Run is not { Refused: null } run)
            return;
        var from = refused.From;
        var instead = from.Selected is { } selected ? $" in place of {selected}" : "";
        var why = $"Stopped: {from.FullId} answered{instead}, and it is not to be used: {refused.Reason}. Choose another model with pi.pickModel.";
        step.State = step.State with { Run = run with { Refused = why } };
        Abort(step);
    }

    private static string Told(CompactionEnded c) => c switch
    {
        { Error: { } error } => $"compacting failed: {error}",
        { Aborted: true } => "compacting was stopped",
        { TokensBefore: { } before, TokensAfter: { } after } => $"compacted from {before} to {after} tokens",
        _ => "compacted",
    };

    private static RunState Begin(SessionStep step, string? askId, string title = "")
    {
        var id = $"r{step.State.LastRun + 1}";
        var run = new RunState(id) { Asks = askId is null ? [] : [askId], Title = title };
        step.State = step.State with { LastRun = step.State.LastRun + 1, Run = run };
        step.Do(new ReportProgress(id, ProgressStage.Begin, "thinking"));
        return run;
    }

    private static void Finish(SessionStep step, RunState run)
    {
        // First, so that the result does not call open what nobody can decide any more.
        if (run.Aborting)
            Withdrawal.WithdrawAll(step, "the run was stopped");
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
        if (step.State.IdleAfter > TimeSpan.Zero)
            SleepReducer.OnUsed(step);
    }

    /// <summary>What the run has used so far: tokens, and US dollars where they are known.</summary>
    private static string WithUsage(string message, AgentUsage usage) => usage.TotalTokens == 0 ? message : string.Create(
        CultureInfo.InvariantCulture, $"{message} ({usage.TotalTokens:N0} tokens{(usage.Cost >= 0.0005m ? string.Create(CultureInfo.InvariantCulture, $", ${usage.Cost:0.000}") : "")})");

    private static string StopReasonOf(RunState run) => run.Refused is not null ? "error" : run.Aborting || run.AbortedItself ? "aborted" : run.StopReason;

    private static string? ErrorOf(RunState run) => run.Refused ?? (run.Aborting || run.AbortedItself ? null : run.Error);

    private static AskResult Result(SessionState state, RunState run) => new(
        run.Text,
        StopReasonOf(run),
        ErrorOf(run),
        run.Usage,
        [.. state.Proposals.Where(p => p.RunId == run.Id).Select(p => new AskedEdit(p.Uri, p.Status))],
        run.Id)
    {
        AnsweredBy = run.AnsweredBy,
    };
}
