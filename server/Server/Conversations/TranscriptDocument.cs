using System.Text;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Editor;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Server.Conversations;

/// <summary>
/// One session's conversation as a file. Written in place and never cut to nothing first, because editors may read it
/// at any moment. Where an editor does not read files again (<see cref="ClientCapabilities.KeepsFilesAsOpened"/>) and
/// has this one open untouched, it is edited there instead. Owned by <see cref="TranscriptDocuments"/>, which shows it and lets it grow.
/// </summary>
internal sealed class TranscriptDocument(AgentSession session, string path, ServerState state, RpcConnection rpc, ServerLog log) : IDisposable
{
    private static readonly TimeSpan EditDeadline = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private string _text = "";
    /// <summary>What does not change any more: of what is stored, and of so many entries that were put aside.</summary>
    private (StoredTranscript? Of, int Past, string Text) _head = (null, 0, TranscriptMarkdown.Head(null));
    private bool _wasOpen;

    public string SessionId => session.Id;

    public string Path { get; } = path;

    public string Uri { get; } = WorkspacePath.ToUri(path);

    public bool IsWriting { get; set; }

    /// <summary>Something was said since it was last written.</summary>
    public bool IsBehind { get; set; }

    public bool WasShown { get; set; }

    /// <summary>The client reports on it. Editors report on the languages only that they start the server for, so false means nothing.</summary>
    public bool IsOpen => state.Documents.FindByPath(Path) is not null;

    /// <summary>Once; again when the user is known to have closed it. Showing what is there already would split the window again in some editors.</summary>
    public bool ShallBeShown => !WasShown || (_wasOpen && !IsOpen);

    public async Task WriteAsync()
    {
        await _writing.WaitAsync();
        try
        {
            var transcript = session.Transcript;
            if (transcript.Stored != _head.Of)
                _head = (transcript.Stored, 0, await Task.Run(() => TranscriptMarkdown.Head(transcript.Stored)));
            if (transcript.Past is { } past && past.Count > _head.Past)
                _head = (_head.Of, past.Count, _head.Text + await Task.Run(() => TranscriptMarkdown.Past(past, _head.Past)));
            var text = TranscriptMarkdown.Write(transcript, _head.Text);
            var buffer = state.Documents.FindByPath(Path);
            _wasOpen |= buffer is not null;
            if (buffer is not null && state.Capabilities.KeepsFilesAsOpened && await EditAsync(buffer, text))
                return;
            await Task.Run(() => Rewrite(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RpcException or RpcConnectionClosedException or TimeoutException)
        {
            log.Write(LogLevel.Warning, $"the transcript {Path} could not be written: {e.Message}");
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <returns>False when the buffer holds something else than we put there: the user has typed into it.</returns>
    private async Task<bool> EditAsync(TextDocument buffer, string text)
    {
        if (buffer.Text != _text)
            return false;
        if (text == _text)
            return true;
        var sent = EditorClient.SnapshotOf(buffer);
        var edit = WorkspaceEdits.Build(sent, TextDiff.Compare(_text, text), state.Capabilities);
        var answer = await rpc.RequestAsync(
            "workspace/applyEdit", new ApplyWorkspaceEditParams("Pi: transcript", edit),
            LspJson.Default.ApplyWorkspaceEditParams, LspJson.Default.ApplyWorkspaceEditResult, CancellationToken.None).WaitAsync(EditDeadline);
        if (answer?.Applied == true)
            _text = text;
        return true;
    }

    private void Rewrite(string text)
    {
        var same = _text.AsSpan().CommonPrefixLength(text);
        // Not in the middle of a surrogate pair.
        if (same > 0 && char.IsHighSurrogate(text[same - 1]))
            same--;
#pragma warning disable RS0030 // a file of our own, in a folder of our own
        using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
#pragma warning restore RS0030
        var start = Encoding.UTF8.GetByteCount(text.AsSpan(0, same));
        // Somebody else has cut it short, or saved another text.
        if (file.Length < start || file.Length != Encoding.UTF8.GetByteCount(_text))
            (start, same) = (0, 0);
        var rest = Encoding.UTF8.GetBytes(text[same..]);
        file.Position = start;
        file.Write(rest);
        file.SetLength(start + rest.Length);
        _text = text;
    }
}
