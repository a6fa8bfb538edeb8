using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary><c>pi.ask</c> and <c>pi.abort</c>. The handlers' synchronous part runs on the ordered loop, after every earlier <c>didChange</c>.</summary>
internal sealed class AskCommands(ServerState state, SessionDesk desk, SettingsSync settings, TranscriptDocuments transcripts, DetachedRuns runs)
{
    private static readonly string[] Deliveries = ["start", "steer", "followUp"];

    public void Register(CommandRouter commands)
    {
        commands.On("pi.ask", AskAsync);
        commands.On("pi.abort", Abort);
    }

    private async Task<JsonElement> AskAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var prompt = arguments.Required("prompt");
        var deliver = arguments.Text("deliver") ?? "start";
        if (Array.IndexOf(Deliveries, deliver) is var index && index < 0)
            throw arguments.Bad($"\"deliver\" must be one of {string.Join(", ", Deliveries)}");
        var text = AskContext.Append(prompt, Context(arguments));
        var wait = arguments.Flag("wait", true);
        var show = arguments.Flag("transcript");
        await settings.ReadyAsync();
        var session = desk.Session(arguments);
        if (!wait)
        {
            var runId = await runs.BeginAsync(session, text, (PromptDelivery)index);
            if (show)
                await transcripts.ShowAsync(session, takeFocus: false);
            return JsonSerializer.SerializeToElement(new AskStartedReply(session.Id, runId), WireJson.Default.AskStartedReply);
        }

        var (_, done) = session.Ask(text, (PromptDelivery)index, cancellation);
        if (show)
            await transcripts.ShowAsync(session, takeFocus: false);
        var result = await done;
        return JsonSerializer.SerializeToElement(
            new AskReply(
                session.Id, result.Text, result.StopReason, result.Error, Wire.Usage(result.Usage),
                [.. result.Edits.Select(e => new AskedEditReply(e.Uri, EditReducer.Name(e.Status)))], result.RunId),
            WireJson.Default.AskReply);
    }

    private Task<JsonElement> Abort(CommandArguments arguments, CancellationToken cancellation)
    {
        var id = arguments.Text("sessionId");
        if (id is not null)
            desk.Session(arguments);
        var running = desk.Sessions.All.Where(s => (id is null ? s == desk.Sessions.Current : s.Id == id) && s.State.Run is not null).ToList();
        foreach (var session in running)
            session.Post(new AbortRequested("pi.abort"));
        return Task.FromResult(JsonSerializer.SerializeToElement(new AbortReply(running.Count > 0), WireJson.Default.AbortReply));
    }

    /// <summary>What the user looks at: the file, and the lines that are selected in it.</summary>
    private AskedFile? Context(CommandArguments arguments)
    {
        if (arguments.Object("textDocument") is not { } document)
            return null;
        if (!document.TryGetProperty("uri", out var uri) || uri.ValueKind != JsonValueKind.String)
            throw arguments.Bad("\"textDocument.uri\" must be a string");
        var open = state.Documents.FindByUri(uri.GetString()!);
        var path = open?.Path ?? WorkspacePath.FromUri(uri.GetString()!);
        var shown = path is null ? uri.GetString()! : WorkspacePath.Shown(state.Root, path);
        if (arguments.Object("range") is not { } range)
            return new AskedFile(shown, null, null);
        var start = arguments.Position(range, "start");
        var end = arguments.Position(range, "end");
        if (open is null || start.CompareTo(end) == 0)
            return new AskedFile(shown, (start.Line, end.Line), null);
        var from = open.OffsetAt(start, state.Capabilities.Encoding);
        var to = open.OffsetAt(end, state.Capabilities.Encoding);
        return new AskedFile(shown, (start.Line, end.Line), from < to ? open.Text[from..to] : null);
    }
}
