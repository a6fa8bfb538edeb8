namespace PiLsp.Workspace;

internal static partial class WorkspacePath
{
    /// <summary>
    /// A path for the model, and for people by way of <c>ShownText.Name</c>: relative to the root and with forward slashes
    /// inside it, absolute outside. Where <c>\</c> is a letter of a name it stays one.
    /// </summary>
    public static string Shown(string root, string path) =>
        VirtualPath.IsOne(path) ? Path.GetFileName(path) : IsInside(root, path) ? WithSlashes(Path.GetRelativePath(root, path)) : path;

    private static string WithSlashes(string path) => Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');
}
