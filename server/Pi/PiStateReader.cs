using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>Reads the data of Pi's responses into the agent's own words. Pure.</summary>
internal static class PiStateReader
{
    public static AgentState ReadState(JsonElement data) => new(
        data.Child("model") is { } model ? ReadModel(model) : null,
        data.Text("thinkingLevel") ?? "off",
        data.Text("sessionId") ?? "",
        data.Text("sessionFile"),
        data.Text("sessionName"),
        data.Flag("isStreaming") == true);

    /// <summary>Null for what Pi shows when it has no model at all: one named <c>unknown</c>, or one without a provider.</summary>
    public static AgentModel? ReadModel(JsonElement model)
    {
        if (model.Text("provider") is not { } provider || model.Text("id") is not { } id || provider == "unknown") return null;
        var cost = model.Child("cost");
        return new AgentModel(provider, id, model.Text("name") ?? id, model.Flag("reasoning") == true, model.Whole("contextWindow") ?? 0,
            model.Texts("input"), cost?.Money("input") ?? 0, cost?.Money("output") ?? 0);
    }

    public static IReadOnlyList<AgentModel> ReadModels(JsonElement data) => [.. data.Items("models").Select(ReadModel).OfType<AgentModel>()];

    public static AgentUsage ReadUsage(JsonElement usage) => new(
        usage.Whole("input") ?? 0,
        usage.Whole("output") ?? 0,
        usage.Whole("cacheRead") ?? 0,
        usage.Whole("cacheWrite") ?? 0,
        usage.Whole("totalTokens") ?? usage.Whole("total") ?? 0,
        usage.Child("cost")?.Money("total") ?? 0);

    public static AgentStats ReadStats(JsonElement data)
    {
        var usage = data.Child("tokens") is { } tokens ? ReadUsage(tokens) with { Cost = data.Money("cost") } : default;
        var context = data.Child("contextUsage");
        return new AgentStats(usage, context?.Whole("tokens"), context?.Whole("contextWindow"), context?.Number("percent"));
    }

    /// <summary>The names under which extensions can be called by a prompt that begins with a slash.</summary>
    public static IEnumerable<string> ReadExtensionCommands(JsonElement data) =>
        data.Items("commands").Where(command => command.Text("source") == "extension").Select(command => command.Text("name")).OfType<string>();
}
