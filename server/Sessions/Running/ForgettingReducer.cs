namespace PiLsp.Sessions.Running;

/// <summary>What a session lets go of as it goes on, so that it does not grow with each of its runs. Pure.</summary>
internal static class ForgettingReducer
{
    /// <summary>So many runs can be taken back and looked at; the protocol names the number, and the next one.</summary>
    public const int MostRuns = 500;

    /// <summary>Decided ones; of those that are open or under way nothing is forgotten.</summary>
    public const int MostEdits = 1_000;

    /// <summary>Before a run begins: what the one before has come to has been told by then.</summary>
    public static void OnRunBegins(SessionStep step)
    {
        // An undo works with the runs by their places.
        if (step.State.Undo is not null)
            return;
        var runs = Math.Max(0, step.State.Runs.Count - MostRuns);
        var surplus = step.State.Proposals.Count - MostEdits;
        var edits = surplus <= 0 ? [] : step.State.Proposals.Where(p => p.IsFinal).Take(surplus).Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        if (runs == 0 && edits.Count == 0)
            return;
        var numbers = step.State.Runs.Take(runs).SelectMany(r => r.Changes).Select(c => c.Number).ToList();
        step.State = step.State with { Runs = step.State.Runs.RemoveRange(0, runs), Proposals = step.State.Proposals.RemoveAll(p => edits.Contains(p.Id)) };
        step.Do(new ForgetPast([.. edits], numbers));
    }
}
