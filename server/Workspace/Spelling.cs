namespace PiLsp.Workspace;

/// <summary>
/// The client's own spelling of a path. A workspace may be opened through a link, and then Pi, which works where that
/// leads to, names every file otherwise than the editor does. May look at the disk; any thread.
/// </summary>
internal static class Spelling
{
    /// <param name="path">As Pi, a tool or another language server names it.</param>
    public static string Of(DocumentStore documents, IReadOnlyList<string> roots, string path) =>
        // What the client has open is the one text of the file, under the one name.
        documents.FindByPath(path)?.Path is { } open ? open : InFolders(roots, path);

    /// <summary>As a path below the folder of the workspace that it lies in; unchanged where it lies in none.</summary>
    public static string InFolders(IReadOnlyList<string> roots, string path)
    {
        if (roots.Any(r => WorkspacePath.IsInside(r, path)) || WorkspacePath.IsShare(path))
            return path;
        foreach (var root in roots)
        {
            if (WorkspacePath.ResolveLinks(root) is { } real && Below(real, path) is { } rest)
                return Path.Combine(root, rest);
        }

        return path;
    }

    /// <summary>The part of it that lies in the folder, by its letters or by what it leads to; null where it lies elsewhere.</summary>
    private static string? Below(string real, string path)
    {
        if (!WorkspacePath.IsInside(real, path))
            path = WorkspacePath.ResolveLinks(path) ?? path;
        return !WorkspacePath.IsInside(real, path) ? null : Path.GetRelativePath(real, path) is var rest && rest == "." ? "" : rest;
    }
}
