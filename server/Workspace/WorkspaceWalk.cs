using System.Collections.Concurrent;

namespace PiLsp.Workspace;

/// <summary>
/// Finds the files of a workspace that are not ignored: by git where the workspace is a repository, else by its own reading
/// of every <c>.gitignore</c>. Links are not followed. Takes as long as the disk does, so never on a loop; any thread.
/// </summary>
internal static class WorkspaceWalk
{
    private static readonly string[] NeverSource = [".git", "node_modules", ".hg", ".svn"];

    /// <summary>Where git was not done in its part of the time: it goes back and forth over some patterns. It is not asked there again.</summary>
    private static readonly ConcurrentDictionary<string, bool> Slow = new(StringComparer.Ordinal);

    /// <param name="mayAskGit">Only of a workspace that the user trusts.</param>
    /// <param name="patience">What is found by then is the answer.</param>
    /// <exception cref="OperationCanceledException">The caller wants it no more.</exception>
    public static async Task<FileListing> ListAsync(
        string root, bool mayAskGit, int most, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var listing = mayAskGit && !Slow.ContainsKey(root) ? await AskGitAsync(root, most, patience / 4, time, either.Token) : null;
        cancellation.ThrowIfCancellationRequested();
        var walk = new Walk(root, most);
        var inTime = true;
        if (listing is null)
        {
            inTime = walk.Into("", null, either.Token);
        }
        else
        {
            foreach (var path in listing.Paths)
            {
                // A repository in the repository: git names the folder, and no more.
                if (!path.EndsWith('/') && !Directory.Exists(Path.Combine(root, path)))
                    walk.Add(path);
                else if (new DirectoryInfo(Path.Combine(root, path.TrimEnd('/'))).LinkTarget is null)
                    inTime = inTime && walk.Into(path.TrimEnd('/'), null, either.Token);
                else
                    walk.Add(path.TrimEnd('/'));
            }
        }

        cancellation.ThrowIfCancellationRequested();
        var problem = inTime ? listing?.Problem ?? walk.Problem : $"it took longer than {patience.TotalSeconds:0} s";
        return new FileListing(walk.Paths, (listing?.Unnamed ?? 0) + walk.Unnamed, problem);
    }

    private static async Task<FileListing?> AskGitAsync(string root, int most, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await GitFiles.ListAsync(root, most, either.Token);
        }
        catch (OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested)
                Slow[root] = true;
            return null;
        }
    }

    private sealed class Walk(string root, int most)
    {
        private readonly List<string> _paths = [];

        public IReadOnlyList<string> Paths => _paths;

        public int Unnamed { get; private set; }

        public string? Problem { get; private set; }

        public void Add(string path)
        {
            if (_paths.Count < most)
                _paths.Add(path);
            else
                Problem = FileListing.TooMany(most);
        }

        /// <returns>False when the time is over.</returns>
        public bool Into(string folder, IgnoreRules? above, CancellationToken cancellation)
        {
            var folders = new Queue<(string Relative, IgnoreRules? Rules)>([(folder, above)]);
            while (_paths.Count < most && folders.TryDequeue(out var next))
            {
                if (Entries(next.Relative) is not { } entries)
                    continue;
                var rules = entries.Any(e => e.Name == ".gitignore") && IgnoreRules.Read(Path.Combine(root, next.Relative, ".gitignore")) is { } text
                    ? new IgnoreRules(next.Relative, text, next.Rules) : next.Rules;
                foreach (var entry in entries)
                {
                    if (cancellation.IsCancellationRequested)
                        return false;
                    var relative = next.Relative.Length == 0 ? entry.Name : $"{next.Relative}/{entry.Name}";
                    if (Look(entry, relative, rules) is { } isFolder)
                    {
                        if (isFolder)
                            folders.Enqueue((relative, rules));
                        else
                            Add(relative);
                    }
                }
            }

            if (folders.Count > 0)
                Problem = FileListing.TooMany(most);
            return !cancellation.IsCancellationRequested;
        }

        /// <summary>Whether it is a folder; null where it does not count. What is wrong with one entry is its own affair.</summary>
        private bool? Look(FileSystemInfo entry, string relative, IgnoreRules? rules)
        {
            try
            {
                var isFolder = entry is DirectoryInfo;
                if ((isFolder && NeverSource.Contains(entry.Name)) || IgnoreRules.Ignore(rules, relative, isFolder))
                    return null;
                // Bytes that are no text stand as this sign, and lead to nothing.
                if (entry.Name.Contains('\uFFFD') && !Path.Exists(entry.FullName))
                    Unnamed++;
                else if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    return isFolder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile.
            }

            return null;
        }

        private FileSystemInfo[]? Entries(string folder)
        {
            try
            {
                return new DirectoryInfo(Path.Combine(root, folder)).GetFileSystemInfos();
            }
            catch (DirectoryNotFoundException)
            {
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Problem ??= $"the folder {(folder.Length == 0 ? root : folder)} cannot be read";
                return null;
            }
        }
    }
}
