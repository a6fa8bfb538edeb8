using Microsoft.Extensions.FileSystemGlobbing;

namespace PiLsp.Edits;

/// <summary>
/// Globs against absolute paths, letter case ignored: on many machines <c>.ENV</c> is the same file as <c>.env</c>. What
/// they are matched with is made once, when first needed. Immutable; any thread.
/// </summary>
internal sealed class PathPatterns(IReadOnlyList<string> patterns)
{
    public static PathPatterns None { get; } = new([]);

    private readonly Lazy<Matcher> _any = new(() => Made(patterns));
    private readonly Lazy<IReadOnlyList<(string Pattern, Matcher Matcher)>> _each = new(() => [.. patterns.Select(p => (p, Made([p])))]);

    /// <summary>The last path that none matched: on its way an edit has its file looked at several times.</summary>
    private volatile string? _ordinary;

    public IReadOnlyList<string> Patterns => patterns;

    /// <summary>Those that match, in their order. Of nearly every path none does, and that costs one look.</summary>
    public IEnumerable<string> Matching(string path)
    {
        if (patterns.Count == 0 || path == _ordinary)
            return [];
        var globbed = Globbed(path);
        if (Matches(_any.Value, globbed))
            return _each.Value.Where(p => Matches(p.Matcher, globbed)).Select(p => p.Pattern);
        _ordinary = path;
        return [];
    }

    public static bool Matches(string pattern, string path) => Matches(Made([pattern]), Globbed(path));

    private static bool Matches(Matcher matcher, string globbed) => matcher.Match(globbed).HasMatches;

    private static string Globbed(string path) => Path.TrimEndingDirectorySeparator(path).Replace('\\', '/').TrimStart('/');

    private static Matcher Made(IReadOnlyList<string> patterns)
    {
        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        matcher.AddIncludePatterns(patterns);
        return matcher;
    }
}
