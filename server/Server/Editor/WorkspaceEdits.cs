using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>Hunks as a <c>WorkspaceEdit</c> for one document, in the richest form that the client knows. Pure.</summary>
internal static class WorkspaceEdits
{
    private const string Annotation = "pi";

    /// <summary>An open buffer is emptied first: only a text edit has a version, which keeps what the user types just now.</summary>
    public static WorkspaceEdit Delete(FileSnapshot sent, IReadOnlyList<Hunk> hunks, ClientCapabilities client)
    {
        var delete = new DeleteFile(sent.Uri, new DeleteFileOptions(IgnoreIfNotExists: true));
        return sent.IsOpen && Build(sent, hunks, client) is { DocumentChanges: { Count: > 0 } empty }
            ? new WorkspaceEdit { DocumentChanges = [.. empty, delete] }
            : new WorkspaceEdit { DocumentChanges = [delete] };
    }

    /// <param name="confirm">The label under which the editor puts the changes to the user; null: no confirmation.</param>
    public static WorkspaceEdit Build(FileSnapshot sent, IReadOnlyList<Hunk> hunks, ClientCapabilities client, string? confirm = null)
    {
        var document = TextDocument.Of(sent);
        var edits = TextDiff.MinimalEdits(document, hunks, client.Encoding);
        if (!client.DocumentChanges)
            return new WorkspaceEdit { Changes = new Dictionary<string, IReadOnlyList<TextEdit>> { [sent.Uri] = edits } };

        var annotation = confirm is null ? null : Annotation;
        if (annotation is not null)
            edits = [.. edits.Select(e => e with { AnnotationId = annotation })];
        var changes = new List<DocumentChange>(2);
        // CreateFile puts an empty file on the disk at once in most editors, so it is sent only now, after the decision.
        if (!sent.Exists && !sent.IsOpen && client.CreateFiles)
            changes.Add(new CreateFile(sent.Uri, new CreateFileOptions(IgnoreIfExists: true)) { AnnotationId = annotation });
        if (edits.Count > 0)
            changes.Add(new TextDocumentEdit(new OptionalVersionedTextDocumentIdentifier(sent.Uri, VersionOf(sent, client)), edits));
        return new WorkspaceEdit
        {
            DocumentChanges = changes,
            ChangeAnnotations =
                confirm is null ? null : new Dictionary<string, ChangeAnnotation> { [Annotation] = new(confirm, NeedsConfirmation: true, null) },
        };
    }

    /// <summary>
    /// The client's own version, but for Neovim's 0, which a buffer has until its first change: Neovim checks only what is
    /// above 0, and would put the edit into whatever the user has typed. 1 is checked, and is less than after any change.
    /// </summary>
    private static int? VersionOf(FileSnapshot sent, ClientCapabilities client) =>
        sent.Version == 0 && client.IgnoresVersionZero ? 1 : sent.Version;

    /// <summary>Nothing is left to say of a new file without text where the client does not create files: it would be "applied" all the same.</summary>
    public static bool IsEmpty(WorkspaceEdit edit) =>
        edit.DocumentChanges is { } changes ? changes.Count == 0 : edit.Changes?.Values.All(edits => edits.Count == 0) ?? true;
}
