using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Server.Conversations;

/// <summary>
/// <c>pi.getTranscript</c>, the conversation for views that come late, and <c>pi.showTranscript</c>, for editors without any. They start nothing.
/// </summary>
internal sealed class TranscriptCommands(SessionAccess desk, TranscriptDocuments documents)
{
    private const int DefaultLimit = 200;

    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.GetTranscript, GetAsync);
        commands.On(WireCommands.ShowTranscript, ShowAsync);
    }

    private async Task<TranscriptPage> GetAsync(GetTranscriptArgument argument, CancellationToken cancellation)
    {
        var limit = argument.Limit ?? DefaultLimit;
        if (limit < 1)
            throw new WrongArgumentException("\"limit\" must be at least 1");
        var session = argument.SessionId is null ? desk.Sessions.Current : desk.Session(argument.SessionId);
        if (session is null)
            return new TranscriptPage(null, 0, Running: false, More: false, []);
        // A conversation that was taken up just now is in the mailbox.
        await session.HandledAsync();
        var transcript = session.Transcript;
        if (await Task.Run(() => Page(transcript, argument.Before, limit), cancellation) is not { } page)
            throw new WrongArgumentException($"there is no entry \"{argument.Before}\" in session {session.Id}");
        return new TranscriptPage(session.Id, transcript.Seq, transcript.IsRunning, page.More, [.. page.Entries.Select(WireTranscript.Entry)]);
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

    private async Task<ShownTranscript> ShowAsync(SessionArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        await session.HandledAsync();
        var (uri, shown) = await documents.ShowAsync(session, takeFocus: true);
        return new ShownTranscript(session.Id, uri, shown);
    }
}
