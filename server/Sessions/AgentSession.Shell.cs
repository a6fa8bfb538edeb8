using PiLsp.Agents;

namespace PiLsp.Sessions;

// The user's own shell commands: the looks at the disk around them, and the agent that runs them.
internal sealed partial class AgentSession
{
    private CancellationTokenSource? _shelling;

    /// <summary>Other sessions have commands of the same name.</summary>
    private string DiskKey(string shellId) => $"{Id}/{shellId}";

    private async Task PrepareShellAsync(PrepareShell prepare, CancellationToken cancellation)
    {
        try
        {
            await _editor.PrepareToolAsync(DiskKey(prepare.ShellId), prepare.Landed, cancellation);
        }
        catch (Exception e)
        {
            _editor.Log($"the workspace could not be looked at before the command: {e.Message}");
        }

        Post(new ShellPrepared(prepare.ShellId));
    }

    private async Task RunShellAsync(RunShell run, CancellationToken cancellation)
    {
        try
        {
            var agent = await _supervisor.StartedAsync(cancellation);
            try
            {
                await agent.RunShellAsync(run.Command, run.IsHidden, Begun, cancellation);
            }
            catch (AgentGoneException)
            {
                // It had died unnoticed, and has not got the command; once, a new one takes its place.
                _supervisor.Vacate(agent);
                agent = await _supervisor.StartedAsync(cancellation);
                await agent.RunShellAsync(run.Command, run.IsHidden, Begun, cancellation);
            }
        }
        catch (Exception e)
        {
            Post(new ShellFailed(run.ShellId, e is OperationCanceledException ? "stopped before the command was run" : e.Message));
        }

        void Begun() => Post(new ShellBegun(run.ShellId, _supervisor.Generation));
    }

    private async Task FinishShellAsync(FinishShell finish)
    {
        ToolAftermath aftermath;
        try
        {
            aftermath = await _editor.FinishToolAsync(DiskKey(finish.ShellId), State.Root, _closing.Token);
        }
        catch (Exception e)
        {
            _editor.Log($"the workspace could not be looked at after the command: {e.Message}");
            aftermath = ToolAftermath.Unknown(e.Message);
        }

        Post(new ShellFinished(finish.ShellId, aftermath));
    }
}
