using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>
/// Mirrors the client's buffers (LSP 3.17, "Document synchronization"). A change that cannot be read ends the
/// connection: with an unknown mirror every later edit would be wrong. At each save the mirror is compared with the text
/// that comes along. Runs on the ordered loop.
/// </summary>
internal sealed class TextSync(ServerState state, RpcConnection rpc, ServerLog log)
{
    private readonly HashSet<string> _unopened = new(StringComparer.Ordinal);

    /// <summary>Called after each change, for everybody who waits for a file.</summary>
    public Action<FileSnapshot>? Seen { get; set; }

    public void Register(RpcRouter router)
    {
        router.OnNotification(
            "textDocument/didOpen",
            LspJson.Default.DidOpenTextDocumentParams,
            p =>
            {
                var document = state.Documents.Open(p.TextDocument.Uri, p.TextDocument.LanguageId ?? "", p.TextDocument.Version, p.TextDocument.Text);
                Tell(document);
                _ = CompareWithDiskAsync(document);
            },
            fatal: true);
        router.OnNotification(
            "textDocument/didChange",
            LspJson.Default.DidChangeTextDocumentParams,
            OnChanged,
            fatal: true);
        router.OnNotification("textDocument/didSave", LspJson.Default.DidSaveTextDocumentParams, OnSaved);
        router.OnNotification("textDocument/didClose", LspJson.Default.DidCloseTextDocumentParams, OnClosed);
    }

    private void OnChanged(DidChangeTextDocumentParams p)
    {
        var client = state.Capabilities;
        var changed = state.Documents.Change(p.TextDocument.Uri, p.TextDocument.Version, p.ContentChanges, client.Encoding, client.WalksRangeEnds);
        // Emacs does not open a file that it cannot decode, and reports its changes all the same.
        if (changed is not null)
            Tell(changed);
        else if (_unopened.Add(p.TextDocument.Uri))
            log.Write(LogLevel.Warning, $"changes of {p.TextDocument.Uri} are ignored: the client has not opened it");
    }

    private void OnSaved(DidSaveTextDocumentParams p)
    {
        if (state.Documents.FindByUri(p.TextDocument.Uri) is not { } mirror)
            return;
        // Neovim gives the text with the line end that it adds on the disk, and goes on as if there were none.
        var text = p.Text is { } given && state.Capabilities.AddsLastNewline && WithoutLastNewline(given) == WithoutLastNewline(mirror.Text)
            ? mirror.Text : p.Text;
        if (state.Documents.Save(p.TextDocument.Uri, text) is not { } saved || saved.Text == mirror.Text)
            return;
        log.Write(LogLevel.Warning,
            $"{p.TextDocument.Uri}: the text that was saved is not the one that the client's changes had made; going on with the saved one");
        Tell(saved);
    }

    private static string WithoutLastNewline(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    private void Tell(TextDocument document)
    {
        // The editor reports on the file now, so what we assumed about it is of no use any more.
        if (document.Path is { } path && !state.Unsaved.IsEmpty)
            state.Unsaved = state.Unsaved.Remove(WorkspacePath.KeyOf(path));
        Seen?.Invoke(EditorClient.SnapshotOf(document));
    }

    /// <summary>Editors open restored unsaved text like any other, so only the disk tells whether a fresh buffer is saved.</summary>
    private async Task CompareWithDiskAsync(TextDocument document)
    {
        if (document.Path is not { } path)
            return;
        Action<string>? found = await DiskFile.ReadAsync(path) switch
        {
            DiskText disk when LineEnds.SameContent(disk.Text, document.Text) => uri => state.Documents.Save(uri),
            DiskText disk when DiskAge.IsOtherDecoding(disk.Text, document.Text) => state.Documents.MarkReadOtherwise,
            DiskBytes { Bytes: var bytes } when DiskAge.IsDecodedFrom(bytes, document.Text) => uri => state.Documents.Save(uri),
            _ => null,
        };
        if (found is null)
            return;
        rpc.Post(() =>
        {
            if (state.Documents.FindByUri(document.Uri) is { } now && now.Version == document.Version)
                found(document.Uri);
        });
    }

    private void OnClosed(DidCloseTextDocumentParams p)
    {
        var document = state.Documents.FindByUri(p.TextDocument.Uri);
        if (!state.Documents.Close(p.TextDocument.Uri) || document is null)
            return;
        // The text of a closed buffer stays what it was until the disk is looked at, before anything is decided.
        Seen?.Invoke(new FileSnapshot(document.Place, document.Uri, document.Text, null, Exists: true) { Counting = document.Counting });
    }
}
