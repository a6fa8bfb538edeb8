using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Workspace;

namespace PiLsp.Server.Review;

/// <summary>
/// Shows open proposals in an editor that knows nothing of us: an information diagnostic on each waiting hunk,
/// refreshed lenses. Session loops hand lists over; everything else happens on the ordered loop.
/// </summary>
internal sealed class ReviewSurface(ServerState state, RpcConnection rpc)
{
    private const int MaxPreviewLines = 8;

    private readonly Dictionary<string, IReadOnlyList<OpenEdit>> _bySession = [];
    private readonly HashSet<string> _marked = [];

    /// <summary>What waits for a decision, oldest first; used on the ordered loop by actions and lenses.</summary>
    public IEnumerable<OpenEdit> Open => _bySession.Values.SelectMany(e => e);

    /// <summary>From a session loop. The ranges are computed there, so that a large proposal does not hold the server up.</summary>
    public void Show(SessionState session)
    {
        if (!state.Capabilities.ReviewMarks)
            return;
        var open = session.Proposals.Where(session.IsOpen)
            .Select(p => OpenEdit.Of(p, StageReducer.OnTop(session, p), state.Capabilities.Encoding)).ToList();
        rpc.Post(() =>
        {
            if (open.Count == 0 && !_bySession.ContainsKey(session.Id))
                return;
            _bySession[session.Id] = open;
            Publish();
        });
    }

    public IEnumerable<OpenEdit> In(string uri) =>
        Open.Where(e => WorkspacePath.SamePath(e.Path, WorkspacePath.FromUri(uri) ?? VirtualPath.Of(uri)));

    private void Publish()
    {
        var byUri = Open.GroupBy(e => e.Uri).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var uri in _marked.Where(u => !byUri.ContainsKey(u)).ToList())
        {
            _marked.Remove(uri);
            rpc.Notify("textDocument/publishDiagnostics", new PublishDiagnosticsParams(uri, null, []), LspJson.Default.PublishDiagnosticsParams);
        }

        foreach (var (uri, edits) in byUri)
        {
            _marked.Add(uri);
            var diagnostics = edits.SelectMany(e => e.Hunks.Select(h => ToDiagnostic(e, h))).ToList();
            rpc.Notify("textDocument/publishDiagnostics", new PublishDiagnosticsParams(uri, edits[0].Version, diagnostics),
                LspJson.Default.PublishDiagnosticsParams);
        }

        if (state.Capabilities.CodeLensRefresh)
            _ = RefreshLensesAsync();
    }

    private async Task RefreshLensesAsync()
    {
        try
        {
            await rpc.RequestAsync("workspace/codeLens/refresh", new NoParams(), LspJson.Default.NoParams, LspJson.Default.JsonElement, CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or RpcConnectionClosedException)
        {
            // Lenses are shown anew at the next change then.
        }
    }

    private Diagnostic ToDiagnostic(OpenEdit edit, OpenHunk hunk) => new(
        hunk.Range, Severity: 3, Code: hunk.Clashes ? "clash" : edit.Tool, Source: "pi", Describe(hunk))
    {
        Data = state.Capabilities.DiagnosticData ? new DiagnosticData(edit.Id, hunk.Id) : null,
    };

    private static string Describe(OpenHunk hunk)
    {
        if (hunk.Clashes)
            return "Pi wants to change these lines, but you have changed them meanwhile.";
        var removed = Lines(hunk.OldText);
        var added = Lines(hunk.NewText);
        var preview = removed.Select(l => "- " + l).Concat(added.Select(l => "+ " + l)).ToList();
        var rest = preview.Count - MaxPreviewLines;
        var shown = string.Join('\n', preview.Take(MaxPreviewLines)) + (rest > 0 ? $"\n… {rest} more lines" : "");
        return (removed.Count, added.Count) switch
        {
            (0, _) => $"Pi wants to insert:\n{shown}",
            (_, 0) => $"Pi wants to delete:\n{shown}",
            _ => $"Pi wants to change:\n{shown}",
        };
    }

    private static List<string> Lines(string text)
    {
        var lines = text.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}

/// <summary>A proposal as it is shown: its waiting hunks with their places in the client's buffer. Immutable.</summary>
internal sealed record OpenEdit(string Id, string RunId, string Tool, string Path, string Uri, int? Version, IReadOnlyList<OpenHunk> Hunks)
{
    /// <param name="onTop">The same seen from what is staged below it (<see cref="StageReducer.OnTop"/>).</param>
    public static OpenEdit Of(EditProposal proposal, EditProposal? onTop, PositionEncoding encoding)
    {
        var present = proposal.View.Present;
        var document = TextDocument.Of(present);
        var above = (onTop?.View.Hunks ?? []).Where(h => proposal.View.Hunks.All(o => o.Id != h.Id)).ToList();
        var hunks = proposal.View.Hunks.Select(h => new OpenHunk(h.Id, document.RangeOf(h.Start, h.Length, encoding), h.OldText, h.NewText, false))
            .Concat(above.Select(h => new OpenHunk(h.Id, Wire.PlaceOf(proposal, h, document, encoding), h.OldText, h.NewText, false)))
            .Concat(proposal.View.Clashes.Where(c => above.All(h => h.Id != c.Original.Id))
                .Select(c => new OpenHunk(c.Original.Id, document.RangeOf(c.Start, c.Length, encoding), c.PresentText, c.Original.NewText, true)));
        return new OpenEdit(proposal.Id, proposal.RunId, proposal.Tool, proposal.Path, proposal.Uri, present.Version, [.. hunks.OrderBy(h => h.Range.Start)]);
    }
}

/// <param name="Clashes">Its lines were changed by the user meanwhile; it can only be rejected.</param>
internal sealed record OpenHunk(string Id, Lsp.Range Range, string OldText, string NewText, bool Clashes)
{
    /// <summary>The lines a person would point at: an end at the start of a line does not take that line in.</summary>
    public bool Touches(Lsp.Range range)
    {
        var last = Range.End.Character == 0 && Range.End.Line > Range.Start.Line ? Range.End.Line - 1 : Range.End.Line;
        return range.Start.Line <= last && range.End.Line >= Range.Start.Line;
    }
}
