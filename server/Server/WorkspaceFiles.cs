using MAB.DotIgnore;

namespace PiLsp.Server;

/// <summary>
/// The workspace's files for completing a mention: paths relative to the first folder, without what any
/// <c>.gitignore</c> names, without links. Kept for a moment, so that typing does not walk the disk. Any thread.
/// </summary>
internal sealed class WorkspaceFiles(TimeProvider time)
{
    private const int MostFiles = 50_000;
    private static readonly string[] NeverSource = [".git", "node_modules", ".hg", ".svn"];
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private volatile Listing? _last;

    /// <summary>The best that fit, folders with a slash at their end.</summary>
    /// <param name="first">Paths to put before others that fit as well: open files.</param>
    public async Task<IReadOnlyList<string>> FindAsync(string root, string prefix, IReadOnlySet<string> first, int limit, CancellationToken cancellation)
    {
        var last = _last;
        if (last is null || last.Root != root || time.GetElapsedTime(last.Taken) > Fresh)
            _last = last = new Listing(root, time.GetTimestamp(), await Task.Run(() => Walk(root, cancellation), cancellation));
        return
        [
            .. last.Paths.Select(p => (Path: p, Rank: Rank(p, prefix))).Where(x => x.Rank is not null)
                .OrderBy(x => x.Rank).ThenBy(x => first.Contains(x.Path) ? 0 : 1).ThenBy(x => x.Path.Length).ThenBy(x => x.Path, StringComparer.Ordinal)
                .Take(limit).Select(x => x.Path),
        ];
    }

    /// <summary>Lower is better; null does not fit. Letter case does not count.</summary>
    private static int? Rank(string path, string prefix)
    {
        if (prefix.Length == 0 || path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return 0;
        var name = path.TrimEnd('/');
        name = name[(name.LastIndexOf('/') + 1)..];
        if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return 1;
        if (name.Contains(prefix, StringComparison.OrdinalIgnoreCase))
            return 2;
        if (path.Contains(prefix, StringComparison.OrdinalIgnoreCase))
            return 3;
        var at = 0;
        foreach (var c in path)
        {
            if (at < prefix.Length && char.ToUpperInvariant(c) == char.ToUpperInvariant(prefix[at]))
                at++;
        }

        return at == prefix.Length ? 4 : null;
    }

    private static List<string> Walk(string root, CancellationToken cancellation)
    {
        var paths = new List<string>();
        var folders = new Queue<(string Relative, Rules? Rules)>([("", null)]);
        while (folders.TryDequeue(out var folder) && paths.Count < MostFiles)
        {
            cancellation.ThrowIfCancellationRequested();
            var full = Path.Combine(root, folder.Relative);
            FileSystemInfo[] entries;
            try
            {
                entries = new DirectoryInfo(full).GetFileSystemInfos();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            var rules = entries.Any(e => e.Name == ".gitignore") ? new Rules(folder.Relative, Read(Path.Combine(full, ".gitignore")), folder.Rules) : folder.Rules;
            foreach (var entry in entries)
            {
                var relative = folder.Relative.Length == 0 ? entry.Name : $"{folder.Relative}/{entry.Name}";
                var isFolder = entry is DirectoryInfo;
                if (entry.LinkTarget is not null || (isFolder && NeverSource.Contains(entry.Name)) || Rules.Ignore(rules, relative, isFolder))
                    continue;
                paths.Add(isFolder ? relative + "/" : relative);
                if (isFolder)
                    folders.Enqueue((relative, rules));
            }
        }

        return paths;
    }

    private static IgnoreList Read(string path)
    {
        var list = new IgnoreList();
        try
        {
            list.AddRules(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As good as none.
        }

        return list;
    }

    private sealed record Listing(string Root, long Taken, IReadOnlyList<string> Paths);

    /// <summary>A folder's own rules and those above it.</summary>
    private sealed record Rules(string Folder, IgnoreList List, Rules? Above)
    {
        public static bool Ignore(Rules? rules, string path, bool isFolder)
        {
            for (; rules is not null; rules = rules.Above)
            {
                var relative = rules.Folder.Length == 0 ? path : path[(rules.Folder.Length + 1)..];
                if (rules.List.IsIgnored(relative, isFolder))
                    return true;
            }

            return false;
        }
    }
}
