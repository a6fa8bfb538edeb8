namespace PiLsp.Pi;

/// <summary>
/// Where version and package managers put programs: an editor that was not started from a terminal has none of these on its
/// PATH. The newest version of a manager's comes first. Looks at the disk; any thread.
/// </summary>
internal sealed class ManagedFolders(IPiHost host)
{
    private readonly HostPaths _paths = new(host);

    public IEnumerable<string> All => (host.IsWindows ? OnWindows() : OnUnix()).Distinct();

    /// <summary>The program in each of them, by its name.</summary>
    public IReadOnlyList<string> Candidates(string command) =>
        [.. All.SelectMany(folder => _paths.Endings(command).Select(ending => _paths.Combine(folder, command + ending)))];

    private IEnumerable<string> OnUnix()
    {
        var (home, data) = (Folder("HOME"), Folder("XDG_DATA_HOME") ?? Under("HOME", ".local/share"));
        string?[] fnm = [Folder("FNM_DIR"), Below(data, "fnm"), Below(home, "Library/Application Support/fnm"), Below(home, ".fnm")];
        var mise = Folder("MISE_DATA_DIR") ?? Below(data, "mise");
        var asdf = Folder("ASDF_DATA_DIR") ?? Below(home, ".asdf");
        IEnumerable<string?> folders =
        [
            .. Versions(Folder("NVM_DIR") ?? Below(home, ".nvm"), "versions/node", "bin"),
            .. fnm.SelectMany(root => Versions(root, "node-versions", "installation/bin")),
            .. Versions(mise, "installs/node", "bin"), Below(mise, "shims"),
            .. Versions(asdf, "installs/nodejs", "bin"), Below(asdf, "shims"),
            Below(Folder("VOLTA_HOME") ?? Below(home, ".volta"), "bin"),
            Below(Folder("N_PREFIX"), "bin"),
            Folder("PNPM_HOME") ?? Below(data, "pnpm"), Below(home, "Library/pnpm"),
            Below(home, ".npm-global/bin"), Below(home, ".bun/bin"), Below(home, ".local/bin"),
            "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin", "/usr/local/bin",
        ];
        return folders.OfType<string>();
    }

    private IEnumerable<string> OnWindows()
    {
        IEnumerable<string?> folders =
        [
            Under("APPDATA", "npm"),
            .. Versions(Folder("NVM_HOME") ?? Under("APPDATA", "nvm"), "", ""),
            .. Versions(Folder("FNM_DIR") ?? Under("APPDATA", "fnm"), "node-versions", "installation"),
            .. Versions(Folder("MISE_DATA_DIR") ?? Under("LOCALAPPDATA", "mise"), "installs/node", ""),
            Below(Folder("VOLTA_HOME") ?? Under("LOCALAPPDATA", "Volta"), "bin"),
            Folder("PNPM_HOME") ?? Under("LOCALAPPDATA", "pnpm"),
            Under("USERPROFILE", "scoop/shims"), Under("ProgramFiles", "nodejs"),
        ];
        return folders.OfType<string>();
    }

    /// <param name="of">Between a manager's folder and its versions.</param>
    /// <param name="bin">Where a version has its programs.</param>
    private IEnumerable<string> Versions(string? root, string of, string bin)
    {
        if (Below(root, of) is not { } all)
            return [];
        return host.FoldersIn(all)
            .Select(name => (Name: name, Version: Version.TryParse(name.TrimStart('v'), out var version) ? version : null))
            .OrderByDescending(one => one.Version)
            .Select(one => _paths.Combine(all, one.Name + "/" + bin));
    }

    private string? Under(string variable, string relative) => Below(Folder(variable), relative);

    private string? Below(string? folder, string relative) => folder is null ? null : _paths.Combine(folder, relative);

    /// <summary>What is relative would be looked for in the folder one works in, and what lies there is the repository's.</summary>
    private string? Folder(string variable) => host.Variable(variable) is { } folder && _paths.IsAbsolute(folder) ? folder : null;
}
