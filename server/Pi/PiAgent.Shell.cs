using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

// The user's own shell commands. They run beside a run, so nothing waits for their turn.
internal sealed partial class PiAgent
{
    private static readonly TimeSpan StopAgain = TimeSpan.FromMilliseconds(250);

    public async Task RunShellAsync(string command, bool isHidden, Action begun, CancellationToken cancellation)
    {
        var connection = Connection;
        cancellation.ThrowIfCancellationRequested();
        // A command that may have begun is never begun again by itself.
        if (connection.Ended.IsCompleted)
            throw new AgentGoneException(new AgentException(await connection.Ended));
        connection.BeginShell();
        var running = connection.Client.CallPatientlyAsync("bash", isHidden ? "excludeFromContext" : null, [("command", command)]);
        begun();
        ShellResult result;
        await using (cancellation.Register(() => _ = StopShellAsync(connection, running)))
        {
            try
            {
                result = ReadShell(await running ?? throw new AgentException("Pi did not say how the command ended."));
            }
            catch (AgentException failed)
            {
                result = new ShellResult("", null, Error: failed.Message);
            }
        }

        // The reader put all of the output there before it saw the response.
        _outputs.TryWrite(new ShellEnded(result));
    }

    private static ShellResult ReadShell(JsonElement data) => new(
        TerminalText.Plain(data.Text("output") ?? ""), data.Whole("exitCode") is { } code ? (int)code
            : null, data.Flag("cancelled") == true, data.Flag("truncated") == true,
        data.Text("fullOutputPath"));

    /// <summary>As long as Pi has not begun with the command, because an extension looks at it first, there is nothing for it to stop.</summary>
    private async Task StopShellAsync(PiConnection connection, Task running)
    {
        while (!running.IsCompleted)
        {
            try
            {
                await connection.Client.CallAsync("abort_bash", CancellationToken.None);
            }
            catch (AgentException reason)
            {
                log($"the shell command could not be stopped: {reason.Message}");
            }

            await Task.WhenAny(running, Task.Delay(StopAgain, time));
        }
    }
}
