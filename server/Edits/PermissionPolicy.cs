using System.Text.Json;

namespace PiLsp.Edits;

internal enum Verdict { Allow, Ask, Deny }

/// <param name="Reason">For a refusal: what the model reads.</param>
internal readonly record struct Ruling(Verdict Verdict, string? Reason)
{
    public static Ruling Allow { get; } = new(Verdict.Allow, null);

    public static Ruling Ask { get; } = new(Verdict.Ask, null);
}

/// <summary>What may happen unasked. Pure: the facts about a path are found out before and passed in.</summary>
internal static class PermissionPolicy
{
    /// <param name="protectedBecause">Why the path is asked for in every mode and under every allowance; null for an ordinary file.</param>
    public static Ruling ForEdit(
        PermissionMode mode, IEnumerable<Allowance> allowances, string tool, string root, string path, string? protectedBecause) => mode switch
        {
            PermissionMode.ReadOnly =>
                new Ruling(Verdict.Deny, "Edits are switched off: the permission mode is readOnly. The file was not changed. Describe the change instead."),
            _ when protectedBecause is not null => Ruling.Ask,
            PermissionMode.AcceptEdits or PermissionMode.Full => Ruling.Allow,
            _ when allowances.Any(a => a.CoversEdit(tool, root, path)) => Ruling.Allow,
            _ => Ruling.Ask,
        };

    public static Ruling ForTool(PermissionMode mode, IEnumerable<Allowance> allowances, string tool, JsonElement input) => mode switch
    {
        PermissionMode.ReadOnly => new Ruling(Verdict.Deny, $"The tool {tool} is switched off: the permission mode is readOnly."),
        PermissionMode.Full => Ruling.Allow,
        _ when allowances.Any(a => a.CoversTool(tool, input)) => Ruling.Allow,
        _ => Ruling.Ask,
    };

    /// <summary>What a mode is worth in a workspace that the user does not trust: nothing there may loosen anything.</summary>
    public static PermissionMode Cap(PermissionMode mode, bool trusted) => trusted || mode < PermissionMode.Ask ? mode : PermissionMode.Ask;
}
