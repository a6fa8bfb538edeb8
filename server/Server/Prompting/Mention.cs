using System.Globalization;
using System.Text.RegularExpressions;

namespace PiLsp.Server.Prompting;

/// <summary>A file named in a prompt: <c>@src/a.ts</c>, <c>@"a file.md"</c>, with lines <c>@src/a.ts#L3-9</c>. Pure.</summary>
/// <param name="Lines">Zero-based, both inclusive.</param>
internal sealed partial record Mention(string Path, (int First, int Last)? Lines)
{
    private static readonly char[] Trailing = ['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '"'];

    /// <summary>Something that is no file is said to be missing only where it must have been meant as one.</summary>
    public bool LooksLikePath => Path.Contains('/') || Path.Contains('\\');

    public static IReadOnlyList<Mention> Find(string prompt) => prompt.Contains('@') ? [.. Mentions().Matches(prompt).Select(Read).OfType<Mention>()] : [];

    /// <summary>How a path is mentioned.</summary>
    public static string Write(string path) => path.Any(char.IsWhiteSpace) ? $"@\"{path}\"" : $"@{path}";

    private static Mention? Read(Match match)
    {
        var path = match.Groups["quoted"] is { Success: true } quoted ? quoted.Value : match.Groups["bare"].Value.TrimEnd(Trailing);
        if (path.Length == 0 || path.Contains('\0'))
            return null;
        if (!match.Groups["first"].Success || !Line(match.Groups["first"], out var first))
            return new Mention(path, null);
        var last = match.Groups["last"].Success && Line(match.Groups["last"], out var end) ? end : first;
        return new Mention(path, (Math.Min(first, last), Math.Max(first, last)));
    }

    private static bool Line(Group group, out int line)
    {
        var ok = int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out line) && line > 0;
        line--;
        return ok;
    }

    [GeneratedRegex("""(?<![\w@/.])@(?:"(?<quoted>[^"\r\n]+)"|(?<bare>[^\s"'`@#<>|*?]+))(?:#L(?<first>\d{1,9})(?:-L?(?<last>\d{1,9}))?)?""")]
    private static partial Regex Mentions();
}
