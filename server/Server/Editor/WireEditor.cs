using System.Text.Json;
using System.Text.Json.Serialization;

namespace PiLsp.Server.Editor;

// The requests pi/editor/*, as docs/protocol.md gives them. What a client leaves out of its results is null.

internal sealed record EditorDiagnosticsParams(string? Uri, int? Version, int WaitMs);

internal sealed record EditorDiagnosticsResult(IReadOnlyList<EditorDiagnostic>? Items);

internal sealed record EditorDiagnostic(string? Uri, Lsp.Range Range, int? Severity, string? Message, string? Source, JsonElement? Code);

internal sealed record EditorPlaceParams(string Uri, Lsp.Position Position);

internal sealed record EditorLocationsResult(IReadOnlyList<EditorLocation>? Locations);

internal sealed record EditorLocation(string? Uri, Lsp.Range Range);

internal sealed record EditorHoverResult(string? Text);

internal sealed record EditorSymbolsParams(string? Uri, string? Query);

internal sealed record EditorSymbolsResult(IReadOnlyList<EditorSymbol>? Symbols);

internal sealed record EditorSymbol(string? Name, int? Kind, string? Uri, Lsp.Range Range, string? Container);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EditorDiagnosticsParams))]
[JsonSerializable(typeof(EditorDiagnosticsResult))]
[JsonSerializable(typeof(EditorPlaceParams))]
[JsonSerializable(typeof(EditorLocationsResult))]
[JsonSerializable(typeof(EditorHoverResult))]
[JsonSerializable(typeof(EditorSymbolsParams))]
[JsonSerializable(typeof(EditorSymbolsResult))]
internal sealed partial class EditorJson : JsonSerializerContext;
