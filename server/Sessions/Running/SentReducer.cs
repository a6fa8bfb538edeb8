using PiLsp.Agents;

namespace PiLsp.Sessions.Running;

/// <summary>
/// Messages that were sent into a run: whoever sent one gets the result of the run that took it up. The agent may have
/// ended the run before such a message reached it; then it begins another with it. Pure.
/// </summary>
internal static class SentReducer
{
    /// <summary>A message of the user's has reached the conversation.</summary>
    public static void OnTaken(SessionStep step, UserMessage taken)
    {
        if (step.State.Run is { } run && run.Sent.FindIndex(s => s.Text == taken.Text) is >= 0 and var at)
            step.State = step.State with { Run = run with { Sent = run.Sent.RemoveAt(at) } };
    }

    /// <summary>What the agent has done with a message that came too late for its run; false for any other prompt.</summary>
    public static bool OnAccepted(SessionStep step, PromptAccepted accepted)
    {
        if (step.State.Run is { } run && run.Sent.FindIndex(s => s.AskId == accepted.AskId) is >= 0 and var at)
        {
            step.State = step.State with { Run = run with { Sent = run.Sent.SetItem(at, run.Sent[at] with { Fate = accepted.Fate }) } };
            return false;
        }

        if (step.State.Late.Find(s => s.AskId == accepted.AskId) is not { Of: { } result } late)
            return false;
        if (accepted.Generation <= step.State.Exits)
        {
            step.State = step.State with { Late = step.State.Late.Remove(late) };
            step.Do(new FailAsk(late.AskId, step.State.LastExit));
        }
        else if (accepted.Fate == PromptFate.Started && !late.Carried)
        {
            // Its run is still to begin.
            step.State = step.State with { Late = step.State.Late.Replace(late, late with { Fate = PromptFate.Started }) };
        }
        else
        {
            step.State = step.State with { Late = step.State.Late.Remove(late) };
            step.Do(new CompleteAsk(late.AskId, accepted.Fate == PromptFate.Handled ? new AskResult("", "handled", null, default, [], result.RunId) : result));
        }

        return true;
    }

    public static bool OnFailed(SessionStep step, PromptFailed failed)
    {
        if (step.State.Late.Find(s => s.AskId == failed.AskId) is not { } late)
            return false;
        step.State = step.State with { Late = step.State.Late.Remove(late) };
        step.Do(new FailAsk(failed.AskId, failed.Message) { Next = failed.Next });
        return true;
    }

    /// <summary>A run begins: with a message that came too late for the one before, if there is such a one.</summary>
    public static RunState Joined(SessionStep step, RunState run)
    {
        var late = step.State.Late;
        step.State = step.State with { Late = [] };
        return run with
        {
            Asks = run.Asks.AddRange(late.Select(s => s.AskId)),
            Sent = run.Sent.AddRange(late.Select(s => s with { Carried = true })),
        };
    }

    /// <summary>The run has settled, and has not taken these up: another is going to, or the agent has yet to say what it did with them.</summary>
    public static IReadOnlyList<SentMessage> TooLate(RunState run) => run.Aborting ? []
        : [.. run.Sent.Where(s => run.Asks.Contains(s.AskId) && (s.Fate is null || (s.Fate == PromptFate.Started && !s.Carried)))];

    /// <summary>Those that the agent had taken go with it; of the others another agent may still hear.</summary>
    public static void OnExited(SessionStep step, string reason)
    {
        foreach (var late in step.State.Late.Where(s => s.Fate is not null))
            step.Do(new FailAsk(late.AskId, reason));
        step.State = step.State with { Late = step.State.Late.RemoveAll(s => s.Fate is not null) };
    }

    /// <summary>Stopped before the run has begun that was going to take them up.</summary>
    public static void Abort(SessionStep step)
    {
        foreach (var late in step.State.Late)
            step.Do(new CompleteAsk(late.AskId, new AskResult("", "aborted", null, default, [], late.Of?.RunId ?? "")));
        step.State = step.State with { Late = [] };
        step.Do(new AbortAgent());
    }
}
