
namespace PiLsp.Lsp;

// LSP 3.17, "Document synchronization".

internal sealed record TextDocumentItem(string Uri, string? LanguageId, int Version, string Text);

internal sealed record TextDocumentIdentifier(string Uri);

internal sealed record VersionedTextDocumentIdentifier(string Uri, int Version);

internal sealed record DidOpenTextDocumentParams(TextDocumentItem TextDocument);

internal sealed record DidChangeTextDocumentParams(
    VersionedTextDocumentIdentifier TextDocument, IReadOnlyList<TextDocumentContentChangeEvent> ContentChanges);

internal sealed record DidSaveTextDocumentParams(TextDocumentIdentifier TextDocument, string? Text);

internal sealed record DidCloseTextDocumentParams(TextDocumentIdentifier TextDocument);

internal sealed record Diagnostic(Range Range, int? Severity, string? Code, string? Source, string Message)
{
    /// <summary>Ours only: the edit and hunk it stands for, so that code actions find them again.</summary>
    public DiagnosticData? Data { get; init; }
}

internal sealed record DiagnosticData(string EditId, string HunkId);

internal sealed record PublishDiagnosticsParams(string Uri, int? Version, IReadOnlyList<Diagnostic> Diagnostics);

internal sealed record CodeActionContext(IReadOnlyList<System.Text.Json.JsonElement>? Diagnostics, IReadOnlyList<string>? Only, int? TriggerKind);

internal sealed record CodeActionParams(TextDocumentIdentifier TextDocument, Range Range, CodeActionContext? Context);

internal sealed record CodeAction(string Title, string Kind, Command Command)
{
    /// <summary>Those it is for, as the client sent them.</summary>
    public IReadOnlyList<System.Text.Json.JsonElement>? Diagnostics { get; init; }
}

internal sealed record CodeLensParams(TextDocumentIdentifier TextDocument);

internal sealed record CodeLens(Range Range, Command Command);

internal sealed record Command(
    string Title, [property: System.Text.Json.Serialization.JsonPropertyName("command")] string Name, IReadOnlyList<System.Text.Json.JsonElement>? Arguments);
