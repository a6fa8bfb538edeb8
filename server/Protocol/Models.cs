
namespace PiLsp.Protocol;

// Models and how long they think.

internal static partial class WireCommands
{
    public static readonly Command<PickModelArgument, ModelChoice> PickModel = new("pi.pickModel", () => Json.PickModelArgument, () => Json.ModelChoice);

    public static readonly Command<ListModelsArgument, ListModelsResult> ListModels =
        new("pi.listModels", () => Json.ListModelsArgument, () => Json.ListModelsResult);

    public static readonly Command<SetThinkingArgument, Thinking> SetThinking = new("pi.setThinking", () => Json.SetThinkingArgument, () => Json.Thinking);

    [Description("the levels of the model in force")]
    public static readonly Command<SessionArgument, Thinking> ListThinking = new("pi.listThinking", () => Json.SessionArgument, () => Json.Thinking);
}

[Description("without a model the user is asked")]
internal sealed record PickModelArgument(string? Provider = null, string? Model = null, bool? Refresh = null, string? SessionId = null);

internal sealed record ModelChoice(
    string? Model,
    string? Provider,
    string Thinking,
    [Description("The level that was in force before and that the new model does not have.")] string? Clamped);

internal sealed record ListModelsArgument([Description("Credentials and models.json are read again.")] bool? Refresh = null, string? SessionId = null);

internal sealed record ListModelsResult(
    [Description("`provider/id`.")] string? Current,
    IReadOnlyList<ModelGroupReply> Groups,
    [Description("What the policy keeps out; left out where it keeps nothing out.")] IReadOnlyList<HiddenModels>? Hidden);

internal sealed record HiddenModels(string Provider, [Description("How many.")] int Models, string Reason);

internal sealed record ModelGroupReply(
    string Provider,
    string Name,
    [Description("Of the credential: `auth.json`, `oauth`, `environment`, `models.json`, ….")] string? Source,
    IReadOnlyList<Model> Models);

internal sealed record Model(
    string Id,
    string Name,
    bool Reasoning,
    long ContextWindow,
    IReadOnlyList<string> Input,
    [Description("US dollars for a million tokens.")] ModelCost Cost,
    [Description("One of the few to show first.")] bool Primary);

internal sealed record ModelCost(decimal Input, decimal Output);

[Description("without a level the user is asked")]
internal sealed record SetThinkingArgument(string? Level = null, string? SessionId = null);

internal sealed record Thinking(
    [property: System.Text.Json.Serialization.JsonPropertyName("thinking")] string Level,
    [Description("Of the model in force.")] IReadOnlyList<string> Levels);
