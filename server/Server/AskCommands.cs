using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Sessions;

namespace PiLsp.Server;

/// <summary><c>pi.ask</c>. Its synchronous part runs on the ordered loop, after every earlier <c>didChange</c>.</summary>
internal sealed class AskCommands(SessionDesk desk, SettingsSync settings, PromptContext context, SlashCommands slash, RpcConnection rpc, ServerLog log)
{
    private static readonly string[] Deliveries = ["start", "steer", "followUp"];

    public void Register(CommandRouter commands)
    {
        commands.On("pi.ask", AskAsync);
    }

    private async Task<JsonElement> AskAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var prompt = arguments.Required("prompt");
        var deliver = arguments.Text("deliver") ?? "start";
        if (Array.IndexOf(Deliveries, deliver) is var index && index < 0)
            throw arguments.Bad($"\"deliver\" must be one of {string.Join(", ", Deliveries)}");
        var wait = arguments.Flag("wait", true);
        if (SlashCommands.Find(prompt) is var (name, rest))
            return await slash.RunAsync(name, rest, arguments.Text("sessionId"), cancellation);
        // Buffers are looked at now: what comes after this is not what the user has asked about.
        var resolving = context.ResolveAsync(arguments, cancellation);
        await settings.ReadyAsync();
        var session = desk.Session(arguments);
        var (begun, done) = session.Ask(PromptContext.Prompt(prompt, await resolving), (PromptDelivery)index, wait ? cancellation : CancellationToken.None);
        if (!wait)
        {
            _ = ReportFailureAsync(done);
            return JsonSerializer.SerializeToElement(new AskStartedReply(session.Id, await begun), WireJson.Default.AskStartedReply);
        }

        var result = await done;
        return JsonSerializer.SerializeToElement(
            new AskReply(
                session.Id, result.Text, result.StopReason, result.Error, Wire.Usage(result.Usage),
                [.. result.Edits.Select(e => new AskedEditReply(e.Uri, EditReducer.Name(e.Status)))], result.RunId),
            WireJson.Default.AskReply);
    }

    /// <summary>Nobody waits for this run's end, so its failure has to be said by itself.</summary>
    private async Task ReportFailureAsync(Task<AskResult> done)
    {
        try
        {
            await done;
        }
        catch (AgentException e)
        {
            log.Write(LogLevel.Error, e.Message);
            rpc.Notify("window/showMessage", new ShowMessageParams(MessageType.Error, $"Pi: {e.Message}"), LspJson.Default.ShowMessageParams);
        }
    }
}
