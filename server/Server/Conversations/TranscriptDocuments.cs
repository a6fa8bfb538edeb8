using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Questions;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Conversations;

/// <summary>
/// Conversations as Markdown files that grow, for editors without a view of their own (docs/decisions/0006): in a
/// folder that only this user can read and that goes with the server. Its state belongs to the ordered loop; what is
/// public may be called from any thread.
/// </summary>
internal sealed class TranscriptDocuments(ServerState state, RpcConnection rpc, TimeProvider time, ServerLog log) : IDisposable
{
    /// <summary>Editors read the whole file again each time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("pilsp-").FullName);
    private readonly Dictionary<string, TranscriptDocument> _documents = [];
    private volatile bool _any;

    /// <summary>Whether this is one of them, which nobody wants to ask Pi about.</summary>
    public bool Holds(string? path) => _any && path is not null && WorkspacePath.IsInside(_folder.Value, path);

    /// <summary>Makes the document, lets it grow from now on and shows it, unless the user has it open.</summary>
    public async Task<(string Uri, bool Shown)> ShowAsync(AgentSession session, bool takeFocus)
    {
        var document = await OnLoopAsync(() =>
        {
            _any = true;
            if (_documents.TryGetValue(session.Id, out var known))
                return known;
            return _documents[session.Id] = new TranscriptDocument(session, Path.Combine(_folder.Value, $"pi-{session.Id}.md"), state, rpc, log);
        });
        await document.WriteAsync();
        var shown = await OnLoopAsync(() => document.ShallBeShown || takeFocus) ? await OpenAsync(document, takeFocus) : document.IsOpen;
        return (document.Uri, shown);
    }

    /// <summary>Something was said in this session.</summary>
    public void Touch(string sessionId)
    {
        if (_any)
            rpc.Post(() => Grow(sessionId));
    }

    public void Dispose()
    {
        if (!_folder.IsValueCreated)
            return;
        try
        {
            Directory.Delete(_folder.Value, recursive: true);
        }
        catch (IOException e)
        {
            log.Write(LogLevel.Warning, $"the folder of transcripts stays behind: {e.Message}");
        }
    }

    private void Grow(string sessionId)
    {
        if (!_documents.TryGetValue(sessionId, out var document))
            return;
        document.IsBehind = true;
        if (document.IsWriting)
            return;
        document.IsWriting = true;
        _ = GrowAsync(document);
    }

    private async Task GrowAsync(TranscriptDocument document)
    {
        await Task.Delay(Pause, time);
        await OnLoopAsync(() => document.IsBehind = false);
        await document.WriteAsync();
        rpc.Post(() =>
        {
            document.IsWriting = false;
            if (document.IsBehind)
                Grow(document.SessionId);
        });
    }

    private async Task<bool> OpenAsync(TranscriptDocument document, bool takeFocus)
    {
        if (!state.Capabilities.ShowDocument)
        {
            // Said once: the same file goes on.
            if (!document.WasShown)
                rpc.Tell(MessageType.Info, $"Pi: the conversation is in {document.Path}");
            document.WasShown = true;
            return false;
        }

        document.WasShown = true;
        try
        {
            var result = await rpc.RequestAsync(
                "window/showDocument", new ShowDocumentParams(document.Uri, External: null, takeFocus, Selection: null),
                LspJson.Default.ShowDocumentParams, LspJson.Default.ShowDocumentResult, CancellationToken.None);
            return result?.Success ?? false;
        }
        catch (RpcException e)
        {
            log.Write(LogLevel.Warning, $"the editor did not show {document.Uri}: {e.Message}");
            return false;
        }
    }

    private Task<T> OnLoopAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(() => done.SetResult(work()));
        return done.Task;
    }
}
