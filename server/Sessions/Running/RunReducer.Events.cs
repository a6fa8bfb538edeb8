using System.Globalization;
using PiLsp.Agents;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Sessions.Running;

// What the agent says of a run.
internal static partial class RunReducer
{
    private const string CacheWarming = "cache_warm";

    private const string AboutCacheWarming =
        "Pi keeps the model's cache of this conversation warm, also between runs, which costs a little each time and is counted with the rest. " +
            "\"cacheWarming\": \"streaming\" or \"off\" in Pi's settings.json ends that.";

    /// <summary>The progress of a compaction outside any run.</summary>
    private const string CompactionProgress = "compaction";

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
            e = new RunSettled(StopReasonOf(run), ErrorOf(run)) { Next = NextOf(run), Run = UndoReducer.Summary(step.State, run) };
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
                        Next = m.Next,
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
                step.Do(new ReportProgress(run.Id, ProgressStage.Report,
                    string.Create(CultureInfo.InvariantCulture, $"retry {r.Attempt} of {r.MaxAttempts} in {r.DelayMs / 1000.0:0.#} s: {r.Error}")));
                break;
            case CompactionStarted:
                step.State = step.State with { Compacting = true };
                step.Do(run is not null ? new ReportProgress(run.Id, ProgressStage.Report, "compacting the conversation")
                    : new ReportProgress(CompactionProgress, ProgressStage.Begin, "compacting the conversation"));
                break;
            case CompactionEnded c:
                step.State = step.State with { Compacting = false };
                step.Do(run is not null ? new ReportProgress(run.Id, ProgressStage.Report, Told(c))
                    : new ReportProgress(CompactionProgress, ProgressStage.End, Told(c)));
                break;
            case RunSettled when run is not null:
                Finish(step, run);
                break;
        }
    }

    private static string Told(CompactionEnded c) => c switch
    {
        { Error: { } error } => $"compacting failed: {error}",
        { Aborted: true } => "compacting was stopped",
        { TokensBefore: { } before, TokensAfter: { } after } => $"compacted from {before} to {after} tokens",
        _ => "compacted",
    };

    /// <summary>What the run has used so far: tokens, and US dollars where they are known.</summary>
    private static string WithUsage(string message, AgentUsage usage) => usage.TotalTokens == 0 ? message : string.Create(
        CultureInfo.InvariantCulture,
        $"{message} ({usage.TotalTokens:N0} tokens{(usage.Cost >= 0.0005m ? string.Create(CultureInfo.InvariantCulture, $", ${usage.Cost:0.000}") : "")})");

    private static string StopReasonOf(RunState run) => run.Refused is not null ? "error" : run.Aborting || run.AbortedItself ? "aborted" : run.StopReason;

    private static IReadOnlyList<Remedy> NextOf(RunState run) =>
        run.Refused is not null ? Remedy.PickModel : run.Aborting || run.AbortedItself ? [] : run.Next;

    private static string? ErrorOf(RunState run) => run.Refused ?? (run.Aborting || run.AbortedItself ? null : run.Error);
}
