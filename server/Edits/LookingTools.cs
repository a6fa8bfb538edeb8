namespace PiLsp.Edits;

/// <summary>
/// Tools of the agent's own that only look, and that still reach beyond the workspace: the user says whether they may run
/// unasked (<c>pi.lookingTools</c>). Never a tool of that name that somebody else has put there. Pure.
/// </summary>
internal static class LookingTools
{
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["list_mcp_resources"] = "builtin:mcp",
        ["list_mcp_resource_templates"] = "builtin:mcp",
        ["read_mcp_resource"] = "builtin:mcp",
        ["tool_search"] = "builtin:tool-search",
    };

    public static IReadOnlyList<string> Names { get; } = [.. Sources.Keys.Order(StringComparer.Ordinal)];

    public static bool Covers(IEnumerable<string> allowed, string tool, string source) =>
        Sources.GetValueOrDefault(tool) == source && allowed.Contains(tool);
}
