using System.Text;

namespace PiLsp.Edits;

/// <summary>
/// Command lines for a shell that do nothing but look, as the setting <c>pi.lookingCommands</c> lets pass: some commands by name,
/// each with options that are known to change and to run nothing, and pipes of these. What is not understood for certain is none
/// of them: substitution, redirection, patterns, another command, a line of several, an option that is not known. A search through
/// folders is none either, for what it would show cannot be looked at before. Pure.
/// </summary>
internal static class LookingCommands
{
    /// <summary>A command that looks, and what may stand behind it.</summary>
    /// <param name="Letters">Options of one letter, alone or together.</param>
    /// <param name="WithValue">Those of them that take a value, in the same word or the next one.</param>
    /// <param name="Long">Long ones by their whole names; with <c>=</c> at the end where they take a value.</param>
    private sealed record Looker(string Letters, string WithValue, params string[] Long);

    private static readonly Looker Grep = new(
        "ivnclLoqswxHhEFGPaz", "eABCm", "--ignore-case", "--invert-match", "--line-number", "--count", "--files-with-matches", "--only-matching", "--quiet",
        "--word-regexp", "--fixed-strings", "--extended-regexp", "--perl-regexp", "--color", "--color=", "--regexp=", "--after-context=", "--before-context=",
        "--context=", "--max-count=", "--with-filename", "--no-filename");

    private static readonly Dictionary<string, Looker> Commands = new(StringComparer.Ordinal)
    {
        ["pwd"] = new("LP", ""),
        ["ls"] = new("1aABcCdFghHiklLmnNopqQrRsStuUvxX", "", "--all", "--almost-all", "--color", "--color=", "--human-readable", "--recursive", "--reverse"),
        ["cat"] = new("AbeEnstTuv", "", "--number", "--show-all", "--show-ends", "--show-tabs", "--number-nonblank", "--squeeze-blank"),
        ["head"] = new("qv0123456789", "nc", "--lines=", "--bytes=", "--quiet", "--verbose"),
        ["tail"] = new("qv0123456789", "nc", "--lines=", "--bytes=", "--quiet", "--verbose"),
        ["wc"] = new("clmwL", "", "--lines", "--words", "--bytes", "--chars"),
        ["nl"] = new("p", "bnw"),
        ["cut"] = new("s", "dfcb", "--delimiter=", "--fields=", "--characters="),
        ["grep"] = Grep,
        ["egrep"] = Grep,
        ["fgrep"] = Grep,
    };

    private static readonly string[] Shown =
    [
        "--stat", "--shortstat", "--numstat", "--summary", "--name-only", "--name-status", "--patch", "--no-patch", "--raw",
        "--color", "--color=", "--no-color",
        "--word-diff", "--unified=", "--diff-filter=", "--ignore-all-space", "--ignore-space-change", "--no-renames", "--find-renames", "--minimal", "--",
    ];

    private static readonly string[] Listed =
    [
        "--oneline", "--graph", "--all", "--decorate", "--follow", "--reverse", "--merges", "--no-merges", "--first-parent", "--abbrev-commit", "--since=",
        "--until=", "--after=", "--before=", "--author=", "--grep=", "--format=", "--pretty=", "--date=", "--max-count=",
    ];

    private static readonly Dictionary<string, Looker> Git = new(StringComparer.Ordinal)
    {
        ["status"] = new("sbvu", "", "--short", "--branch", "--porcelain", "--porcelain=", "--long", "--verbose", "--untracked-files=", "--ignored", "--"),
        ["diff"] = new("pusbwR0123456789", "US", ["--cached", "--staged", "--check", .. Shown]),
        ["log"] = new("pusbwi0123456789", "nUSG", [.. Listed, .. Shown]),
        ["show"] = new("pusbw0123456789", "US", [.. Listed, .. Shown]),
    };

    /// <summary>What the line would read, as far as a path names it; null where it is not known to do nothing but look.</summary>
    public static IReadOnlyList<string>? PathsOf(string command)
    {
        if (Words(command) is not { } pipe)
            return null;
        var paths = new List<string>();
        foreach (var words in pipe)
        {
            if (!Add(paths, words))
                return null;
        }

        return paths;
    }

    private static bool Add(List<string> paths, List<string> words)
    {
        if (words.Count == 0)
            return false;
        if (words[0] != "git")
            return Commands.TryGetValue(words[0], out var looker) && Add(paths, looker, words, 1);
        var at = words.Count > 1 && words[1] == "--no-pager" ? 2 : 1;
        return words.Count > at && Git.TryGetValue(words[at], out var git) && Add(paths, git, words, at + 1);
    }

    private static bool Add(List<string> paths, Looker looker, List<string> words, int from)
    {
        for (var at = from; at < words.Count; at++)
        {
            var word = words[at];
            if (word.Length < 2 || word[0] != '-')
            {
                // Of git, a file in a commit as well.
                paths.Add(word);
                if (word.LastIndexOf(':') is >= 0 and var colon)
                    paths.Add(word[(colon + 1)..]);
            }
            else if (word.StartsWith("--", StringComparison.Ordinal))
            {
                var name = word.IndexOf('=') is >= 0 and var equals ? word[..(equals + 1)] : word;
                if (!looker.Long.Contains(name, StringComparer.Ordinal))
                    return false;
            }
            else if (!IsShort(looker, word, out var takesNext))
            {
                return false;
            }
            else if (takesNext)
            {
                at++;
            }
        }

        return true;
    }

    private static bool IsShort(Looker looker, string word, out bool takesNext)
    {
        takesNext = false;
        for (var i = 1; i < word.Length; i++)
        {
            if (looker.WithValue.Contains(word[i], StringComparison.Ordinal))
            {
                takesNext = i == word.Length - 1;
                return true;
            }

            if (!looker.Letters.Contains(word[i], StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>The words of each command of a pipe, as a shell takes them apart; null where it would do anything else with them.</summary>
    private static List<List<string>>? Words(string command)
    {
        var pipe = new List<List<string>> { new() };
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            switch (c)
            {
                case ' ' or '\t':
                    End();
                    break;
                case '|':
                    End();
                    pipe.Add([]);
                    break;
                case '\'' or '"':
                    var close = command.IndexOf(c, i + 1);
                    if (close < 0)
                        return null;
                    var quoted = command.AsSpan(i + 1, close - i - 1);
                    if (quoted.IndexOfAnyInRange('\0', '\x1f') >= 0 || (c == '"' && quoted.IndexOfAny("$`\\!") >= 0))
                        return null;
                    word.Append(quoted);
                    inWord = true;
                    i = close;
                    break;
                // Not at the beginning, where it is somebody's home.
                case '~' when inWord && word.Length > 0 && word[^1] is not (':' or '='):
                    word.Append(c);
                    break;
                // Letters of other scripts are letters; all else that is not plain may mean something to some shell.
                case var plain when char.IsLetterOrDigit(plain) || "-_./:,@%+=^".Contains(plain, StringComparison.Ordinal):
                    word.Append(c);
                    inWord = true;
                    break;
                default:
                    return null;
            }
        }

        End();
        return pipe;

        void End()
        {
            if (inWord)
                pipe[^1].Add(word.ToString());
            word.Clear();
            inWord = false;
        }
    }
}
