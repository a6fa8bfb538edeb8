namespace PiLsp.Workspace;

/// <summary>The files of a folder and of those in it, but for what the repository ignores. Immutable.</summary>
/// <param name="Paths">Relative, with slashes; from git also of files that are gone and of folders with a repository of their own.</param>
/// <param name="Unnamed">How many have a name that is no text, and cannot be looked at.</param>
/// <param name="Problem">Why these are not all, in words that can stand in the middle of a sentence; null where they are.</param>
internal sealed record FileListing(IReadOnlyList<string> Paths, int Unnamed, string? Problem)
{
    public bool IsWhole => Problem is null;

    public static string TooMany(int most) => $"the workspace has more than {most} files";
}
