namespace PiLsp.Edits;

internal enum Verdict { Allow, Ask, Deny }

/// <param name="Reason">For a refusal: what the model reads.</param>
internal readonly record struct Ruling(Verdict Verdict, string? Reason)
{
    public static Ruling Allow { get; } = new(Verdict.Allow, null);

    public static Ruling Ask { get; } = new(Verdict.Ask, null);
}

/// <summary>What may happen unasked. Pure: the facts about a path are found out before and passed in.</summary>
internal static class Policy
{
    /// <param name="protectedBecause">Why the path is asked for in every mode; null for an ordinary file.</param>
    public static Ruling ForEdit(PermissionMode mode, string? protectedBecause) => mode switch
    {
        PermissionMode.ReadOnly => new Ruling(Verdict.Deny, "Edits are switched off: the permission mode is readOnly. Describe the change instead."),
        PermissionMode.AcceptEdits or PermissionMode.Full when protectedBecause is null => Ruling.Allow,
        _ => Ruling.Ask,
    };

    public static Ruling ForTool(PermissionMode mode, string tool) => mode switch
    {
        PermissionMode.ReadOnly => new Ruling(Verdict.Deny, $"The tool {tool} is switched off: the permission mode is readOnly."),
        PermissionMode.Full => Ruling.Allow,
        _ => Ruling.Ask,
    };
}
