using MAB.DotIgnore;

namespace PiLsp.Server;

/// <summary>
/// Which files of the workspace there are and when they last changed, for comparing before and after a tool that
/// writes past the review. What .gitignore names is left out, and so is everything past the bound. Immutable.
/// </summary>
internal sealed class WorkspaceScan
{
    private const int MaxFiles = 50_000;
    private static readonly string[] NeverSource = [".git", "node_modules", ".hg", ".svn"];

    private readonly Dictionary<string, (long Ticks, long Length)> _files = new(StringComparer.Ordinal);

    private WorkspaceScan()
    {
    }

    /// <summary>The workspace has more files than are looked at.</summary>
    public bool Incomplete { get; private set; }

    public static WorkspaceScan Of(IReadOnlyList<string> roots, CancellationToken cancellation)
    {
        var scan = new WorkspaceScan();
        foreach (var root in roots.Where(Directory.Exists))
            scan.Add(root, cancellation);
        return scan;
    }

    /// <summary>Paths that were created, changed or deleted since, in order.</summary>
    public IReadOnlyList<string> ChangedUntil(WorkspaceScan later) =>
    [
        .. later._files.Where(f => !_files.TryGetValue(f.Key, out var old) || old != f.Value).Select(f => f.Key)
            .Concat(_files.Keys.Where(f => !later._files.ContainsKey(f)))
            .Order(StringComparer.Ordinal),
    ];

    private void Add(string root, CancellationToken cancellation)
    {
        var ignore = new IgnoreList();
        var rules = Path.Combine(root, ".gitignore");
        if (File.Exists(rules))
            ignore.AddRules(rules);
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (folders.TryPop(out var folder))
        {
            cancellation.ThrowIfCancellationRequested();
            IEnumerable<FileSystemInfo> entries;
            try
            {
                entries = folder.GetFileSystemInfos();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (var entry in entries)
            {
                var relative = Path.GetRelativePath(root, entry.FullName).Replace('\\', '/');
                // Links are not followed: they may lead out of the workspace, or round in circles.
                if (entry.LinkTarget is not null || ignore.IsIgnored(relative, pathIsDirectory: entry is DirectoryInfo))
                    continue;
                if (entry is DirectoryInfo sub)
                {
                    if (!NeverSource.Contains(sub.Name))
                        folders.Push(sub);
                }
                else if (_files.Count >= MaxFiles)
                {
                    Incomplete = true;
                    return;
                }
                else if (entry is FileInfo file)
                {
                    _files[file.FullName] = (file.LastWriteTimeUtc.Ticks, file.Length);
                }
            }
        }
    }
}
