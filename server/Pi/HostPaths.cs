using PiLsp.Files;

namespace PiLsp.Pi;

/// <summary>Paths by the rules of the host's system instead of this one's, so that Windows is testable anywhere. Pure.</summary>
internal sealed class HostPaths(IPiHost host)
{
    private char Separator => host.IsWindows ? '\\' : '/';

    /// <summary>Where a command may be: itself when it is a path, else its name in every absolute folder of PATH.</summary>
    public IReadOnlyList<string> Candidates(string command, IReadOnlyDictionary<string, string> environment)
    {
        var endings = Endings(command);
        if (!IsName(command))
            return [.. endings.Select(ending => ExpandHome(command) + ending)];

        var path = environment.FirstOrDefault(entry =>
            entry.Key.Equals("PATH", host.IsWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)).Value
            ?? host.Variable("PATH") ?? "";
        return [.. SearchPath.Folders(path, host.IsWindows)
            .SelectMany(folder => endings.Select(ending => Combine(folder, command + ending)))];
    }

    /// <summary>Without a folder.</summary>
    public bool IsName(string command) => !command.Contains('/') && !(host.IsWindows && command.Contains('\\'));

    public bool IsAbsolute(string folder) => SearchPath.IsAbsolute(folder, host.IsWindows);

    /// <summary>Without its extension npm's starter on Windows is a script for a POSIX shell, which cannot be run there.</summary>
    public IReadOnlyList<string> Endings(string command) =>
        host.IsWindows && !HasExtension(command, ".exe", ".cmd", ".bat", ".ps1", ".js", ".mjs", ".cjs") ? [".exe", ".cmd", ".bat", ".ps1"] : [""];

    /// <summary>Joins and takes out <c>.</c> and <c>..</c>.</summary>
    public string Combine(string folder, string relative)
    {
        var parts = (folder + '/' + relative).Split(host.IsWindows ? ['/', '\\'] : ['/']);
        var kept = new List<string>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            // An empty first part is the root; on Windows two of them begin a share.
            if (parts[i] == "." || (parts[i].Length == 0 && i > 0 && !(host.IsWindows && i == 1))) continue;
            if (parts[i] == ".." && kept.Count > 1) kept.RemoveAt(kept.Count - 1);
            else kept.Add(parts[i]);
        }

        return string.Join(Separator, kept);
    }

    /// <summary>Empty at the top.</summary>
    public string Parent(string path)
    {
        var end = host.IsWindows ? path.LastIndexOfAny(['/', '\\']) : path.LastIndexOf('/');
        return end <= 0 ? "" : path[..end];
    }

    public static bool HasExtension(string path, params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private string ExpandHome(string command)
    {
        if (!command.StartsWith("~/", StringComparison.Ordinal)) return command;
        return host.Variable(host.IsWindows ? "USERPROFILE" : "HOME") is { Length: > 0 } home ? Combine(home, command[2..]) : command;
    }
}
