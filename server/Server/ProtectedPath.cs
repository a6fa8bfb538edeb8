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

    /// <summary>
    /// For the moment when the file is opened: what was found to be ordinary may lead elsewhere by now. Gets the path that
    /// was opened; null where that is as ordinary, or where the user is asked anyhow.
    /// </summary>
    public static Func<string, string?> Unmoved(IReadOnlyList<string> roots, IReadOnlyList<string> patterns, string path, string? protectedBecause) => opened =>
        protectedBecause is null && Why(roots, patterns, opened) is { } now ? $"{path} leads elsewhere than a moment ago: {now}." : null;

    /// <summary>Why, in words for the user; null for an ordinary file of the workspace.</summary>
    /// <param name="path">In whatever spelling: what it leads to decides, and so it is with the folders.</param>
    public static string? Why(IReadOnlyList<string> roots, IReadOnlyList<string> patterns, string path)
    {
        // Another machine is not even asked.
        if (WorkspacePath.IsShare(path) && !roots.Any(r => WorkspacePath.IsInside(r, path)))
            return "it is outside the workspace";
        if (WorkspacePath.WhyNoFile(path) is { } noFile)
            return $"it {noFile}";
        if (WorkspacePath.ResolveLinks(path) is not { } real)
            return "its path cannot be resolved";
        // Where no folder is open, nothing is inside.
        if (!roots.Any(r => WorkspacePath.ResolveLinks(r) is { } root && WorkspacePath.IsInside(root, real)))
            return roots.Any(r => WorkspacePath.IsInside(r, path)) ? "a link leads it out of the workspace" : "it is outside the workspace";
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
