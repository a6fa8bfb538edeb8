using System.Text.Json;
using System.Text.Json.Serialization;

namespace PiLsp.Lsp;

// LSP 3.17, "Server lifecycle". Capabilities are read by path (Server/ClientCapabilities), so they stay raw here.

internal sealed record InitializeParams(
    int? ProcessId,
    ClientInfo? ClientInfo,
    string? RootPath,
    string? RootUri,
    IReadOnlyList<WorkspaceFolder>? WorkspaceFolders,
    JsonElement Capabilities,
    JsonElement InitializationOptions);

internal sealed record ClientInfo(string Name, string? Version);

internal sealed record WorkspaceFolder(string Uri, string? Name);

internal sealed record InitializeResult(ServerCapabilities Capabilities, ServerInfo ServerInfo);

internal sealed record ServerInfo(string Name, string Version);

internal sealed record ServerCapabilities
{
    public required string PositionEncoding { get; init; }

    public required TextDocumentSyncOptions TextDocumentSync { get; init; }

    public required ExecuteCommandOptions ExecuteCommandProvider { get; init; }

    public CodeActionOptions? CodeActionProvider { get; init; }

    public CodeLensOptions? CodeLensProvider { get; init; }

    public required WorkspaceServerCapabilities Workspace { get; init; }

    /// <summary>What this server adds to the LSP; see docs/protocol.md.</summary>
    public JsonElement? Experimental { get; init; }
}

/// <param name="Change">2: incremental.</param>
internal sealed record TextDocumentSyncOptions(bool OpenClose, int Change, SaveOptions Save);

internal sealed record SaveOptions(bool IncludeText);

internal sealed record ExecuteCommandOptions(IReadOnlyList<string> Commands, bool WorkDoneProgress);

internal sealed record CodeActionOptions(IReadOnlyList<string> CodeActionKinds);

internal sealed record CodeLensOptions(bool ResolveProvider);

internal sealed record WorkspaceServerCapabilities(WorkspaceFoldersServerCapabilities WorkspaceFolders);

internal sealed record WorkspaceFoldersServerCapabilities(bool Supported, bool ChangeNotifications);

internal sealed record SetTraceParams(string? Value);

internal sealed record Registration(string Id, string Method, JsonElement? RegisterOptions);

internal sealed record RegistrationParams(IReadOnlyList<Registration> Registrations);

/// <summary>An empty object, for parameters that carry nothing we read.</summary>
internal sealed record NoParams;

/// <summary>A work-done or partial-result token: a string or a number, echoed as it came.</summary>
[JsonConverter(typeof(ProgressTokenConverter))]
internal readonly record struct ProgressToken(string? Text, long Number);

internal sealed class ProgressTokenConverter : JsonConverter<ProgressToken>
{
    public override ProgressToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new ProgressToken(reader.GetString(), 0),
        JsonTokenType.Number => new ProgressToken(null, reader.GetInt64()),
        _ => throw new JsonException("a progress token is a string or an integer"),
    };

    public override void Write(Utf8JsonWriter writer, ProgressToken value, JsonSerializerOptions options)
    {
        if (value.Text is { } text)
            writer.WriteStringValue(text);
        else
            writer.WriteNumberValue(value.Number);
    }
}
