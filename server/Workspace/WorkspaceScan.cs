namespace PiLsp.Workspace;

/// <summary>
/// Which files of the workspace there are and when they last changed, for comparing before and after a tool that
/// writes past the review. What is ignored by git is left out, and so is everything past the bounds. Immutable.
/// </summary>
internal sealed class WorkspaceScan
{
    private const int MostFiles = 50_000;

    /// <summary>A command does not wait longer for it, neither before nor after.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long Ticks, long Length)> _files = new(StringComparer.Ordinal);

    private WorkspaceScan()
    {
    }

    /// <summary>Why not everything was looked at, in words that can stand in the middle of a sentence; null where it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>One that could not be made.</summary>
    public static WorkspaceScan Failed(string problem) => new() { Problem = problem };

    /// <param name="mayAskGit">Only in a workspace that the user trusts.</param>
    public static Task<WorkspaceScan> OfAsync(IReadOnlyList<string> roots, bool mayAskGit, TimeProvider time, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            var scan = new WorkspaceScan();
            try
            {
                foreach (var root in roots.Where(Directory.Exists))
                    scan.Add(root, await WorkspaceWalk.ListAsync(root, mayAskGit, MostFiles, Patience, time, cancellation), cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                scan.Problem = e.Message;
            }

            return scan;
        },
        cancellation);

    /// <summary>
    /// Paths that were created, changed or deleted since, in order; where not everything was looked at, changed only: the others may merely not have been seen.
    /// </summary>
    public IReadOnlyList<string> ChangedUntil(WorkspaceScan later)
    {
        var isWhole = Problem is null && later.Problem is null;
        var changed = later._files.Where(f => _files.TryGetValue(f.Key, out var old) ? old != f.Value : isWhole).Select(f => f.Key);
        return [.. changed.Concat(isWhole ? _files.Keys.Where(f => !later._files.ContainsKey(f)) : []).Order(StringComparer.Ordinal)];
    }

    private void Add(string root, FileListing listing, CancellationToken cancellation)
    {
        Problem ??= listing.Problem
            ?? (listing.Unnamed > 0 ? $"{listing.Unnamed} {(listing.Unnamed == 1 ? "file has a name that is" : "files have names that are")} no UTF-8" : null);
        foreach (var relative in listing.Paths)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var file = new FileInfo(Path.Combine(root, relative));
                // Links are not followed: they may lead out of the workspace, or round in circles.
                if (file.Exists && !file.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    _files[file.FullName] = (file.LastWriteTimeUtc.Ticks, file.Length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone since it was listed.
            }
        }
    }
}
