using System.Security.Cryptography;
using System.Text;

namespace PiLsp.Workspace;

/// <summary>
/// A path for a text without a file (<c>untitled:</c>, <c>git:</c>, a notebook's cell), since an agent's tools know nothing but
/// paths. It lies in a folder that is never made, whose name no two servers share: no file can be there, and whatever is asked
/// for in it is a document of the editor or nothing. Pure but for that name.
/// </summary>
internal static class VirtualPath
{
    private const int LongestName = 60;
    private static readonly string[] NoFiles = ["untitled:", "git:", "vscode-notebook-cell:", "vscode-scm:", "output:", "term:", "fugitive:"];

    public static string Folder { get; } = Path.Combine(Path.GetTempPath(), "pilsp-buffers-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));

    /// <summary>The same for each spelling of the URI that the client uses, and another for every other document.</summary>
    public static string Of(string uri)
    {
        var rest = uri[(uri.IndexOf(':') + 1)..];
        var end = rest.AsSpan().IndexOfAny('?', '#');
        var name = Uri.UnescapeDataString(end < 0 ? rest : rest[..end]);
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).TrimStart('.');
        if (safe.Length > LongestName)
            safe = safe[^LongestName..];
        // An untitled buffer's name says all of it; what else two documents may share is told apart by the rest.
        if (safe.Length == 0 || uri != $"untitled:{safe}")
            safe = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uri)))[..6]}-{(safe.Length == 0 ? "buffer" : safe)}";
        return Path.Combine(Folder, safe);
    }

    public static bool IsOne(string path) => WorkspacePath.IsInside(Folder, path);

    /// <summary>The URI that an agent has taken for a path: Pi makes a path below the workspace of it. Null for a path.</summary>
    public static string? UriIn(string root, string path)
    {
        if (!WorkspacePath.IsInside(root, path))
            return null;
        var inside = Path.GetRelativePath(root, path).Replace('\\', '/');
        return NoFiles.Any(scheme => inside.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) ? inside : null;
    }

    /// <summary>Only of a new file's buffer do editors take an edit for what it is: of the others it is a view of something else.</summary>
    public static bool CanBeEdited(string uri) => uri.StartsWith("untitled:", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the model has to know of such a text besides its words.</summary>
    public static string Note(string uri) => CanBeEdited(uri)
        ? $"It is a buffer without a file. For your tools its path is {Of(uri)}: read and edit it there; commands do not see it."
        : $"It is no file ({uri[..(uri.IndexOf(':') + 1)]}) and cannot be edited; this is its text.";
}
