using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Questions;
using PiLsp.Sessions;

namespace PiLsp.Server.Prompting;

/// <summary>Runs whose end nobody waits for: how one failed has to be said by itself. Any thread.</summary>
internal sealed class DetachedRuns(RpcConnection rpc, ServerLog log)
{
    /// <returns>The run's id, as soon as it has one.</returns>
    public async Task<string> BeginAsync(AgentSession session, AgentPrompt prompt, PromptDelivery delivery)
    {
        var (begun, done) = session.Ask(prompt, delivery, CancellationToken.None);
        var runId = await begun;
        _ = ReportFailureAsync(done);
        return runId;
    }

    private async Task ReportFailureAsync(Task<AskResult> done)
    {
        try
        {
            await done;
        }
        catch (AgentException e)
        {
            log.Write(LogLevel.Error, e.Message);
            rpc.Tell(MessageType.Error, $"Pi: {e.Message}");
        }
    }
}
