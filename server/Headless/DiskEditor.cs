using System.Collections.Concurrent;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Headless;

/// <summary>
/// The disk in the editor's place: what a session decides is written to files, and what they hold afterwards is reported
/// like a buffer's change. Nobody can be asked here. Safe from any thread.
/// </summary>
internal sealed class DiskEditor(string root, PathPatterns protectedPaths, ReadGuard reads, IAskView view, TimeProvider time, Action<string> log) : IEditor
{
    private readonly IReadOnlyList<string> _roots = [root];
    private readonly ConcurrentDictionary<string, (WorkspaceScan Scan, OwnWrites Own)> _running = new(StringComparer.Ordinal);

    /// <summary>Told what a file holds after it was written, before the answer to the write.</summary>
    public Action<FileSnapshot> Seen { get; set; } = _ => { };

    public long PendingBytes => view.PendingBytes;

    public async ValueTask<LoadedFile> LoadAsync(string path, bool forReading, PrivateFile? allowed, CancellationToken cancellation)
    {
        var why = ProtectedPath.Why(_roots, protectedPaths, path);
        var @private = forReading ? reads.Look(path) : null;
        var judge = forReading ? reads.Unmoved(path, allowed ?? @private) : ProtectedPath.Unmoved(_roots, protectedPaths, path, why);
        LoadedFile loaded = await DiskFile.ReadAsync(path, judge: judge, cancellationToken: cancellation) switch
        {
            DiskText text => new LoadedFile(Snapshot(path, text.Text, exists: true), null, null, null, why) { TakesSeparators = true },
            DiskBytes other => new LoadedFile(null, other.Bytes, null, null, why),
            DiskError { Code: "ENOENT" } missing =>
                new LoadedFile(Snapshot(path, "", exists: false), null, missing.Code, missing.Message, why) { TakesSeparators = true },
            DiskError error => new LoadedFile(null, null, error.Code, error.Message, why),
            _ => throw new InvalidOperationException("a disk read of an unknown kind"),
        };
        return loaded with { Private = @private, LinkTarget = DiskFile.LinkTarget(path) };
    }

    public PrivateFile? Look(string path) => reads.Look(path);

    public async Task<(bool Applied, string? Reason)> ApplyAsync(ApplyToEditor edit, CancellationToken cancellation)
    {
        if (edit.Delete)
            return (false, "files are not deleted here");
        var path = edit.Sent.Path;
        var wanted = TextDiff.Apply(edit.Sent.Text, edit.Hunks);
        var failure = await DiskWrite.ReplaceAsync(path, edit.Sent.Exists ? edit.Sent.Text : null, wanted, Judge, cancellation);
        // What is there now is the proof, whatever the write has said.
        if (await DiskFile.ReadAsync(path, cancellationToken: cancellation) is DiskText now)
        {
            foreach (var (_, own) in failure is null ? _running.Values : [])
                own.Add(path, wanted);
            Seen(Snapshot(path, now.HasBom && wanted.StartsWith('\uFEFF') ? '\uFEFF' + now.Text : now.Text, exists: true));
        }

        return (failure is null, failure);

        // For the disk may have changed since the decision: a link may lead somewhere else by now.
        string? Judge(string now) => ProtectedPath.Why(_roots, protectedPaths, now) is { } why ? $"{why}, and nobody can be asked" : null;
    }

    public Task<QuestionAnswer> AskAsync(Question question, CancellationToken cancellation) =>
        Task.FromResult(new QuestionAnswer(QuestionOutcome.NobodyToAsk));

    public async Task PrepareToolAsync(string execution, IReadOnlyList<string> landed, CancellationToken cancellation) =>
        _running[execution] = (await WorkspaceScan.OfAsync(_roots, mayAskGit: true, time, cancellation), new OwnWrites());

    public async Task<ToolAftermath> FinishToolAsync(string execution, string root, CancellationToken cancellation)
    {
        if (!_running.TryRemove(execution, out var before))
            before = (WorkspaceScan.Failed(ScanNotes.NotBefore), new OwnWrites());
        var after = await WorkspaceScan.OfAsync(_roots, mayAskGit: true, time, cancellation);
        var others = await before.Own.OthersAsync(before.Scan.ChangedUntil(after), cancellation);
        var changed = others.Select(p => WorkspacePath.Shown(root, p)).ToList();
        var problem = before.Scan.Problem ?? after.Problem;
        var note = ScanNotes.ChangedNote(changed, reviewed: false) + ScanNotes.ProblemNote(problem);
        return new ToolAftermath(note.Length == 0 ? null : note, changed) { Problem = problem };
    }

    public Task<EditorQueryAnswer> QueryAsync(string tool, JsonElement input, string root, CancellationToken cancellation) =>
        Task.FromResult(new EditorQueryAnswer("Nothing is known here: there is no editor.", IsError: true));

    public void PublishEvent(string sessionId, long seq, AgentEvent e) => view.OnEvent(sessionId, e);

    public void Log(string message) => log(message);

    // What only an editor has.
    public void EditLanded(string path)
    {
    }

    public void ShowEdit(string sessionId, EditProposal proposal)
    {
    }

    public void PublishEdits(SessionState session)
    {
    }

    public void StatusChanged()
    {
    }

    public void ReportProgress(string sessionId, string runId, ProgressStage stage, string message)
    {
    }

    public void RememberUnsaved(RememberUnsaved effect)
    {
    }

    private static FileSnapshot Snapshot(string path, string text, bool exists) => new(path, WorkspacePath.ToUri(path), text, null, exists);
}
