using PiLsp.Edits;
using PiLsp.Sessions.Editing;

namespace PiLsp.Sessions.Running;

/// <summary>When an agent that nobody uses is put to sleep: never while anything is open. Pure.</summary>
internal static class SleepReducer
{
    /// <summary>Somebody used the agent: the time begins anew.</summary>
    public static void OnUsed(SessionStep step)
    {
        if (step.State.Rules.IdleAfter > TimeSpan.Zero)
            step.Do(new StartDeadline(new Deadline.Idle(), step.State.Rules.IdleAfter));
        else
            step.Do(new StopDeadline(new Deadline.Idle()));
    }

    public static void OnPassed(SessionStep step)
    {
        if (step.State.Rules.IdleAfter <= TimeSpan.Zero)
            return;
        if (IsBusy(step.State))
            OnUsed(step);
        else
            step.Do(new SleepAgent());
    }

    /// <summary>Something runs, or somebody has to answer something.</summary>
    public static bool IsBusy(SessionState state) =>
        state.Run is not null || state.Compacting || state.Shell is not null || state.SignIns > 0 || !state.Queue.IsEmpty || state.Undo is not null
            || !state.Pending.IsEmpty || !state.Loading.IsEmpty || !state.AfterLanding.IsEmpty
        || state.Proposals.Any(p => p.Status == ProposalStatus.Open || state.IsBeingApplied(p));
}
