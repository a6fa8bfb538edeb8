using System.Text;

namespace PiLsp.Workspace;

/// <summary>
/// File URIs and paths, compared as text: nothing here looks at the disk but <see cref="ResolveLinks"/>. Pure, any
/// thread. The rules of Windows are a parameter so that they are tested on every machine.
/// </summary>
internal static partial class WorkspacePath
{
    private static readonly bool OnWindows = OperatingSystem.IsWindows();

    /// <summary>The absolute, decoded path, without . and .. segments; null for every URI that names no file.</summary>
    public static string? FromUri(string uri) => FromUri(uri, OnWindows);

    public static string? FromUri(string uri, bool windows)
    {
        if (!uri.StartsWith("file:/", StringComparison.OrdinalIgnoreCase))
            return null;

        var rest = uri["file:".Length..];
        var host = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            if (slash < 0)
                return null;
            host = rest[2..slash];
            rest = rest[slash..];
        }

        // An encoded separator would move the file to another directory than the URI shows.
        if (rest.Contains("%2f", StringComparison.OrdinalIgnoreCase) || (windows && rest.Contains("%5c", StringComparison.OrdinalIgnoreCase)))
            return null;

        // A raw # or ? is taken for a part of the name: documents have neither fragment nor query, and a client that
        // forgot to encode it must not be led to another file.
        var path = Uri.UnescapeDataString(rest);
        if (path.Contains('\0'))
            return null;
        if (host.Length > 0 && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return windows ? Normalize(@"\\" + Uri.UnescapeDataString(host) + path, windows) : null;

        return Normalize(windows && HasDriveAt(path, 1) ? path[1..] : path, windows);
    }

    public static string ToUri(string path) => ToUri(path, OnWindows);

    public static string ToUri(string path, bool windows)
    {
        path = Normalize(path, windows);
        var uri = new StringBuilder("file://");
        if (windows)
        {
            path = path.Replace('\\', '/');
            if (path.StartsWith("//", StringComparison.Ordinal))
                path = path[2..];
            else
                uri.Append('/');
        }

        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (i > 0)
                uri.Append('/');
            uri.Append(windows && i == 0 && HasDriveAt(segments[i], 0) ? segments[i] : Uri.EscapeDataString(segments[i]));
        }

        return uri.ToString();
    }

    public static bool SamePath(string one, string other) => KeyOf(one) == KeyOf(other);

    public static bool SamePath(string one, string other, bool windows) => KeyOf(one, windows) == KeyOf(other, windows);

    /// <summary>Lexically, and the root itself is inside. Resolve the links of both first where a link must not lead out.</summary>
    public static bool IsInside(string root, string path) => IsInside(root, path, OnWindows);

    public static bool IsInside(string root, string path, bool windows)
    {
        var separator = windows ? '\\' : '/';
        var outer = KeyOf(root, windows);
        var inner = KeyOf(path, windows);
        return inner == outer || inner.StartsWith(outer.EndsWith(separator) ? outer : outer + separator, StringComparison.Ordinal);
    }

    /// <summary>It lies on another machine, which hears of it when it is looked at (Windows).</summary>
    public static bool IsShare(string path) => OnWindows && Normalize(path, OnWindows).StartsWith(@"\\", StringComparison.Ordinal);

    /// <summary>Equal for two spellings of one path, good for nothing but comparing.</summary>
    public static string KeyOf(string path) => KeyOf(path, OnWindows);

    public static string KeyOf(string path, bool windows)
    {
        var normal = Normalize(path, windows);
        if (windows)
            return normal.ToUpperInvariant();

        // A client on Windows may talk to a server that is not: /c:/x and /C:/x are one file there too.
        return HasDriveAt(normal, 1) ? "/" + char.ToUpperInvariant(normal[1]) + normal[2..] : normal;
    }

    /// <summary>Absolute path in, absolute path out: one separator, no . or .., none at the end but a root's own.</summary>
    internal static string Normalize(string path, bool windows)
    {
        var separator = windows ? '\\' : '/';
        if (windows)
            path = path.Replace('/', '\\');

        var root = RootOf(path, windows);
        var segments = new List<string>();
        foreach (var segment in path[Math.Min(root.Length, path.Length)..].Split(separator))
        {
            if (segment is "" or ".")
                continue;
            if (segment is not "..")
                segments.Add(segment);
            else if (segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
        }

        var body = string.Join(separator, segments);
        return root.EndsWith(separator) || body.Length == 0 || root.Length == 0 ? root + body : root + separator + body;
    }

    /// <summary>"/", "C:\", "\\host\share"; .. never leads above it.</summary>
    private static string RootOf(string path, bool windows)
    {
        if (!windows)
            return path.StartsWith('/') ? "/" : "";
        if (HasDriveAt(path, 0))
            return path[..2] + '\\';
        if (!path.StartsWith(@"\\", StringComparison.Ordinal))
            return path.StartsWith('\\') ? @"\" : "";

        var share = path.IndexOf('\\', 2);
        var end = share < 0 ? -1 : path.IndexOf('\\', share + 1);
        return end < 0 ? path : path[..end];
    }

    private static bool HasDriveAt(string path, int at) =>
        path.Length >= at + 2 && char.IsAsciiLetter(path[at]) && path[at + 1] == ':'
        && (path.Length == at + 2 || path[at + 2] is '/' or '\\');
}
