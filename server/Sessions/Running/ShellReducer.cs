using System.Globalization;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Sessions.Running;

/// <summary>
/// Shell commands that the user typed: one at a time, beside a run or without one. The permission mode and the gate are
/// about what the agent does by itself; here the user has spoken. Pure.
/// </summary>
internal static class ShellReducer
{

    /// <summary>The id of its progress.</summary>
    public const string Progress = "bash";

    private const int MostNamed = 20;

    /// <summary>How long a command that is to stop may take before the agent is killed.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    public static void OnRequested(SessionStep step, ShellRequested requested)
    {
        if (step.State.Shell is not null)
        {
            step.Do(new CompleteShell(requested.ShellId,
                new ShellResult("", null, Error: "A command of yours is running in this session already; stop it first.")));
            return;
        }

        step.State = step.State with { Shell = new ShellState(requested.ShellId, requested.Command, requested.IsHidden) };
        step.Do(new PublishEvent(new ShellStarted(requested.Command, requested.IsHidden)));
        step.Do(new ReportProgress(Progress, ProgressStage.Begin, $"! {ToolTitle.Line(requested.Command)}"));
        step.Do(new PrepareShell(requested.ShellId,
            [.. step.State.Proposals.Where(p => p.Status is ProposalStatus.Applied or ProposalStatus.Partial).Select(p => p.Path).Distinct()]));
    }

    public static void OnPrepared(SessionStep step, string shellId)
    {
        if (Find(step, shellId) is not { Begun: false, Result: null } shell)
            return;
        if (shell.Stopping)
            End(step, shell, new ShellResult("", null, IsCancelled: true));
        else
            step.Do(new RunShell(shellId, shell.Command, shell.IsHidden));
    }

    public static void OnBegun(SessionStep step, ShellBegun begun)
    {
        if (Find(step, begun.ShellId) is not { } shell)
            return;
        // The agent's end was heard of first.
        if (begun.Generation <= step.State.Exits)
            End(step, shell, new ShellResult("", null, Error: step.State.LastExit));
        else
            step.State = step.State with { Shell = shell with { Begun = true } };
    }

    /// <summary>What it has changed belongs to the result.</summary>
    public static void OnEnded(SessionStep step, ShellResult result)
    {
        if (step.State.Shell is not { Result: null } shell)
            return;
        step.State = step.State with { Shell = shell with { Result = result } };
        step.Do(new FinishShell(shell.Id));
    }

    public static void OnFinished(SessionStep step, ShellFinished finished)
    {
        if (Find(step, finished.ShellId) is not { Result: { } result } shell)
            return;
        if (finished.Aftermath.Changed is { Count: > 0 } changed && !shell.IsHidden)
        {
            var named = string.Join(", ", changed.Take(MostNamed)) +
                (changed.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {changed.Count - MostNamed} more") : "");
            step.State = step.State with { ShellNews = step.State.ShellNews.Add($"{ToolTitle.Line(shell.Command)}: {named}") };
        }

        if (finished.Aftermath.Problem is { } problem && !shell.IsHidden)
            step.State = step.State with
            {
                ShellNews =
                    step.State.ShellNews.Add($"{ToolTitle.Line(shell.Command)}: perhaps more, not all of the workspace could be compared: {problem}")
            };
        ToolReducer.TellProblem(step, finished.Aftermath);

        End(step, shell, result with { Changed = finished.Aftermath.Changed, Unsaved = finished.Aftermath.Unsaved });
    }

    public static void OnFailed(SessionStep step, ShellFailed failed)
    {
        if (Find(step, failed.ShellId) is { Result: null } shell)
            End(step, shell, shell.Stopping ? new ShellResult("", null, IsCancelled: true) : new ShellResult("", null, Error: failed.Message));
    }

    /// <summary>One that the agent did not have yet has its own fate: another agent may be started for it.</summary>
    public static void OnExited(SessionStep step, string reason)
    {
        if (step.State.Shell is { Begun: true, Result: null } shell)
            End(step, shell, shell.Stopping ? new ShellResult("", null, IsCancelled: true) : new ShellResult("", null, Error: reason));
    }

    /// <param name="all">Whoever stopped "whatever goes on" waits for it, too.</param>
    public static void Stop(SessionStep step, string? shellId, bool all)
    {
        if (step.State.Shell is not { } shell || (shellId is not null && shell.Id != shellId))
        {
            if (shellId is null)
                step.Do(new CompleteShellStops(false));
            return;
        }

        step.State = step.State with { Shell = shell with { Stopping = true, StopsAll = shell.StopsAll || all } };
        if (shell is { Stopping: false, Result: null })
        {
            step.Do(new StopShell());
            step.Do(new StartDeadline(new Deadline.Shell(), StopGrace));
        }
    }

    public static void OnDeadline(SessionStep step)
    {
        if (step.State.Shell is { Begun: true, Stopping: true, Result: null })
            step.Do(new KillAgent("it did not stop a shell command when it was told to"));
    }

    private static ShellState? Find(SessionStep step, string shellId) => step.State.Shell is { } shell && shell.Id == shellId ? shell : null;

    private static void End(SessionStep step, ShellState shell, ShellResult result)
    {
        step.State = step.State with { Shell = null };
        step.Do(new StopDeadline(new Deadline.Shell()));
        step.Do(new PublishEvent(new ShellEnded(result)));
        step.Do(new ReportProgress(Progress, ProgressStage.End, Told(result)));
        step.Do(new CompleteShell(shell.Id, result));
        step.Do(new CompleteShellStops(true));
        if (shell.StopsAll)
            step.Do(new CompleteAborts(true, QueuedTexts.None));
        if (step.State.Rules.IdleAfter > TimeSpan.Zero)
            SleepReducer.OnUsed(step);
    }

    private static string Told(ShellResult result) => result switch
    {
        { Error: not null } => "failed",
        { IsCancelled: true } => "stopped",
        { ExitCode: { } code and not 0 } => string.Create(CultureInfo.InvariantCulture, $"exit code {code}"),
        _ => "done",
    };
}
