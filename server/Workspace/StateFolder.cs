using PiLsp.Files;

namespace PiLsp.Workspace;

/// <summary>
/// Where a server leaves something for the next one: a folder of the user's own, never in the workspace, that nobody else reads. What
/// nobody has come for is thrown away after a month. Any thread.
/// </summary>
/// <param name="path">Another folder, for tests.</param>
internal sealed class StateFolder(TimeProvider time, string? path = null)
{
    private const int MostBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly string? _path = path ?? Usual();

    /// <summary>In place of what is there under this name. Nothing is left where the system has no such folder, or it is too much.</summary>
    public void Leave(string name, byte[] content)
    {
        if (_path is null || content.Length > MostBytes)
            return;
        Make(_path);
        Expire(_path);
        var beside = Path.Combine(_path, $"{name}.{Environment.ProcessId}.new");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning disable RS0030 // a file of our own in a folder of our own
        using (var file = new FileStream(beside, options))
            file.Write(content);
#pragma warning restore RS0030
        File.Move(beside, Path.Combine(_path, name), overwrite: true);
    }

    /// <summary>What was left, once: whoever comes later finds nothing.</summary>
    public byte[]? Take(string name)
    {
        if (_path is null || !File.Exists(Path.Combine(_path, name)))
            return null;
        var taken = Path.Combine(_path, $"{name}.{Environment.ProcessId}.taken");
        try
        {
            File.Move(Path.Combine(_path, name), taken, overwrite: true);
            return RegularFile.ReadAllBytes(taken, MostBytes);
        }
        catch (FileNotFoundException)
        {
            // Another server was quicker.
            return null;
        }
        finally
        {
            File.Delete(taken);
        }
    }

    private void Expire(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(f => time.GetUtcNow().UtcDateTime - f.LastWriteTimeUtc > Kept))
            file.Delete();
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string? Usual()
    {
        var state = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
                ? Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Application Support" : ".local/state")
                : "";
        return state.Length == 0 ? null : Path.Combine(state, "pilsp", "proposals");
    }
}
