using System.Text.Json;

namespace PiLsp.Protocol;

// The editor's knowledge. What a client leaves out of its results is null.

internal static partial class WireMessages
{
    [ForClientsWith("editor")]
    public static readonly ServerRequest<EditorDiagnosticsParams, EditorDiagnosticsResult> Diagnostics =
        new("pi/editor/diagnostics", () => Json.EditorDiagnosticsParams, () => Json.EditorDiagnosticsResult);

    [ForClientsWith("editor")]
    public static readonly ServerRequest<EditorPlaceParams, EditorLocationsResult> Definition =
        new("pi/editor/definition", () => Json.EditorPlaceParams, () => Json.EditorLocationsResult);

    [ForClientsWith("editor")]
    [Description("the declaration included")]
    public static readonly ServerRequest<EditorPlaceParams, EditorLocationsResult> References =
        new("pi/editor/references", () => Json.EditorPlaceParams, () => Json.EditorLocationsResult);

    [ForClientsWith("editor")]
    public static readonly ServerRequest<EditorPlaceParams, EditorHoverResult> Hover =
        new("pi/editor/hover", () => Json.EditorPlaceParams, () => Json.EditorHoverResult);

    [ForClientsWith("editor")]
    public static readonly ServerRequest<EditorSymbolsParams, EditorSymbolsResult> Symbols =
        new("pi/editor/symbols", () => Json.EditorSymbolsParams, () => Json.EditorSymbolsResult);
}

internal sealed record EditorDiagnosticsParams(
    [Description("Without it those of all files.")] string? Uri,
    [Description("The buffer has just been changed to it: the client waits until diagnostics for that version, or a later one, have come.")] int? Version,
    [Description("So long at most; then it answers with what there is.")] int WaitMs);

internal sealed record EditorDiagnosticsResult(IReadOnlyList<KnownDiagnostic>? Items);

internal sealed record KnownDiagnostic(
    string? Uri,
    Lsp.Range Range,
    [Description("LSP's number.")] int? Severity,
    string? Message,
    string? Source,
    [Description("A number or a string.")] JsonElement? Code);

internal sealed record EditorPlaceParams(string Uri, Lsp.Position Position);

internal sealed record EditorLocationsResult(IReadOnlyList<KnownLocation>? Locations);

internal sealed record KnownLocation(string? Uri, Lsp.Range Range);

internal sealed record EditorHoverResult([Description("Markdown or plain text.")] string? Text);

[Description("either of the two: of one document, flat, in its order, or of the workspace")]
internal sealed record EditorSymbolsParams(string? Uri, string? Query);

internal sealed record EditorSymbolsResult(IReadOnlyList<KnownSymbol>? Symbols);

internal sealed record KnownSymbol(
    string? Name,
    [Description("LSP's number.")] int? Kind,
    string? Uri,
    Lsp.Range Range,
    string? Container);

/// <summary>A diagnostic of another language server, as LSP has it.</summary>
internal sealed record KnownProblem(
    Lsp.Range Range,
    string Message,
    [Description("LSP's number.")] int? Severity = null,
    string? Source = null,
    [Description("A number or a string.")] JsonElement? Code = null);
