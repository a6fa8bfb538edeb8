using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Workspace;

namespace PiLsp.Server.Review;

/// <summary>
/// Proposals as documents that any editor can open: a diff, or the proposed text, in a folder that only this user
/// can read and that goes with the server. Safe from any thread.
/// </summary>
internal sealed class ProposalDocuments(ServerState state, RpcConnection rpc, ServerLog log) : IDisposable
{
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("pilsp-").FullName);
    private int _texts;

    /// <returns>The document's URI, and whether the client showed it.</returns>
    public async Task<(string Uri, bool Shown)> ShowAsync(EditProposal proposal, EditView view, CancellationToken cancellation)
    {
        var shown = state.Shown(proposal.Path);
        var (ending, text) = view switch
        {
            EditView.Text => ("", proposal.NewText),
            EditView.Landed => (".landed.diff", EditSum.Landed(proposal, shown)),
            _ => (".diff", proposal.Diff(shown)),
        };
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Value, proposal.Id)).FullName;
        var path = Path.Combine(folder, Path.GetFileName(proposal.Path) + ending);
        await File.WriteAllTextAsync(path, text, cancellation);
        var uri = WorkspacePath.ToUri(path);
        return (uri, await OpenAsync(uri, cancellation));
    }

    /// <summary>A text that somebody wants to see the whole of; false where the editor did not open it.</summary>
    public async Task<bool> ShowTextAsync(string text, CancellationToken cancellation)
    {
        if (!state.Capabilities.ShowDocument)
            return false;
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Value, $"question-{Interlocked.Increment(ref _texts)}")).FullName;
        var path = Path.Combine(folder, "what Pi wants to run.txt");
        await File.WriteAllTextAsync(path, text, cancellation);
        return await OpenAsync(WorkspacePath.ToUri(path), cancellation);
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
            log.Write(LogLevel.Warning, $"the folder of shown proposals stays behind: {e.Message}");
        }
    }

    private async Task<bool> OpenAsync(string uri, CancellationToken cancellation)
    {
        if (!state.Capabilities.ShowDocument)
            return false;
        try
        {
            var result = await rpc.RequestAsync(
                "window/showDocument", new ShowDocumentParams(uri, External: null, TakeFocus: true, Selection: null),
                LspJson.Default.ShowDocumentParams, LspJson.Default.ShowDocumentResult, cancellation);
            return result?.Success ?? false;
        }
        catch (RpcException e)
        {
            log.Write(LogLevel.Warning, $"the editor did not show {uri}: {e.Message}");
            return false;
        }
    }
}
