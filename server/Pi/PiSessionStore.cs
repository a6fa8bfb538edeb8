using System.Collections.Concurrent;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// Pi's session files, found by Pi's own rules and summed up without starting it. What was read is kept by size and
/// time, and of a file that has grown only the new part is read. Any thread.
/// </summary>
internal sealed class PiSessionStore : ISessionStore
{
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);

    /// <summary>As Pi finds it: <c>--session-dir</c>, <c>PI_CODING_AGENT_SESSION_DIR</c>, its settings, its own folder for the directory.</summary>
    public string Folder(AgentOptions options)
    {
        var given = Argument(options.ExtraArgs) ?? NotEmpty(options.SessionDir) ?? Variable(options, "PI_CODING_AGENT_SESSION_DIR") ?? InSettings(options);
        return given is null ? DefaultFolder(options) : Path.GetFullPath(Home(given), options.WorkingDirectory);
    }

    public async Task<IReadOnlyList<StoredSession>> ListAsync(string folder, AgentOptions options, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            return [];
        var found = new ConcurrentBag<StoredSession>();
        var paths = new DirectoryInfo(folder).EnumerateFiles("*.jsonl").Select(f => f.FullName).ToList();
        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (path, token) =>
        {
            if (await ReadAsync(path, token) is { } session)
                found.Add(session);
        });
        // A folder of the user's own may hold the sessions of several workspaces.
        var shared = folder != DefaultFolder(options);
        var own = Real(options.WorkingDirectory);
        return [.. found.Where(s => !shared || (s.WorkingDirectory.Length > 0 && Real(s.WorkingDirectory) == own))
            .OrderByDescending(s => s.Modified).ThenByDescending(s => s.Path, StringComparer.Ordinal)];
    }

    public async Task<StoredSession?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return null;
            var (stamp, size) = (file.LastWriteTimeUtc, file.Length);
            var entry = _known.GetOrAdd(path, _ => new Entry());
            await entry.Turn.WaitAsync(cancellation);
            try
            {
                if (entry.Stamp != stamp || entry.Size != size)
                {
                    // Pi rewrites a file when it changes the format; what is shorter is another text.
                    if (size <= entry.Size)
                        entry.Reader = new PiSessionReader();
                    await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: false);
                    await entry.Reader.ReadOnAsync(stream, cancellation);
                    (entry.Stamp, entry.Size) = (stamp, size);
                }

                return entry.Reader.Summary(path, new DateTimeOffset(stamp), size);
            }
            finally
            {
                entry.Turn.Release();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string DefaultFolder(AgentOptions options)
    {
        var name = Real(options.WorkingDirectory).TrimStart('/', '\\').Replace('/', '-').Replace('\\', '-').Replace(':', '-');
        return Path.Combine(AgentFolder(options), "sessions", $"--{name}--");
    }

    private static string AgentFolder(AgentOptions options) =>
        Variable(options, "PI_CODING_AGENT_DIR") is { } own ? Path.GetFullPath(Home(own), options.WorkingDirectory) : Home("~/.pi/agent");

    private static string? InSettings(AgentOptions options) =>
        (options.TrustProject ? SettingIn(Path.Combine(options.WorkingDirectory, ".pi", "settings.json")) : null)
            ?? SettingIn(Path.Combine(AgentFolder(options), "settings.json"));

    private static string? SettingIn(string path)
    {
        try
        {
            using var settings = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
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

    private static string Home(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..] : path;

    /// <summary>The directory as a process in it sees it: without links.</summary>
    private static string Real(string path)
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

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public PiSessionReader Reader { get; set; } = new();

        public DateTime Stamp { get; set; }

        public long Size { get; set; } = -1;
    }
}
