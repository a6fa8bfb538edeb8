using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>
/// What a session needs of the editor. Implemented by the server's LSP face and by a scripted editor in tests;
/// called from session loops, so every member is safe from any thread and none waits.
/// </summary>
internal interface IEditor
{
    /// <summary>
    /// The path in the editor's own spelling, so that one file has one name in everything that follows. May look at the disk; not called on the loop.
    /// </summary>
    string Spelled(string path) => path;

    /// <summary>The file as the user sees it: the buffer, what the editor took but does not report on, or the disk.</summary>
    /// <param name="forReading">The newest text counts: of a buffer without unsaved changes, the disk's where it differs.</param>
    /// <param name="allowed">What the user has allowed to be read; anything else that the path may lead to by now is refused.</param>
    ValueTask<LoadedFile> LoadAsync(string path, bool forReading, PrivateFile? allowed, CancellationToken cancellation);

    /// <summary>Why the user is to be asked before this is read; null: it is read unasked. Looks at the disk; not called on the loop.</summary>
    PrivateFile? Look(string path) => null;

    /// <summary>Why this is no file at all, in words that follow the path. Looks at the disk; not called on the loop.</summary>
    string? WhyNoFile(string path) => WorkspacePath.WhyNoFile(path, toOpen: true);

    /// <summary>
    /// Before an edit of a file that is not open, which no version guards: those of several sessions go one after another, each
    /// until it is known what became of it.
    /// </summary>
    /// <param name="over">It is known, or nobody waits for it any more.</param>
    Task TakeTurnAsync(ApplyToEditor edit, CancellationToken over) => Task.CompletedTask;

    /// <summary>
    /// One <c>workspace/applyEdit</c>. The answer is the client's claim; a client that stumbles over it is an exception, one
    /// that has not answered a preview in time a <see cref="TimeoutException"/>.
    /// </summary>
    Task<(bool Applied, string? Reason)> ApplyAsync(ApplyToEditor edit, CancellationToken cancellation);

    /// <summary>Why a file that a run has made is not deleted by its undo, as a sentence without its end; null: it can be.</summary>
    string? WhyNoDeletion => null;

    /// <summary>Puts a question; cancelling withdraws it. One message request is shown at a time, over all sessions.</summary>
    Task<QuestionAnswer> AskAsync(Question question, CancellationToken cancellation);

    /// <summary>A tool that works on the disk is about to run: save what was applied, and look what there is.</summary>
    /// <param name="execution">An id that no other call has, also where the model gives several the same.</param>
    Task PrepareToolAsync(string execution, IReadOnlyList<string> landed, CancellationToken cancellation);

    /// <summary>That tool is done: what it changed past the review, and what it could not see.</summary>
    /// <param name="root">Where the agent works: the model is told paths relative to it.</param>
    Task<ToolAftermath> FinishToolAsync(string execution, string root, CancellationToken cancellation);

    /// <summary>What the editor knows about the code, put into words for the model. Has a deadline of its own.</summary>
    /// <param name="root">Where the agent works: the model's paths are relative to it.</param>
    Task<EditorQueryAnswer> QueryAsync(string tool, JsonElement input, string root, CancellationToken cancellation);

    /// <summary>An edit is in the buffer now; the setting says whether it is saved at once.</summary>
    void EditLanded(string path);

    /// <summary>Opens the proposal beside the file, as a document.</summary>
    void ShowEdit(string sessionId, EditProposal proposal);

    void PublishEdits(SessionState session);

    /// <param name="seq">Counts the session's events from 1, without gaps.</param>
    void PublishEvent(string sessionId, long seq, AgentEvent e);

    /// <summary>Something that <c>pi.status</c> tells may be another now. Cheap: whoever listens looks for itself, later and once.</summary>
    void StatusChanged();

    void ReportProgress(string sessionId, string runId, ProgressStage stage, string message);

    /// <summary>See <see cref="Sessions.RememberUnsaved"/>.</summary>
    void RememberUnsaved(RememberUnsaved effect);

    void Log(string message);

    /// <summary>Bytes on their way to the client: a session holds text back while they pile up.</summary>
    long PendingBytes { get; }
}
