using System.Diagnostics.CodeAnalysis;

namespace PiLsp.Workspace;

/// <summary>
/// One line of a <c>.gitignore</c>, matched as git does (gitignore(5)), in time that grows with pattern times path at most:
/// whatever a repository writes there, nobody waits for it. Immutable.
/// </summary>
internal sealed class IgnorePattern
{
    /// <summary>Any number of folders, also none; stands between the parts of a path.</summary>
    private static readonly Token[] AnyFolders = [new Token(TokenKind.AnyFolders)];

    private static readonly Token[] AnyName = [new Token(TokenKind.AnyText)];

    private readonly Token[][] _parts;

    private IgnorePattern(Token[][] parts, bool isNegated, bool foldersOnly, bool isForName) =>
        (_parts, IsNegated, FoldersOnly, IsForName) = (parts, isNegated, foldersOnly, isForName);

    /// <summary>Takes back what an earlier line says.</summary>
    public bool IsNegated { get; }

    public bool FoldersOnly { get; }

    /// <summary>Held against the last part of a path alone, however deep that lies.</summary>
    public bool IsForName { get; }

    /// <summary>The one name or path that it is about; null where it has wildcards.</summary>
    public string? Literal => _parts.All(p => p.Length > 0 && p.All(t => t.Kind == TokenKind.Character))
        ? string.Join('/', _parts.Select(p => string.Concat(p.Select(t => t.Character)))) : null;

    /// <summary>Null for what says nothing: blank lines, comments, and patterns that are broken, with which git matches nothing either.</summary>
    public static IgnorePattern? Parse(string line)
    {
        var text = TrimEnd(line.AsSpan());
        if (text.IsEmpty || text[0] == '#' || text.Contains('\uFFFD'))
            return null;
        var isNegated = text[0] == '!';
        if (isNegated)
            text = text[1..];
        var foldersOnly = text.EndsWith('/');
        if (foldersOnly)
            text = text[..^1];
        if (text.IsEmpty)
            return null;
        var isForName = !text.Contains('/');
        if (text[0] == '/')
            text = text[1..];
        return TryReadParts(text, isForName, out var parts) ? new IgnorePattern(parts, isNegated, foldersOnly, isForName) : null;
    }

    /// <param name="path">Relative to the folder of the rules, with slashes; the name alone for a pattern that is for names.</param>
    public bool Matches(ReadOnlySpan<char> path, bool ignoreCase)
    {
        // Each part takes one name, so the newest "any folders" is the only one that ever has to take more.
        var (part, at, resumePart, resumeAt) = (0, 0, -1, 0);
        while (at <= path.Length)
        {
            var name = path[at..];
            var end = name.IndexOf('/');
            name = end < 0 ? name : name[..end];
            var next = end < 0 ? path.Length + 1 : at + end + 1;
            if (part < _parts.Length && ReferenceEquals(_parts[part], AnyFolders))
            {
                (resumePart, resumeAt) = (++part, at);
            }
            else if (part < _parts.Length && Fits(_parts[part], name, ignoreCase))
            {
                (part, at) = (part + 1, next);
            }
            else if (resumePart >= 0)
            {
                var skipped = path[resumeAt..].IndexOf('/');
                if (skipped < 0)
                    return false;
                (part, at, resumeAt) = (resumePart, resumeAt + skipped + 1, resumeAt + skipped + 1);
            }
            else
            {
                return false;
            }
        }

        return part == _parts.Length;
    }

    private static bool Fits(Token[] tokens, ReadOnlySpan<char> name, bool ignoreCase)
    {
        // Most lines are about other endings: that is seen without going through the name.
        if (tokens[^1].Kind != TokenKind.AnyText && (name.IsEmpty || !tokens[^1].Takes(name[^1], ignoreCase)))
            return false;
        var (t, n, star, resume) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (t < tokens.Length && tokens[t].Kind == TokenKind.AnyText)
                (star, resume) = (t++, n);
            else if (t < tokens.Length && tokens[t].Takes(name[n], ignoreCase))
                (t, n) = (t + 1, n + 1);
            else if (star >= 0)
                (t, n) = (star + 1, ++resume);
            else
                return false;
        }

        while (t < tokens.Length && tokens[t].Kind == TokenKind.AnyText)
            t++;
        return t == tokens.Length;
    }

    /// <summary>Blanks at the end do not count but behind a backslash.</summary>
    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> line)
    {
        var end = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
                end = ++i + 1;
            else if (line[i] != ' ')
                end = i + 1;
        }

        return line[..end];
    }

    private static bool TryReadParts(ReadOnlySpan<char> text, bool isForName, [NotNullWhen(true)] out Token[][]? parts)
    {
        parts = null;
        var read = new List<Token[]>();
        while (true)
        {
            if (!isForName && (text is "**" || text.StartsWith("**/")))
            {
                if (read.Count == 0 || !ReferenceEquals(read[^1], AnyFolders))
                    read.Add(AnyFolders);
                if (text.Length == 2)
                {
                    // At the end it is everything inside, and not the folder itself.
                    read.Add(AnyName);
                    break;
                }

                text = text[3..];
                continue;
            }

            var tokens = new List<Token>();
            var i = 0;
            for (; i < text.Length && text[i] != '/'; i++)
            {
                if (!Token.TryRead(text, ref i, out var token))
                    return false;
                if (token.Kind != TokenKind.AnyText || tokens.Count == 0 || tokens[^1].Kind != TokenKind.AnyText)
                    tokens.Add(token);
            }

            read.Add([.. tokens]);
            if (i >= text.Length)
                break;
            text = text[(i + 1)..];
        }

        parts = [.. read];
        // Two slashes one after the other fit no path.
        return read.All(p => p.Length > 0);
    }

    private enum TokenKind { Character, AnyCharacter, AnyText, Set, AnyFolders }

    private readonly record struct Token(TokenKind Kind, char Character = '\0', IgnoreSet? Set = null)
    {
        public bool Takes(char c, bool ignoreCase) => Kind switch
        {
            TokenKind.Character => c == Character || (ignoreCase && char.ToUpperInvariant(c) == char.ToUpperInvariant(Character)),
            TokenKind.AnyCharacter => true,
            TokenKind.Set => Set!.Has(c) || (ignoreCase && (Set.Has(char.ToLowerInvariant(c)) || Set.Has(char.ToUpperInvariant(c)))),
            _ => false,
        };

        /// <param name="at">Afterwards at the last character that was read.</param>
        public static bool TryRead(ReadOnlySpan<char> text, ref int at, out Token token)
        {
            token = new Token(TokenKind.Character, text[at]);
            switch (text[at])
            {
                case '*':
                    token = new Token(TokenKind.AnyText);
                    return true;
                case '?':
                    token = new Token(TokenKind.AnyCharacter);
                    return true;
                case '\\':
                    if (++at >= text.Length)
                        return false;
                    token = new Token(TokenKind.Character, text[at]);
                    return true;
                case '[':
                    if (IgnoreSet.Read(text, ref at) is not { } set)
                        return false;
                    token = new Token(TokenKind.Set, Set: set);
                    return true;
                default:
                    return true;
            }
        }
    }
}
