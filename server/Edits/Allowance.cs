using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.FileSystemGlobbing;
using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>
/// Something the user allowed once and for all in this session: exactly one of the four is set. Lives in the
/// session's state, is listed by <c>pi.listAllowances</c> and taken back by <c>pi.revokeAllowance</c>. Immutable.
/// </summary>
/// <param name="Tool">Every call of this tool.</param>
/// <param name="PathPattern">Edits of the files that this glob matches, relative to the workspace; never protected ones.</param>
/// <param name="ShellCommand">A shell tool's command by its exact words.</param>
internal sealed record Allowance(string Id, string? Tool, string? PathPattern, string? ShellCommand)
{
    /// <summary>Made once for each pattern, and gone with it.</summary>
    private static readonly ConditionalWeakTable<string, Matcher> Matchers = [];

    /// <summary>The fourth kind: this one file may be read, whatever it holds; without links.</summary>
    public string? ReadPath { get; init; }

    public bool CoversRead(string real) => ReadPath is { } path && WorkspacePath.SamePath(path, real);

    public bool CoversTool(string tool, JsonElement input) =>
        Tool == tool || (ShellCommand is { } words && IsShell(tool) && CommandOf(input) == words);

    public bool CoversEdit(string tool, string root, string path)
    {
        if (Tool == tool)
            return true;
        if (PathPattern is null || !WorkspacePath.IsInside(root, path))
            return false;
        return Matchers.GetValue(PathPattern, Made).Match(Path.GetRelativePath(root, path).Replace('\\', '/')).HasMatches;
    }

    private static Matcher Made(string pattern)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(pattern);
        return matcher;
    }

    public static bool IsShell(string tool) => tool is "bash" or "powershell";

    /// <summary>Null when there is anything besides the command that could change what it does.</summary>
    public static string? CommandOf(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object)
            return null;
        string? command = null;
        foreach (var property in input.EnumerateObject())
        {
            if (property.Name == "command" && property.Value.ValueKind == JsonValueKind.String)
                command = property.Value.GetString();
            else if (property.Name != "timeout")
                return null;
        }

        return command;
    }
}
