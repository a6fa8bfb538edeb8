using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>
/// Mirrors the client's buffers (LSP 3.17, "Document synchronization"). A change that does not fit ends the
/// connection: with an unknown mirror every later edit would be wrong. Runs on the ordered loop.
/// </summary>
internal sealed class TextSync(ServerState state, RpcConnection rpc)
{
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
            p => Tell(state.Documents.Change(p.TextDocument.Uri, p.TextDocument.Version, p.ContentChanges, state.Capabilities.Encoding)),
            fatal: true);
        router.OnNotification("textDocument/didSave", LspJson.Default.DidSaveTextDocumentParams, p => state.Documents.Save(p.TextDocument.Uri));
        router.OnNotification("textDocument/didClose", LspJson.Default.DidCloseTextDocumentParams, OnClosed);
    }

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
        if (document.Path is not { } path || await DiskFile.ReadAsync(path) is not DiskText disk || disk.Text != document.Text)
            return;
        rpc.Post(() =>
        {
            if (state.Documents.FindByUri(document.Uri) is { } now && now.Version == document.Version)
                state.Documents.Save(document.Uri);
        });
    }

    private void OnClosed(DidCloseTextDocumentParams p)
    {
        var document = state.Documents.FindByUri(p.TextDocument.Uri);
        if (!state.Documents.Close(p.TextDocument.Uri) || document?.Path is not { } path)
            return;
        // The text of a closed buffer stays what it was until the disk is looked at, before anything is decided.
        Seen?.Invoke(new FileSnapshot(path, document.Uri, document.Text, null, Exists: true));
    }
}
