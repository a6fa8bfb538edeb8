using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Conversations;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Prompting;

/// <summary><c>pi.ask</c>. Its synchronous part runs on the ordered loop, after every earlier <c>didChange</c>.</summary>
internal sealed class AskCommands(SessionDesk desk, SettingsSync settings, PromptContext context, SlashCommands slash, TranscriptDocuments transcripts, DetachedRuns runs)
{
    private static readonly string[] Deliveries = ["start", "steer", "followUp"];

    /// <summary>Messages reach a session in the order in which they were asked, however long the files and pictures of one take.</summary>
    private readonly Turns _asked = new();

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
        var show = arguments.Flag("transcript");
        if (!wait)
            cancellation.ThrowIfCancellationRequested();
        if (SlashWords.Find(prompt) is var (name, rest))
            return await slash.RunAsync(name, rest, arguments.Text("sessionId"), cancellation);
        using var turn = _asked.Take(arguments.Text("sessionId") ?? "");
        // Buffers are looked at now: what comes after this is not what the user has asked about.
        var resolving = context.ResolveAsync(arguments, cancellation);
        await settings.ReadyAsync();
        var session = desk.Session(arguments);
        // Cancelled before anything has begun, it is a run that was stopped, and nothing is started for it.
        await ((Task)resolving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await turn.ComesAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (wait && cancellation.IsCancellationRequested)
            return Reply(session.Id, new AskResult("", "aborted", null, default, [], null));
        cancellation.ThrowIfCancellationRequested();
        var items = await resolving;
        if (PromptContext.LeftOut(items) is { } left)
            session.Post(new AgentSaid(new AgentNotice(NoticeLevel.Warning, ShownText.Told(left))));
        var whole = PromptContext.Prompt(prompt, items);
        if (!wait)
        {
            var beginning = runs.BeginAsync(session, whole, (PromptDelivery)index);
            turn.Dispose();
            var runId = await beginning;
            if (show)
                await transcripts.ShowAsync(session, takeFocus: false);
            return JsonSerializer.SerializeToElement(new AskStartedReply(session.Id, runId), WireJson.Default.AskStartedReply);
        }

        var (_, done) = session.Ask(whole, (PromptDelivery)index, cancellation);
        turn.Dispose();
        if (show)
            await transcripts.ShowAsync(session, takeFocus: false);
        return Reply(session.Id, await done);
    }

    private static JsonElement Reply(string sessionId, AskResult result) => JsonSerializer.SerializeToElement(
        new AskReply(
            sessionId, result.Text, result.StopReason, result.Error, Wire.Usage(result.Usage),
            [.. result.Edits.Select(e => new AskedEditReply(e.Uri, EditReducer.Name(e.Status)))], result.RunId)
        {
            AnsweredBy = Wire.AnsweredBy(result.AnsweredBy),
        },
        WireJson.Default.AskReply);
}
