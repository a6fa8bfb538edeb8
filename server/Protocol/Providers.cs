using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

// Providers of models, and their credentials.

internal static partial class WireCommands
{
    public static readonly Command<ListProvidersArgument, ListProvidersResult> ListProviders =
        new("pi.listProviders", () => Json.ListProvidersArgument, () => Json.ListProvidersResult);

    public static readonly Command<SetApiKeyArgument, Credential> SetApiKey = new("pi.setApiKey", () => Json.SetApiKeyArgument, () => Json.Credential);

    public static readonly Command<ProviderArgument, Credential> RemoveApiKey = new("pi.removeApiKey", () => Json.ProviderArgument, () => Json.Credential);

    public static readonly Command<LoginArgument, Credential> Login = new("pi.login", () => Json.LoginArgument, () => Json.Credential);

    public static readonly Command<ProviderArgument, Credential> Logout = new("pi.logout", () => Json.ProviderArgument, () => Json.Credential);
}

internal sealed record ListProvidersArgument(bool? Refresh = null, bool? Credits = null, string? SessionId = null);

internal sealed record ListProvidersResult(IReadOnlyList<Provider> Providers);

internal sealed record Provider(
    string Id,
    string Name,
    [Description("How it can be set up.")]
    [OneOf("apiKey", "oauth", "environment")] IReadOnlyList<string> Kinds,
    bool Configured,
    [Description("Where its credential comes from: `auth.json`, `oauth`, `environment`, `models.json`, `client` for one that the client keeps, ….")]
    string? Source,
    [Description("More about the source, such as a variable's name. No secret.")] string? Label,
    [Description("The environment variable that alone makes up its key.")] string? Variable,
    int Models,
    [Description("For a provider that is set up in the environment only: where Pi says how.")] string? Docs,
    [Description("Its credential can be taken away here: what the environment or a file of the user's gives cannot.")] bool Removable,
    Credits? Credits = null);

internal sealed record Credits([Description("Left out without a limit.")] decimal? Remaining, [Description("US dollars, as the other.")] decimal Used);

[Description("without a key the user is asked")]
internal sealed record SetApiKeyArgument(
    string Provider,
    string? Key = null,
    [Description("The client keeps it.")] bool? Private = null,
    [Description("Of a key that the client keeps.")] string? Variable = null,
    string? SessionId = null);

internal sealed record ProviderArgument(string Provider, string? SessionId = null);

internal sealed record LoginArgument(
    string Provider,
    LoginType? Type = null,
    [Description("Given in place of the user's, in order.")] IReadOnlyList<string>? Answers = null,
    string? SessionId = null);

[JsonConverter(typeof(Words<LoginType>))]
internal enum LoginType { Oauth, ApiKey }

internal sealed record Credential(
    string Provider,
    bool Configured,
    string? Source,
    [Description("Left out where nothing runs that could count them.")] int? Models,
    [Description("Of a key that the client keeps: to be handed over with it next time.")] string? Variable);
