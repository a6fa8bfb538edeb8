using Microsoft.Extensions.FileSystemGlobbing;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>Paths that are asked for in every mode. Looks at the disk to see through links; called when a file is loaded.</summary>
internal static class ProtectedPath
{
    /// <summary>The setting's default: repositories' insides, keys, credentials, and what decides about trust.</summary>
    public static IReadOnlyList<string> Defaults { get; } =
    [
        "**/.git", "**/.git/**", "**/.env*", "**/*.pem", "**/*.key", "**/*.p12", "**/*.pfx", "**/id_rsa*", "**/id_ed25519*", "**/id_ecdsa*",
        "**/.ssh/**", "**/.aws/**", "**/.gnupg/**", "**/.netrc", "**/.npmrc", "**/.pypirc", "**/*credentials*", "**/*secret*",
        "**/.vscode/settings.json", "**/.vscode/tasks.json", "**/.pi/**",
    ];

    /// <summary>Why, in words for the user; null for an ordinary file of the workspace.</summary>
    public static string? Why(IReadOnlyList<string> roots, IReadOnlyList<string> patterns, string path)
    {
        // Where no folder is open, nothing is inside.
        if (!roots.Any(r => WorkspacePath.IsInside(r, path)))
            return "it is outside the workspace";
        if (WorkspacePath.ResolveLinks(path) is not { } real)
            return "its path cannot be resolved";
        if (!roots.Any(r => WorkspacePath.ResolveLinks(r) is { } root && WorkspacePath.IsInside(root, real)))
            return "a link leads it out of the workspace";
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, path) || (!WorkspacePath.SamePath(path, real) && Matches(pattern, real)))
                return $"it is protected by {pattern}";
        }

        return null;
    }

    /// <summary>Letter case does not count: on many machines <c>.ENV</c> is the same file as <c>.env</c>.</summary>
    private static bool Matches(string pattern, string path)
    {
        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        matcher.AddInclude(pattern);
        return matcher.Match(Path.TrimEndingDirectorySeparator(path).Replace('\\', '/').TrimStart('/')).HasMatches;
    }
}
