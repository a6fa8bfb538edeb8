using System.IO.Enumeration;

namespace PiLsp.Agents;

/// <summary>Which models may be used here, by the user's patterns. Pure.</summary>
/// <param name="Allow">Where there are any, a model has to match one.</param>
/// <param name="Deny">Goes before <paramref name="Allow"/>.</param>
/// <param name="ClaudeSubscription">Leave Anthropic's models to the <c>claude</c> CLI while that is signed in with a subscription.</param>
internal sealed record ModelPolicy(IReadOnlyList<string> Allow, IReadOnlyList<string> Deny, bool ClaudeSubscription)
{
    private const string Anthropic = "anthropic";

    public static readonly ModelPolicy Default = new([], [], ClaudeSubscription: true);

    /// <summary>Whether the state of the <c>claude</c> CLI matters for this model.</summary>
    public bool DependsOnClaude(AgentModel model) => ClaudeSubscription && model.Provider == Anthropic;

    /// <summary>Null for a model that may be used, else why not.</summary>
    public string? WhyNot(AgentModel model, bool claudeIsSignedIn)
    {
        if (Deny.FirstOrDefault(pattern => Matches(pattern, model)) is { } denied)
            return $"pi.modelPolicy denies it (\"{denied}\")";
        if (Allow.Count > 0 && !Allow.Any(pattern => Matches(pattern, model)))
            return $"pi.modelPolicy allows only {string.Join(", ", Allow.Select(pattern => $"\"{pattern}\""))}";
        return claudeIsSignedIn && DependsOnClaude(model)
            ? "the claude CLI is signed in with a subscription here, which is for Anthropic's own programs; sign out of it, or set " +
                "pi.modelPolicy.claudeSubscription to false (pilsp ask: --ignore-claude)"
            : null;
    }

    /// <summary>With a slash a pattern is for the full name, else for the provider or the id. <c>*</c> is any text, <c>?</c> one character.</summary>
    private static bool Matches(string pattern, AgentModel model) =>
        Fits(pattern, model.FullId) || (!pattern.Contains('/') && (Fits(pattern, model.Provider) || Fits(pattern, model.Id)));

    // The framework's own has a meaning for a backslash; here it is one.
    private static bool Fits(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: true);
}
