using System.Text.Json.Serialization;

namespace PiLsp.Server.Conversations;

// The results of the commands for sessions, as docs/protocol.md gives them.

internal sealed record SessionsReply(string Folder, IReadOnlyList<SessionEntryReply> Sessions);

/// <param name="State"><c>stored</c>, <c>sleeping</c>, <c>idle</c>, <c>running</c> or <c>waiting</c> (for the user).</param>
/// <param name="Model">The one that answered last.</param>
internal sealed record SessionEntryReply(
    string Path, string? SessionId, string State, bool Current, string? Title, string? FirstWords, string? Modified, long Size, int Messages,
    string? Model, long TotalTokens, decimal Cost, string? Parent);

internal sealed record ForkPointsReply(string SessionId, IReadOnlyList<ForkPointReply> Points);

internal sealed record ForkPointReply(string EntryId, string Text);

internal sealed record RenamedReply(string Path, string Name);

/// <param name="MovedTo">Null for one that is gone for good.</param>
internal sealed record DeletedReply(string Path, string? MovedTo);

internal sealed record RestoredReply(string Path);

internal sealed record ExportedReply(string Path);

internal sealed record ResumeCommandReply(string Command, IReadOnlyList<string> Arguments, string Path);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionsReply))]
[JsonSerializable(typeof(ForkPointsReply))]
[JsonSerializable(typeof(RenamedReply))]
[JsonSerializable(typeof(DeletedReply))]
[JsonSerializable(typeof(RestoredReply))]
[JsonSerializable(typeof(ExportedReply))]
[JsonSerializable(typeof(ResumeCommandReply))]
internal sealed partial class SessionJson : JsonSerializerContext;
