using System.Text.Json.Serialization;
using PiLsp.Agents;

namespace PiLsp.Server;

// The results, requests and notifications about providers and credentials, as docs/protocol.md gives them.

internal sealed record ProvidersReply(IReadOnlyList<ProviderReply> Providers);

/// <param name="Label">More about the source, such as a variable's name. No secret.</param>
/// <param name="Variable">The environment variable that alone makes up its key.</param>
/// <param name="Docs">For a provider that is set up in the environment only: where Pi says how.</param>
internal sealed record ProviderReply(
    string Id, string Name, IReadOnlyList<string> Kinds, bool Configured, string? Source, string? Label, string? Variable, int Models, string? Docs)
{
    public CreditsReply? Credits { get; init; }
}

/// <param name="Remaining">Null without a limit.</param>
internal sealed record CreditsReply(decimal? Remaining, decimal Used);

/// <param name="Models">Null where nothing runs that could count them.</param>
/// <param name="Variable">Of a key that the client keeps: to be handed over with it next time.</param>
internal sealed record CredentialReply(string Provider, bool Configured, string? Source, int? Models, string? Variable);

internal sealed record PiInputParams(string Title, string? Placeholder, string? Value, bool? Multiline, bool? Secret, string? SessionId = null)
{
    public string Title { get; } = ShownText.Visible(Title);

    public string? Placeholder { get; } = Placeholder is null ? null : ShownText.OnOneLine(Placeholder);
}

internal sealed record PiInputResult(string? Value);

/// <param name="Kind"><c>address</c>, <c>code</c>, <c>progress</c> or <c>ended</c>.</param>
internal sealed record PiSignInParams(string Provider, string Kind, string? Url, string? Code, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProvidersReply))]
[JsonSerializable(typeof(CredentialReply))]
[JsonSerializable(typeof(PiInputParams))]
[JsonSerializable(typeof(PiInputResult))]
[JsonSerializable(typeof(PiSignInParams))]
internal sealed partial class ProviderJson : JsonSerializerContext;
