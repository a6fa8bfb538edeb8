namespace PiLsp.Workspace;

internal static partial class WorkspacePath
{
    /// <summary>A path for people and for the model: relative to the root and with forward slashes inside it, absolute outside.</summary>
    public static string Shown(string root, string path) =>
        IsInside(root, path) ? Path.GetRelativePath(root, path).Replace('\\', '/') : path;
}
