using System.Text.Json;
using System.Text.Json.Serialization;

namespace PiLsp.Lsp;

// LSP 3.17, "Workspace features".

internal sealed record DidChangeConfigurationParams(JsonElement Settings);

internal sealed record ConfigurationItem(string? ScopeUri, string Section);

internal sealed record ConfigurationParams(IReadOnlyList<ConfigurationItem> Items);

internal sealed record WorkspaceFoldersChangeEvent(IReadOnlyList<WorkspaceFolder> Added, IReadOnlyList<WorkspaceFolder> Removed);

internal sealed record DidChangeWorkspaceFoldersParams(WorkspaceFoldersChangeEvent Event);

internal sealed record ExecuteCommandParams(string Command, IReadOnlyList<JsonElement>? Arguments, ProgressToken? WorkDoneToken);

/// <summary>The version of the buffer that the edit was made for; null for a file that is not open, and then written out.</summary>
internal sealed record OptionalVersionedTextDocumentIdentifier(
    string Uri, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version);

/// <summary>One entry of <c>documentChanges</c>: a <see cref="TextDocumentEdit"/> or a <see cref="CreateFile"/>, <see cref="DeleteFile"/>.</summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TextDocumentEdit))]
[JsonDerivedType(typeof(CreateFile))]
[JsonDerivedType(typeof(DeleteFile))]
internal abstract record DocumentChange;

internal sealed record TextDocumentEdit(OptionalVersionedTextDocumentIdentifier TextDocument, IReadOnlyList<TextEdit> Edits) : DocumentChange;

internal sealed record CreateFile(string Uri, CreateFileOptions Options) : DocumentChange
{
    public string Kind => "create";

    public string? AnnotationId { get; init; }
}

internal sealed record CreateFileOptions(bool IgnoreIfExists);

internal sealed record DeleteFile(string Uri, DeleteFileOptions Options) : DocumentChange
{
    public string Kind => "delete";
}

internal sealed record DeleteFileOptions(bool IgnoreIfNotExists);

internal sealed record ChangeAnnotation(string Label, bool NeedsConfirmation, string? Description);

internal sealed record WorkspaceEdit
{
    public IReadOnlyDictionary<string, IReadOnlyList<TextEdit>>? Changes { get; init; }

    public IReadOnlyList<DocumentChange>? DocumentChanges { get; init; }

    public IReadOnlyDictionary<string, ChangeAnnotation>? ChangeAnnotations { get; init; }
}

internal sealed record ApplyWorkspaceEditParams(string? Label, WorkspaceEdit Edit);

/// <summary><see cref="Applied"/> is a claim, and may be missing: then it counts as false (facts/editors).</summary>
internal sealed record ApplyWorkspaceEditResult(bool? Applied, string? FailureReason, int? FailedChange);
