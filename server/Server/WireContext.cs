using System.Text.Json.Serialization;

namespace PiLsp.Server;

// The results of pi.resolveContext and pi.completeMention, as docs/protocol.md gives them.

internal sealed record PromptContextReply(IReadOnlyList<ContextItemReply> Items, string Text, int Images, long Tokens);

/// <param name="Size">Characters; of a picture, bytes.</param>
/// <param name="Tokens">An estimate, for text.</param>
/// <param name="Included">False: it will not be sent, and <paramref name="Problem"/> says why.</param>
internal sealed record ContextItemReply(string Kind, string Title, long Size, long Tokens, bool Included, string? Problem, string? Text);

internal sealed record MentionsReply(IReadOnlyList<MentionReply> Items);

/// <param name="Insert">What completes the mention, quoted where the path has spaces.</param>
internal sealed record MentionReply(string Path, string Kind, string Insert);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PromptContextReply))]
[JsonSerializable(typeof(MentionsReply))]
internal sealed partial class ContextJson : JsonSerializerContext;
