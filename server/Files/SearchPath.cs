namespace PiLsp.Files;

/// <summary>
/// Where a program named without a folder is looked for: the absolute folders of PATH. An empty entry, <c>.</c> and every
/// other relative one mean the folder one works in, and what lies there is the repository's. Pure but for <see cref="Find"/>.
/// </summary>
internal static class SearchPath
{
    public static IEnumerable<string> Folders(string? path, bool windows) =>
        (path ?? "").Split(windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(folder => folder.Trim('"'))
            .Where(folder => IsAbsolute(folder, windows))
            .Distinct();

    /// <summary>This machine's program of that name, for those that are started without a question; null where there is none.</summary>
    /// <param name="name">Without an ending; on Windows the one that ends in <c>.exe</c> is found.</param>
    public static string? Find(string name) =>
        Folders(Environment.GetEnvironmentVariable("PATH"), OperatingSystem.IsWindows())
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) =>
        File.Exists(path)
            && (OperatingSystem.IsWindows()
                || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <summary>On Windows <c>\tools</c> and <c>C:tools</c> depend on the drive and folder one happens to be in.</summary>
    public static bool IsAbsolute(string folder, bool windows) => windows
        ? folder.Replace('/', '\\') is var f
            && (f.StartsWith(@"\\", StringComparison.Ordinal) || (f.Length >= 3 && char.IsAsciiLetter(f[0]) && f[1] == ':' && f[2] == '\\'))
        : folder.StartsWith('/');
}
