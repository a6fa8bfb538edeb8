using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>Paths that are asked for in every mode. Looks at the disk to see through links; called when a file is loaded.</summary>
internal static class ProtectedPath
{
    /// <summary>Keys, credentials, repositories' insides and what decides about trust.</summary>
    private static readonly string[] Secrets =
    [
        "**/.git", "**/.git/**", "**/.hg/**", "**/.svn/**", "**/.jj/**", "**/.env*", "**/*.pem", "**/*.key", "**/*.p12", "**/*.pfx", "**/id_rsa*",
        "**/id_ed25519*",
        "**/id_ecdsa*", "**/.ssh/**", "**/.aws/**", "**/.gnupg/**", "**/.netrc", "**/.npmrc", "**/.pypirc", "**/*credentials*", "**/*secret*", "**/.pi/**",
    ];

    /// <summary>What editors, shells, package managers, CI and agents run or obey when it merely stands there.</summary>
    private static readonly string[] Acting =
    [
        // Editors
        "**/*.code-workspace", "**/.vscode/**", "**/.devcontainer/**", "**/.devcontainer.json", "**/.idea/**", "**/.run/**", "**/.fleet/**", "**/.vs/**",
        "**/.zed/**",
        "**/.helix/**", "**/.nvim.lua", "**/.nvimrc", "**/.nvim/**", "**/.exrc", "**/.vimrc", "**/_vimrc", "**/.lvimrc", "**/.vim/**", "**/.neoconf.json",
        "**/.dir-locals.el", "**/.dir-locals-2.el", "**/*.sublime-project", "**/*.sublime-workspace", "**/.kateproject*", "**/.lite_project.lua",
        "**/.luarc.json*", "**/.ycm_extra_conf.py", "**/.pylintrc", "**/pylintrc", "**/.gitpod.yml",
        // Shells, debuggers, interpreters
        "**/.direnv/**", "**/.mise.toml", "**/.mise.*.toml", "**/mise.toml", "**/mise.*.toml", "**/.mise/**", "**/.rtx.toml", "**/.tool-versions",
        "**/.autoenv*",
        "**/.profile", "**/.bashrc", "**/.bash_*", "**/.zshrc", "**/.zshenv", "**/.zprofile", "**/.zlogin", "**/.gdbinit", "**/.lldbinit", "**/.pdbrc",
        "**/.irbrc",
        "**/.pryrc", "**/.Rprofile", "**/.Renviron", "**/.ghci", "**/sitecustomize.py", "**/usercustomize.py",
        // Repositories and their hooks
        "**/.gitmodules", "**/.gitattributes", "**/.gitconfig", "**/.githooks/**", "**/.husky/**", "**/.pre-commit-config.yaml", "**/lefthook.*",
        "**/.lefthook*",
        "**/lefthook-local.*", "**/.lintstagedrc*", "**/.overcommit.yml",
        // Package managers and builds
        "**/.yarnrc", "**/.yarnrc.yml", "**/.yarn/**", "**/.pnp.*", "**/.pnpmfile.*", "**/bunfig.toml", "**/pip.conf", "**/.cargo/**", "**/rust-toolchain",
        "**/rust-toolchain.toml", "**/.mvn/**", "**/gradle/wrapper/**", "**/.bundle/**", "**/nuget.config",
        // CI, which has the repository's secrets
        "**/.github/workflows/**", "**/.github/actions/**", "**/.forgejo/**", "**/.gitea/**", "**/.gitlab-ci.yml", "**/.gitlab/**", "**/.circleci/**",
        "**/.travis.yml",
        "**/azure-pipelines*.yml", "**/bitbucket-pipelines.yml", "**/Jenkinsfile", "**/.drone.yml", "**/.woodpecker*", "**/.woodpecker/**", "**/.buildkite/**",
        "**/.cirrus.yml", "**/appveyor.yml", "**/.appveyor.yml", "**/.teamcity/**",
        // Agents, and what they take for the user's words
        "**/.mcp.json", "**/.claude/**", "**/.claude.json", "**/.cursor/**", "**/.cursorrules", "**/.agents/**", "**/.windsurf/**", "**/.windsurfrules",
        "**/.continue/**",
        "**/.gemini/**", "**/.codex/**", "**/.opencode/**", "**/opencode.json*", "**/.kiro/**", "**/.roo/**", "**/.roomodes", "**/.clinerules*",
        "**/.clinerules/**",
        "**/.aider*", "**/.amp/**", "**/.qwen/**", "**/.junie/**", "**/.goose*", "**/.crush*", "**/.factory/**", "**/.github/copilot-instructions.md",
        "**/.github/instructions/**", "**/.github/prompts/**", "**/.github/agents/**", "**/AGENTS.md", "**/AGENTS.override.md", "**/CLAUDE.md",
        "**/CLAUDE.local.md",
        "**/GEMINI.md",
    ];

    /// <summary>The setting's default; docs/protocol.md, "Protected paths", says why.</summary>
    public static PathPatterns Defaults { get; } = new([.. Secrets, .. Acting]);

    /// <summary>
    /// For the moment when the file is opened: what was found to be ordinary may lead elsewhere by now. Gets the path that
    /// was opened; null where that is as ordinary, or where the user is asked anyhow.
    /// </summary>
    public static Func<string, string?> Unmoved(IReadOnlyList<string> roots, PathPatterns patterns, string path, string? protectedBecause) => opened =>
        protectedBecause is null && Why(roots, patterns, opened) is { } now ? $"{path} leads elsewhere than a moment ago: {now}." : null;

    /// <summary>Why, in words for the user; null for an ordinary file of the workspace.</summary>
    /// <param name="path">In whatever spelling: what it leads to decides, and so it is with the folders.</param>
    public static string? Why(IReadOnlyList<string> roots, PathPatterns patterns, string path)
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
        return (Protecting(path) ?? (WorkspacePath.SamePath(path, real) ? null : Protecting(real))) is { } protecting ? $"it is protected by {protecting}"
            : null;

        string? Protecting(string spelling) => patterns.Matching(spelling).FirstOrDefault(p => !IsThatOfTheWorkspace(p, roots, spelling));
    }

    /// <summary>A workspace that lies in such a folder itself, a checkout that an agent has made, is not all protected for that.</summary>
    private static bool IsThatOfTheWorkspace(string pattern, IReadOnlyList<string> roots, string path) =>
        Acting.Contains(pattern) && roots.Select(r => WorkspacePath.IsInside(r, path) ? r : WorkspacePath.ResolveLinks(r) ?? r)
            .Any(r => WorkspacePath.IsInside(r, path) && PathPatterns.Matches(pattern, Path.Combine(r, "x"))
                && !PathPatterns.Matches(pattern, Path.GetRelativePath(r, path)));
}
