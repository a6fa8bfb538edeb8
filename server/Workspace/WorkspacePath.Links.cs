using PiLsp.Files;

namespace PiLsp.Workspace;

internal static partial class WorkspacePath
{
    private const int MostLinks = 40;

    /// <summary>
    /// The path with every symbolic link in it followed, also for a file that does not exist yet and for a link that
    /// points to nothing: where a write would really go. Null when that cannot be known (a loop, no permission) or is
    /// no file (<see cref="WhyNoFile"/>): the caller has to refuse. Reads the disk; any thread.
    /// </summary>
    public static string? ResolveLinks(string path) => Follow(path, out _);

    /// <summary>
    /// Why this is no file for anybody, in whatever mode, in the words that follow the path: it leads, itself or by any
    /// link on its way, to where the system makes things up. Null where it may be one. Reads the disk; any thread.
    /// </summary>
    /// <param name="toOpen">Also what is only no regular file: a pipe, a device of somebody's own.</param>
    public static string? WhyNoFile(string path, bool toOpen = false)
    {
        Follow(path, out var why);
        return why ?? (toOpen ? RegularFile.WhyNotOpened(path) : null);
    }

    private static string? Follow(string path, out string? whyNoFile)
    {
        path = Normalize(path, OnWindows);
        var root = RootOf(path, OnWindows);
        whyNoFile = root.Length == 0 ? null : RegularFile.WhyNoFile(path);
        if (root.Length == 0 || whyNoFile is not null)
            return null;

        var separator = Path.DirectorySeparatorChar;
        var ahead = new Stack<string>();
        PushSegments(path[root.Length..]);
        var resolved = root;
        var links = 0;
        try
        {
            while (ahead.TryPop(out var segment))
            {
                if (segment is "..")
                {
                    // A link's own .. goes up from the real directory, which is what has been walked so far.
                    resolved = Path.GetDirectoryName(resolved) ?? resolved;
                    continue;
                }

                var next = resolved.EndsWith(separator) ? resolved + segment : resolved + separator + segment;
                // Its links are the kernel's own, and lead elsewhere than they say.
                if ((whyNoFile = RegularFile.WhyNoFile(next)) is not null)
                    return null;
                if (new FileInfo(next).LinkTarget is not { } target)
                {
                    resolved = next;
                    continue;
                }

                if (++links > MostLinks)
                    return null;
                if (OnWindows)
                    target = target.Replace('/', '\\');
                var targetRoot = RootOf(target, OnWindows);
                if (targetRoot.Length > 0)
                    resolved = targetRoot;
                PushSegments(target[targetRoot.Length..]);
            }

            return resolved;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }

        void PushSegments(string relative)
        {
            var segments = relative.Split(separator);
            for (var i = segments.Length - 1; i >= 0; i--)
            {
                if (segments[i] is not ("" or "."))
                    ahead.Push(segments[i]);
            }
        }
    }
}
