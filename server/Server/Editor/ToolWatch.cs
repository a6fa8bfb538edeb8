using System.Collections.Concurrent;
using System.Text;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>
/// Looks after the disk around a tool that works there: saves what was applied before it starts, and finds out
/// afterwards which files it changed past the review and which buffers it could not see. Safe from any thread.
/// </summary>
internal sealed class ToolWatch(ServerState state, RpcConnection rpc, TimeProvider time, ServerLog log)
{
    /// <summary>A tool does not wait longer for a save; what it cannot see then is told to the model.</summary>
    private static readonly TimeSpan SaveGrace = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (WorkspaceScan Scan, IReadOnlyList<string> Unseen, OwnWrites Own)> _running = new();

    /// <summary>A workspace that is too large stays so: the user is told once, the model each time.</summary>
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <param name="landed">Files that got an edit of ours in this session.</param>
    public async Task PrepareAsync(string execution, IReadOnlyList<string> landed, CancellationToken cancellation)
    {
        if (state.Settings.Save != "never")
            await SaveAsync(landed, cancellation);
        // An edit of ours in a buffer without a file is nowhere on the disk.
        List<string> unseen = [.. landed.Where(VirtualPath.IsOne).Distinct()];
        foreach (var document in state.Documents.All)
        {
            if (document.Path is { } path && state.IsInside(path) && await DiffersFromDiskAsync(document, cancellation))
                unseen.Add(path);
        }

        _running[execution] = (await ScanAsync(cancellation), unseen, new OwnWrites());
    }

    /// <summary>An edit has landed, as the user has decided: not by the tools that run meanwhile.</summary>
    public void EditLanded(string path)
    {
        if (state.Documents.FindByPath(path) is not { } document)
            return;
        foreach (var (_, _, own) in _running.Values)
            own.Add(path, document.Text);
    }

    public async Task<ToolAftermath> FinishAsync(string execution, string root, CancellationToken cancellation)
    {
        if (!_running.TryRemove(execution, out var before))
            before = (WorkspaceScan.Failed(ScanNotes.NotBefore), [], new OwnWrites());
        var after = await ScanAsync(cancellation);
        var changed = await before.Own.OthersAsync(before.Scan.ChangedUntil(after), cancellation);
        var problem = before.Scan.Problem ?? after.Problem;
        var note = new StringBuilder();
        var shown = changed.Select(Shown).ToList();
        var unsaved = before.Unseen.Where(p => !VirtualPath.IsOne(p)).Select(Shown).ToList();
        var fileless = before.Unseen.Where(VirtualPath.IsOne).Select(Shown).ToList();
        note.Append(ScanNotes.ChangedNote(shown, reviewed: true));
        if (unsaved.Count > 0)
            note.Append($"\n[Unsaved in the editor, so the command saw older text on disk: {ScanNotes.List(unsaved)}]");
        if (fileless.Count > 0)
            note.Append($"\n[A buffer without a file, so the command did not see it: {ScanNotes.List(fileless)}]");
        note.Append(ScanNotes.ProblemNote(problem));
        return new ToolAftermath(note.Length == 0 ? null : note.ToString(), shown)
        {
            Unsaved = [.. unsaved, .. fileless],
            Problem = problem,
            IsProblemKnown = problem is not null && !_told.TryAdd(problem, true),
        };

        string Shown(string path) => state.Shown(path, root);
    }

    /// <summary>Has the client save those of the files that are open and differ from the disk.</summary>
    public async Task SaveAsync(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        if (!state.Capabilities.Save)
            return;
        var uris = new List<string>();
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
        {
            if (state.Documents.FindByPath(path) is { Path: not null } document && await DiffersFromDiskAsync(document, cancellation))
                uris.Add(document.Uri);
        }

        if (uris.Count == 0)
            return;
        using var grace = new CancellationTokenSource(SaveGrace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellation);
        try
        {
            await rpc.RequestAsync(WireMessages.Save, new SaveParams(uris), either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.Write(LogLevel.Warning, $"the editor did not save within {SaveGrace.TotalSeconds:0} s: {string.Join(", ", uris)}");
        }
        catch (RpcException e)
        {
            log.Write(LogLevel.Warning, $"the editor did not save: {e.Message}");
        }
    }

    private Task<WorkspaceScan> ScanAsync(CancellationToken cancellation) =>
        WorkspaceScan.OfAsync(state.Roots, state.Settings.WorkspaceTrusted, time, cancellation);

    private static async Task<bool> DiffersFromDiskAsync(TextDocument document, CancellationToken cancellation) =>
        document.Path is { } path && await DiskFile.ReadAsync(path, cancellationToken: cancellation) switch
        {
            // What only an editor's way with line ends makes different is no unsaved text.
            DiskText disk => disk.Text != document.Text && (!document.IsKnownSaved || DiskAge.IsNewer(disk.Text, document)),
            DiskBytes => document is { SavedVersion: not null, IsKnownSaved: false },
            DiskError { Code: "ENOENT" } => true,
            _ => false,
        };
}
