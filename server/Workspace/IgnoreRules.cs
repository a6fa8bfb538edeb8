using System.Text;
using PiLsp.Files;

namespace PiLsp.Workspace;

/// <summary>A folder's <c>.gitignore</c> with those above it: of all lines that fit, the last one of the deepest file counts. Immutable.</summary>
internal sealed class IgnoreRules
{
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>As git has it by default on such a disk (core.ignoreCase).</summary>
    private static readonly bool IgnoreCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    private readonly string _folder;
    private readonly IgnoreRules? _above;
    private readonly List<IgnorePattern> _patterns = [];

    /// <summary>Most lines name one file or folder: those are looked up. The numbers of the lines, in order.</summary>
    private readonly Dictionary<string, List<int>> _names = new(IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _paths = new(IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly List<int> _others = [];

    /// <param name="folder">Relative to the workspace's, with slashes; empty for that itself.</param>
    public IgnoreRules(string folder, string text, IgnoreRules? above)
    {
        (_folder, _above) = (folder, above);
        foreach (var line in text.Split('\n'))
        {
            if (IgnorePattern.Parse(line.EndsWith('\r') ? line[..^1] : line) is not { } pattern)
                continue;
            if (pattern.Literal is { } literal)
                Add(pattern.IsForName ? _names : _paths, literal, _patterns.Count);
            else
                _others.Add(_patterns.Count);
            _patterns.Add(pattern);
        }

        static void Add(Dictionary<string, List<int>> lines, string key, int line)
        {
            if (!lines.TryGetValue(key, out var of))
                lines[key] = of = [];
            of.Add(line);
        }
    }

    /// <summary>Nothing where there is no such file, or what there is is no text of a sensible size.</summary>
    public static string? Read(string path)
    {
        try
        {
            // A link is not followed, as git has it.
            if (new FileInfo(path).LinkTarget is not null || RegularFile.ReadAllBytes(path, MostBytes) is not { } bytes)
                return null;
            var content = bytes.AsSpan();
            return Encoding.UTF8.GetString(content.StartsWith(Encoding.UTF8.Preamble) ? content[3..] : content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="path">Relative to the workspace's folder, with slashes. What is above it is not ignored, or nobody would ask.</param>
    public static bool Ignore(IgnoreRules? rules, string path, bool isFolder)
    {
        for (; rules is not null; rules = rules._above)
        {
            if (rules.Judge(rules._folder.Length == 0 ? path : path[(rules._folder.Length + 1)..], isFolder) is { } ignored)
                return ignored;
        }

        return false;
    }

    private bool? Judge(string path, bool isFolder)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var line = Math.Max(LastOf(_names, name), LastOf(_paths, path));
        for (var i = _others.Count - 1; i >= 0 && _others[i] > line; i--)
        {
            var pattern = _patterns[_others[i]];
            if ((isFolder || !pattern.FoldersOnly) && pattern.Matches(pattern.IsForName ? name : path, IgnoreCase))
                line = _others[i];
        }

        return line < 0 ? null : !_patterns[line].IsNegated;

        int LastOf(Dictionary<string, List<int>> lines, string key)
        {
            if (!lines.TryGetValue(key, out var of))
                return -1;
            var at = of.FindLastIndex(l => isFolder || !_patterns[l].FoldersOnly);
            return at < 0 ? -1 : of[at];
        }
    }
}
