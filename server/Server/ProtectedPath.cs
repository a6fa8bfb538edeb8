using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>Paths that are asked for in every mode. Looks at the disk to see through links; called when a file is loaded.</summary>
internal static class ProtectedPath
{
    /// <summary>Why, in words for the user; null for an ordinary file of the workspace.</summary>
    public static string? Why(IReadOnlyList<string> roots, string path)
    {
        if (roots.Count > 0 && !roots.Any(r => WorkspacePath.IsInside(r, path)))
            return "outside the workspace";
        if (WorkspacePath.ResolveLinks(path) is not { } real)
            return "a path that cannot be resolved";
        if (roots.Count > 0 && !roots.Any(r => WorkspacePath.ResolveLinks(r) is { } root && WorkspacePath.IsInside(root, real)))
            return "outside the workspace, through a link";
        return null;
    }
}
