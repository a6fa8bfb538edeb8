using System.Collections.Concurrent;
using PiLsp.Agents;
using PiLsp.Files;

namespace PiLsp.Pi;

/// <summary>
/// Pi's session files, found by Pi's own rules and summed up without starting it. What was read is kept by size and
/// time, and of a file that has grown only the new part is read. Any thread.
/// </summary>
internal sealed class PiSessionStore : ISessionStore
{
    public IReadOnlyList<string> ResumeWords(string path) => ["pi", "--session", path];

    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);

    public string Folder(AgentOptions options) => PiSessionFolder.Of(options);

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
        var shared = folder != PiSessionFolder.Default(options);
        var own = PiSessionFolder.Real(options.WorkingDirectory);
        return [.. found.Where(s => !shared || (s.WorkingDirectory.Length > 0 && PiSessionFolder.Real(s.WorkingDirectory) == own))
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
                    await using var stream = RegularFile.OpenRead(path);
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

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public PiSessionReader Reader { get; set; } = new();

        public DateTime Stamp { get; set; }

        public long Size { get; set; } = -1;
    }
}
