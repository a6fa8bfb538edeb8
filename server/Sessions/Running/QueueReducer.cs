using PiLsp.Agents;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Sessions.Running;

/// <summary>What waits in the agent's queue, and what becomes of it when the run is stopped: it goes back to the user. Pure.</summary>
internal static class QueueReducer
{
    public static void OnAbortRequested(SessionStep step)
    {
        if (step.State is { Run: null, Compacting: false, Shell: not null })
            ShellReducer.Stop(step, null, all: true);
        else if (step.State is { Run: null, Late.IsEmpty: false })
            SentReducer.Abort(step);
        else if (step.State.Run is null && !step.State.Compacting)
            step.Do(new CompleteAborts(false, QueuedTexts.None));
        else if (step.State.Run is null)
            step.Do(new AbortAgent());
        else
            RunReducer.Abort(step);
    }

    /// <summary>The agent may have settled before it says what it had not taken up.</summary>
    public static void OnAborted(SessionStep step, QueuedTexts queued)
    {
        queued = Words(queued);
        if (!queued.IsEmpty)
            step.Do(new PublishEvent(new QueueRestored(queued.Steering, queued.FollowUp)));
        step.Do(new CompleteAborts(true, queued));
    }

    public static QueueChanged OnChanged(SessionStep step, QueueChanged changed)
    {
        var queued = Words(new QueuedTexts(changed.Steering, changed.FollowUp));
        step.State = step.State with { Queue = queued };
        return new QueueChanged(queued.Steering, queued.FollowUp);
    }

    /// <summary>The user's own words, without what was put behind them for the model.</summary>
    private static QueuedTexts Words(QueuedTexts queued) =>
        new([.. queued.Steering.Select(PromptText.Words)], [.. queued.FollowUp.Select(PromptText.Words)]);
}
