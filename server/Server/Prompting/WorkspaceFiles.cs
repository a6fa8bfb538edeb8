using PiLsp.Workspace;

namespace PiLsp.Server.Prompting;

/// <summary>
/// The workspace's files for completing a mention: paths relative to the first folder, without what is ignored, without
/// links. Kept for a moment, so that typing does not walk the disk. Any thread.
/// </summary>
internal sealed class WorkspaceFiles(TimeProvider time)
{
    private const int MostFiles = 50_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>Whoever types waits no longer; what was found by then is offered.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile Listing? _last;

    /// <summary>The best that fit, folders with a slash at their end.</summary>
    /// <param name="mayAskGit">Only of a workspace that the user trusts.</param>
    /// <param name="first">Paths to put before others that fit as well: open files.</param>
    public async Task<IReadOnlyList<string>> FindAsync(
        string root, bool mayAskGit, string prefix, IReadOnlySet<string> first, int limit, CancellationToken cancellation)
    {
        var last = _last;
        if (last is null || last.Root != root || time.GetElapsedTime(last.Taken) > Fresh)
            _last = last = new Listing(root, time.GetTimestamp(), await Task.Run(() => ListAsync(root, mayAskGit, cancellation), cancellation));
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

    private async Task<IReadOnlyList<string>> ListAsync(string root, bool mayAskGit, CancellationToken cancellation)
    {
        var files = (await WorkspaceWalk.ListAsync(root, mayAskGit, MostFiles, Patience, time, cancellation)).Paths;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            for (var slash = file.IndexOf('/'); slash >= 0; slash = file.IndexOf('/', slash + 1))
                paths.Add(file[..(slash + 1)]);
            // Git names what was deleted as well, and links.
            if (new FileInfo(Path.Combine(root, file)) is { Exists: true, LinkTarget: null })
                paths.Add(file);
        }

        return [.. paths];
    }

    private sealed record Listing(string Root, long Taken, IReadOnlyList<string> Paths);
}
