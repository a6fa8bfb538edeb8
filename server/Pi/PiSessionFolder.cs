using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Files;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// Where the conversations of a workspace are stored, by Pi's own rules (its docs/sessions.md), but for one: Pi takes a
/// project's word for it before it is trusted, we do not. What is found here is passed to Pi, whatever it would find. Any thread.
/// </summary>
internal static class PiSessionFolder
{
    private const int MostSettings = 4 * 1024 * 1024;

    /// <summary>Absolute: <c>--session-dir</c>, <c>PI_CODING_AGENT_SESSION_DIR</c>, the settings, else the agent's own folder for the directory.</summary>
    public static string Of(AgentOptions options)
    {
        var given = Argument(options.ExtraArgs) ?? NotEmpty(options.SessionDir) ?? Variable(options, "PI_CODING_AGENT_SESSION_DIR") ?? InSettings(options);
        return given is null ? Default(options) : Full(given, options);
    }

    public static string Default(AgentOptions options)
    {
        var name = Real(options.WorkingDirectory).TrimStart('/', '\\').Replace('/', '-').Replace('\\', '-').Replace(':', '-');
        return Path.Combine(AgentFolder(options), "sessions", $"--{name}--");
    }

    /// <summary>The directory as a process in it sees it: without links.</summary>
    public static string Real(string path)
    {
        try
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (Path.GetDirectoryName(full) is not { } parent)
                return full;
            var target = new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            return target is null ? Path.Combine(Real(parent), Path.GetFileName(full)) : Real(target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    public static bool IsSame(string one, string other) =>
        string.Equals(Real(one), Real(other), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public static string AgentFolder(AgentOptions options) => Full(Variable(options, "PI_CODING_AGENT_DIR") ?? "~/.pi/agent", options);

    private static string? InSettings(AgentOptions options) =>
        (options.TrustProject ? SettingIn(Path.Combine(options.WorkingDirectory, ".pi", "settings.json")) : null)
            ?? SettingIn(Path.Combine(AgentFolder(options), "settings.json"));

    private static string? SettingIn(string path)
    {
        try
        {
            if (!File.Exists(path) || RegularFile.ReadAllBytes(path, MostSettings) is not { } bytes)
                return null;
            using var settings = JsonDocument.Parse(bytes, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return NotEmpty(settings.RootElement.Text("sessionDir"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string? Argument(IReadOnlyList<string> arguments)
    {
        for (var i = arguments.Count - 2; i >= 0; i--)
            if (arguments[i] == "--session-dir")
                return NotEmpty(arguments[i + 1]);
        return null;
    }

    private static string? Variable(AgentOptions options, string name) =>
        NotEmpty(options.Env.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name));

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>Pi works in the real directory, so what is relative begins there, and <c>..</c> leads out of there.</summary>
    public static string Full(string path, AgentOptions options)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal))
            path = (options.Env.GetValueOrDefault(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME")
                ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) + path[1..];
        else if (path.StartsWith("file://", StringComparison.Ordinal) && Uri.TryCreate(path, UriKind.Absolute, out var uri))
            path = uri.LocalPath;
        return Path.GetFullPath(path, Real(options.WorkingDirectory));
    }
}
