using System.Text.Json.Serialization;

namespace PiLsp.Server;

// The results of the commands about runs, the queue and slash commands, as docs/protocol.md gives them.

/// <param name="Restored">What had not been taken up: the user's again.</param>
internal sealed record AbortReply(bool Aborted, QueueReply? Restored);

/// <param name="Changed">Files of the workspace that the command changed, relative to its first folder where they are in it.</param>
/// <param name="Unsaved">Files whose unsaved text the command could not see.</param>
internal sealed record BashReply(
    string SessionId, string Output, int? ExitCode, bool Cancelled, bool Truncated, string? FullOutputPath, IReadOnlyList<string> Changed, IReadOnlyList<string> Unsaved);

internal sealed record QueueReply(IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp)
{
    /// <summary>What was in the queue before and is not any more.</summary>
    public QueueReply? Removed { get; init; }
}

internal sealed record CompactReply(string SessionId, long? TokensBefore, long? TokensAfter, string Summary, UsageReply Usage);

internal sealed record CommandsReply(IReadOnlyList<CommandReply> Commands);

/// <param name="Source"><c>builtin</c>, <c>extension</c>, <c>prompt</c> or <c>skill</c>.</param>
/// <param name="Hint">What may follow the name.</param>
internal sealed record CommandReply(string Name, string? Description, string Source, string? Hint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AbortReply))]
[JsonSerializable(typeof(BashReply))]
[JsonSerializable(typeof(QueueReply))]
[JsonSerializable(typeof(CompactReply))]
[JsonSerializable(typeof(CommandsReply))]
internal sealed partial class RunningJson : JsonSerializerContext;
