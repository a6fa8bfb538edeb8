using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Faces;

/// <summary>
/// What is read only after the user was asked: the setting <c>askToRead</c>, held against what a path leads to at this
/// moment. Any thread; looks at the disk.
/// </summary>
/// <param name="setting"><c>secrets</c>, <c>outside</c> or <c>never</c>.</param>
internal sealed class ReadGuard(Func<string> setting, Func<IReadOnlyList<string>> roots)
{
    public static readonly string[] Settings = ["secrets", "outside", "never"];

    /// <summary>The agent's own skills and docs, which it is told to read.</summary>
    public Func<IReadOnlyList<string>> AgentFolders { get; set; } = () => [];

    /// <summary>Null: it is read unasked, as everything is that is no file at all, since that is refused elsewhere.</summary>
    public PrivateFile? Look(string path)
    {
        if (setting() == "never" || VirtualPath.IsOne(path))
            return null;
        // Another machine hears of it already when it is looked at.
        var isShare = WorkspacePath.IsShare(path) && !roots().Any(r => WorkspacePath.IsInside(r, path));
        var real = isShare ? path : WorkspacePath.ResolveLinks(path) ?? path;
        return Why(path, real, isShare) is { } why ? new PrivateFile(why, real) : null;
    }

    /// <summary>For the moment when the file is opened: gets the path that was opened, and says why it must not be read after all.</summary>
    public Func<string, string?> Unmoved(string path, PrivateFile? asked) => opened =>
        asked is null && Look(opened) is { } now ? $"{path} leads elsewhere than a moment ago, and that {now.Why}."
        : asked is not null && !WorkspacePath.SamePath(asked.Real, WorkspacePath.ResolveLinks(opened) ?? opened) ? $"{path} leads elsewhere than a moment ago."
            : null;

    private string? Why(string path, string real, bool isShare)
    {
        if ((SecretFile.Why(real) ?? SecretFile.Why(path)) is { } secret)
            return secret;
        if (isShare)
            return "is on another machine";
        return setting() == "outside" && !Within(roots(), real) && !Within(AgentFolders(), real) && !IsOutputOfCommand(real) ? "is outside the workspace"
            : null;
    }

    private static bool Within(IReadOnlyList<string> folders, string real) =>
        folders.Any(f => WorkspacePath.ResolveLinks(f) is { } folder && WorkspacePath.IsInside(folder, real));

    /// <summary>What a command has said beyond the bounds of an answer; Pi tells the model to read it there.</summary>
    private static bool IsOutputOfCommand(string real) =>
        Path.GetFileName(real).StartsWith("pi-bash-", StringComparison.Ordinal)
        && WorkspacePath.ResolveLinks(Path.GetTempPath()) is { } temporary && WorkspacePath.SamePath(Path.GetDirectoryName(real) ?? "", temporary);
}
