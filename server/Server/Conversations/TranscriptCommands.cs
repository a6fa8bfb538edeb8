using System.Text.Json;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Sessions;

namespace PiLsp.Server.Conversations;

/// <summary><c>pi.getTranscript</c>, the conversation for views that come late, and <c>pi.showTranscript</c>, for editors without any. They start nothing.</summary>
internal sealed class TranscriptCommands(SessionDesk desk, TranscriptDocuments documents)
{
    private const int DefaultLimit = 200;

    public void Register(CommandRouter commands)
    {
        commands.On("pi.getTranscript", GetAsync);
        commands.On("pi.showTranscript", ShowAsync);
    }

    private async Task<JsonElement> GetAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var limit = arguments.Number("limit") ?? DefaultLimit;
        if (limit < 1)
            throw arguments.Bad("\"limit\" must be at least 1");
        var session = arguments.Text("sessionId") is null ? desk.Sessions.Current : desk.Session(arguments);
        if (session is null)
            return Reply(new TranscriptReply(null, 0, Running: false, More: false, []));
        // A conversation that was taken up just now is in the mailbox.
        await session.HandledAsync();
        var transcript = session.Transcript;
        var before = arguments.Text("before");
        if (await Task.Run(() => Page(transcript, before, limit), cancellation) is not { } page)
            throw arguments.Bad($"there is no entry \"{before}\" in session {session.Id}");
        return Reply(new TranscriptReply(session.Id, transcript.Seq, transcript.IsRunning, page.More, [.. page.Entries.Select(WireTranscript.Entry)]));
    }

    private static (IReadOnlyList<TranscriptEntry> Entries, bool More)? Page(Transcript transcript, string? before, int limit)
    {
        try
        {
            return transcript.Page(before, limit);
        }
        catch (IOException e)
        {
            throw new RpcException(RpcErrorCodes.RequestFailed, $"The stored conversation cannot be read any more: {e.Message}");
        }
    }

    private async Task<JsonElement> ShowAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        await session.HandledAsync();
        var (uri, shown) = await documents.ShowAsync(session, takeFocus: true);
        return JsonSerializer.SerializeToElement(new ShowTranscriptReply(session.Id, uri, shown), WireJson.Default.ShowTranscriptReply);
    }

    private static JsonElement Reply(TranscriptReply reply) => JsonSerializer.SerializeToElement(reply, WireJson.Default.TranscriptReply);
}
