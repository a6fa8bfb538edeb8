using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Prompting;
using PiLsp.Server.Questions;
using PiLsp.Server.Review;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Waiting;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>
/// The editor at the other end, as sessions see it. Safe from any thread: it reads immutable snapshots of the
/// server's state and talks through the connection; whatever changes shared state is posted to the ordered loop.
/// </summary>
internal sealed class EditorClient(ServerState state, RpcConnection rpc, QuestionQueue questions, ProgressReporter progress, ToolWatch tools,
    ReviewSurface surface, ProposalDocuments documents, EditorKnowledge knowledge, ReadGuard reads, ServerLog log) : IEditor
{
    private readonly Turns _closedFiles = new();
    private readonly ToldEdits _told = new();

    public long PendingBytes => rpc.PendingBytes;

    /// <summary>Listens to <see cref="StatusChanged"/>.</summary>
    public Action? StatusListener { get; set; }

    /// <summary>Called with the session's id after each event; any thread.</summary>
    public Action<string>? EventListener { get; set; }

    public string Spelled(string path) => state.Spelled(path);

    public PrivateFile? Look(string path) => reads.Look(path);

    public async ValueTask<LoadedFile> LoadAsync(string path, bool forReading, PrivateFile? allowed, CancellationToken cancellation)
    {
        if (VirtualPath.IsOne(path))
            return LoadVirtual(path);
        // Not even a buffer of it: writing that would write there.
        if (WorkspacePath.WhyNoFile(path) is { } noFile)
            return new LoadedFile(null, null, "EACCES", $"{path} {noFile}.", null);
        var (roots, patterns) = (state.Roots, state.Settings.ProtectedPaths);
        var protectedBecause = ProtectedPath.Why(roots, patterns, path);
        if (!forReading)
        {
            var loaded = await LoadAsync(path, forReading, protectedBecause, ProtectedPath.Unmoved(roots, patterns, path, protectedBecause), cancellation);
            return loaded with { LinkTarget = DiskFile.LinkTarget(path) };
        }

        var @private = reads.Look(path);
        return await LoadAsync(path, forReading, protectedBecause, reads.Unmoved(path, allowed ?? @private), cancellation) with { Private = @private };
    }

    /// <param name="judge">The last word on what is opened in the end.</param>
    private async Task<LoadedFile> LoadAsync(
        string path, bool forReading, string? protectedBecause, Func<string, string?> judge, CancellationToken cancellation)
    {
        var opening = state.Capabilities.Opening;
        if (state.Documents.FindByPath(path) is { } buffer)
        {
            var seen = SnapshotOf(buffer);
            if (forReading && !buffer.IsKnownSaved)
                return new LoadedFile(seen, null, null, null, protectedBecause);
            var onDisk = await DiskFile.ReadAsync(path, judge: judge, cancellationToken: cancellation);
            if (!forReading)
                return new LoadedFile(
                    seen, null, null, null, protectedBecause)
                { CannotEdit = EditObstacle.Why(seen, opening), Saved = SavedForm.Of(onDisk, seen.Text) };
            // Without unsaved changes the disk may be newer: a command or a checkout has been there.
            var newer = onDisk is DiskText { Text: var text } && DiskAge.IsNewer(text, buffer) ? LineEnds.Like(buffer.Text, text) : null;
            return new LoadedFile(newer is null ? seen : seen with { Text = newer, Version = null }, null, null, null, protectedBecause);
        }

        // What was remembered a moment ago is still on its way to the ordered loop.
        await CaughtUpAsync(cancellation);
        if (state.Documents.FindByPath(path) is { } opened)
            return new LoadedFile(SnapshotOf(opened), null, null, null, protectedBecause);
        var uri = WorkspacePath.ToUri(path);
        switch (await DiskFile.ReadAsync(path, judge: judge, cancellationToken: cancellation))
        {
            case DiskText disk:
                var closed = new FileSnapshot(path, uri, LineEnds.AsOpened(disk.Text, opening), null, Exists: true);
                if (state.Unsaved.GetValueOrDefault(WorkspacePath.KeyOf(path)) is { DiskText: { } before } unsaved && LineEnds.SameContent(before, disk.Text))
                    closed = closed with { Text = unsaved.Text, Disk = new OlderDisk(disk.Text) };
                return new LoadedFile(closed, null, null, null, protectedBecause)
                {
                    CannotEdit = forReading ? null : EditObstacle.Why(closed, opening),
                    Saved = SavedForm.Of(disk, closed.Text),
                };
            case DiskBytes disk:
                return new LoadedFile(null, disk.Bytes, null, null, protectedBecause);
            case DiskError { Code: "ENOENT" } missing:
                if (state.Unsaved.GetValueOrDefault(WorkspacePath.KeyOf(path)) is { DiskText: null } created)
                    return new LoadedFile(
                        new FileSnapshot(path, uri, created.Text, null, Exists: true) { Disk = new OlderDisk(null) }, null, null, null, protectedBecause);
                // A URI that the agent took for a path would become a file of that name.
                if (state.Folders.Select(root => VirtualPath.UriIn(root, path)).FirstOrDefault(uri => uri is not null) is { } virtualUri)
                    return NoFile(state.Documents.FindByUri(virtualUri) is { } meant ? $"it is no file. {VirtualPath.Note(meant.Uri)}"
                        : "it is no file, and the editor has no such buffer open");
                return new LoadedFile(new FileSnapshot(path, uri, "", null, Exists: false), null, missing.Code, missing.Message, protectedBecause);
            case DiskError error:
                return new LoadedFile(null, null, error.Code, error.Message, protectedBecause);
            default:
                throw new InvalidOperationException("a disk read of an unknown kind");
        }
    }

    /// <summary>A buffer without a file is the editor's or nothing; the disk has no part in it.</summary>
    private LoadedFile LoadVirtual(string path)
    {
        if (state.Documents.FindByPath(path) is not { } buffer)
            return NoFile("there is no such buffer in the editor (any more), and it never was a file");
        var seen = SnapshotOf(buffer);
        return new LoadedFile(seen, null, null, null, null)
        {
            CannotEdit = !VirtualPath.CanBeEdited(buffer.Uri) ? "it is no file, but a view of the editor's that takes no edits; describe the change instead"
                // Only a versioned edit is sure to reach this very buffer.
                : !state.Capabilities.DocumentChanges ? "it is a buffer without a file, and this editor takes edits of files only; describe the change instead"
                : EditObstacle.Why(seen, state.Capabilities.Opening),
        };
    }

    private static LoadedFile NoFile(string why) => new(null, null, "ENOENT", why, null);

    public async Task TakeTurnAsync(ApplyToEditor edit, CancellationToken over)
    {
        if (edit.Sent.IsOpen)
            return;
        var turn = _closedFiles.Take(WorkspacePath.KeyOf(edit.Sent.Path));
        over.Register(turn.Dispose);
        await turn.ComesAsync(over);
    }

    public async Task<(bool Applied, string? Reason)> ApplyAsync(ApplyToEditor edit, CancellationToken cancellation)
    {
        var workspaceEdit = edit.Delete ? WorkspaceEdits.Delete(edit.Sent, edit.Hunks, state.Capabilities)
            : WorkspaceEdits.Build(edit.Sent, edit.Hunks, state.Capabilities, edit.Confirm ? edit.Label : null);
        // Nobody has decided that: as an answer it would be told as the user's no to a preview.
        if ((WhyNotSent(edit, workspaceEdit) ?? await WhyStaleAsync(edit, cancellation)) is { } reason)
            throw new AgentException(reason);
        try
        {
            // An editor drops a preview when a second one comes, so previews wait for one another like questions.
            var result = edit.Confirm ? await questions.InTurnAsync(SendAsync, cancellation) : await SendAsync(cancellation);
            return result is null ? throw new TimeoutException("nobody has decided in time") : (result.Applied ?? false, result.FailureReason);
        }
        finally
        {
            await CaughtUpAsync(cancellation);
        }

        async Task<ApplyWorkspaceEditResult?> SendAsync(CancellationToken token) => await rpc.RequestAsync(
            "workspace/applyEdit", new ApplyWorkspaceEditParams(edit.Label, workspaceEdit),
            LspJson.Default.ApplyWorkspaceEditParams, LspJson.Default.ApplyWorkspaceEditResult, token) ?? new ApplyWorkspaceEditResult(false, null, null);
    }

    public string? WhyNoDeletion => state.Capabilities is { DocumentChanges: true, DeleteFiles: true } ? null
        : "this editor does not delete files for a language server; the file is left as it is";

    private string? WhyNotSent(ApplyToEditor edit, WorkspaceEdit workspaceEdit)
    {
        if (!state.CanApplyEdits)
            return "this editor does not take edits from a language server (no workspace/applyEdit)";
        if (edit.Delete && WhyNoDeletion is { } undeleted)
            return undeleted;
        // Looked at again: the text may have become another since the edit was proposed.
        if (!edit.Delete && EditObstacle.Why(edit.Sent, state.Capabilities.Opening, workspaceEdit) is { } obstacle)
            return obstacle;
        if (WorkspacePath.WhyNoFile(edit.Sent.Path) is { } noFile)
            return $"it {noFile}";
        // Looked at again, for the disk may have changed since the decision: a link may lead somewhere else by now.
        if (!VirtualPath.IsOne(edit.Sent.Path) && ProtectedPath.Why(state.Roots, state.Settings.ProtectedPaths, edit.Sent.Path) is { } why
            && why != edit.Protected)
            return $"it leads elsewhere than when it was decided: {why}";
        return WorkspaceEdits.IsEmpty(workspaceEdit) ? "this editor cannot create an empty file for a language server" : null;
    }

    /// <summary>No version guards a file that is not open, and another session's edit, or the user, may have come first.</summary>
    private async Task<string?> WhyStaleAsync(ApplyToEditor edit, CancellationToken cancellation) =>
        edit.Sent.IsOpen || (await LoadAsync(edit.Sent.Path, forReading: false, null, cancellation)).IsStill(edit.Sent) ? null
            : "the file has become another since the edit was decided";

    public async Task<QuestionAnswer> AskAsync(Question question, CancellationToken cancellation)
    {
        var answer = await questions.AskAsync(question, cancellation);
        await CaughtUpAsync(cancellation);
        return answer;
    }

    public Task PrepareToolAsync(string execution, IReadOnlyList<string> landed, CancellationToken cancellation) =>
        tools.PrepareAsync(execution, landed, cancellation);

    public Task<ToolAftermath> FinishToolAsync(string execution, string root, CancellationToken cancellation) =>
        tools.FinishAsync(execution, root, cancellation);

    public Task<EditorQueryAnswer> QueryAsync(string tool, JsonElement input, string root, CancellationToken cancellation) =>
        knowledge.AskAsync(tool, input, root, cancellation);

    public void EditLanded(string path)
    {
        knowledge.EditLanded(path);
        tools.EditLanded(path);
        if (state.Settings.Save == "onApply")
            _ = tools.SaveAsync([path], CancellationToken.None);
    }

    public void PublishEdits(SessionState session)
    {
        surface.Show(session);
        if (state.Capabilities.OwnReview)
        {
            var edits = _told.Next(session.Id, session.Proposals)
                .Select(p => p.IsFinal ? Wire.Decided(session.Id, p)
                    : new ToldEdit(Wire.Edit(session.Id, session.Root, p, state.Capabilities.Encoding, StageReducer.OnTop(session, p)))).ToList();
            rpc.Notify(WireMessages.Edits, new EditsParams(session.Id, edits));
        }
    }

    public void ShowEdit(string sessionId, EditProposal proposal) => _ = documents.ShowAsync(proposal, EditView.Diff, CancellationToken.None);

    public void PublishEvent(string sessionId, long seq, AgentEvent e)
    {
        EventListener?.Invoke(sessionId);
        if (e is AgentNotice notice)
            log.Write(notice.Level == NoticeLevel.Info ? LogLevel.Info : LogLevel.Warning, $"{sessionId}: {notice.Text}");
        // Errors come as answers of commands; a warning, and what an extension says to the user, has no other way to who does not read logs.
        if (e is AgentNotice shown && (shown.IsForUser || shown.Level == NoticeLevel.Warning) && !state.Capabilities.Events)
        {
            var type = shown.Level switch { NoticeLevel.Error => MessageType.Error, NoticeLevel.Warning => MessageType.Warning, _ => MessageType.Info };
            rpc.Tell(type, $"Pi: {shown.Text}");
        }

        if (state.Capabilities.Events)
            rpc.Notify(WireMessages.Event, WireEvents.Of(sessionId, seq, e));
    }

    public void StatusChanged() => StatusListener?.Invoke();

    public void ReportProgress(string sessionId, string runId, ProgressStage stage, string message) => progress.Report(sessionId, runId, stage, message);

    public void RememberUnsaved(RememberUnsaved effect) => rpc.Post(() => state.Unsaved = state.Unsaved.SetItem(WorkspacePath.KeyOf(effect.Path), effect));

    public void Log(string message) => log.Write(LogLevel.Info, message);

    /// <summary>
    /// An answer overtakes the changes that came before it, which wait for the ordered loop: what it is judged by
    /// has to be the text that the client had when it answered.
    /// </summary>
    private Task CaughtUpAsync(CancellationToken cancellation)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(reached.SetResult);
        return reached.Task.WaitAsync(cancellation);
    }

    public static FileSnapshot SnapshotOf(TextDocument document) =>
        new(document.Place, document.Uri, document.Text, document.Version, Exists: true)
        {
            Counting = document.Counting,
            IsDoubtful = document.IsDoubtful,
        };
}
