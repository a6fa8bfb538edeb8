namespace PiLsp.Edits;

/// <summary>How much the agent may do unasked; the setting <c>pi.permissionMode</c>.</summary>
internal enum PermissionMode
{
    /// <summary>Nothing is changed: edits and every tool that is not known to be read-only are refused.</summary>
    ReadOnly,

    /// <summary>Every edit and every such tool is asked for.</summary>
    Ask,

    /// <summary>Edits of ordinary files land unasked (through the editor all the same); tools are asked for.</summary>
    AcceptEdits,

    /// <summary>Nothing is asked but for protected paths.</summary>
    Full,
}

internal static class PermissionModes
{
    public static IReadOnlyList<string> Names { get; } = ["readOnly", "ask", "acceptEdits", "full"];

    public static string Name(this PermissionMode mode) => Names[(int)mode];

    public static PermissionMode? Parse(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
                return (PermissionMode)i;
        }

        return null;
    }
}
