using System.Text.RegularExpressions;

namespace PiLsp.Server.Prompting;

/// <summary>
/// Whether a prompt that begins with a slash means one of our own commands. A sentence that only begins with the name of
/// one ("/new users cannot sign up") is a prompt: what a command does not take is never dropped. Pure.
/// </summary>
internal static partial class SlashWords
{
    private const int LongestName = 60;
    private const int MostWords = 6;

    /// <summary>Null for a prompt that is none of our commands.</summary>
    public static (string Name, string Argument)? Find(string prompt) =>
        Split(prompt) is var (name, argument) && Takes(name, argument) ? (name, name == "name" ? Unquoted(argument) : argument) : null;

    /// <summary>It begins like a command of ours and is none. Pi must not take it for one of its own either.</summary>
    public static bool IsPlain(string prompt) => Split(prompt) is var (name, argument) && !Takes(name, argument);

    /// <summary>The prompt is left to Pi as it stands, to the last word: a command of an extension, a template, a skill.</summary>
    public static bool IsForPi(string prompt) => prompt.StartsWith('/') && Split(prompt) is null;

    private static (string Name, string Argument)? Split(string prompt)
    {
        if (!prompt.StartsWith('/'))
            return null;
        var end = prompt.AsSpan().IndexOfAny(" \r\n\t");
        var name = end < 0 ? prompt[1..] : prompt[1..end];
        return SlashCommands.Own.Any(c => c.Name == name) ? (name, end < 0 ? "" : prompt[end..].Trim()) : null;
    }

    private static bool Takes(string name, string argument) => argument.Length == 0 || name switch
    {
        "new" or "session" or "clone" => false,
        "compact" => true,
        "name" => IsName(argument),
        "resume" or "export" => IsWord(argument) || (Path.IsPathRooted(argument) && !argument.AsSpan().ContainsAny('\r', '\n')),
        _ => IsWord(argument),
    };

    private static bool IsWord(string argument) => !argument.Any(char.IsWhiteSpace);

    /// <summary>In quotation marks, or a few words that are no part of a sentence.</summary>
    private static bool IsName(string argument) => Unquoted(argument) != argument || IsWord(argument)
        || (argument.Length <= LongestName && !argument.AsSpan().ContainsAny('\r', '\n') && Words().Count(argument) <= MostWords
            && !Sentence().IsMatch(argument));

    private static string Unquoted(string argument) =>
        argument.Length > 2 && argument[0] == '"' && argument[^1] == '"' && !argument.AsSpan(1, argument.Length - 2).ContainsAny('"', '\r', '\n')
            ? argument[1..^1] : argument;

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();

    /// <summary>Marks of a sentence, or a first word that goes on with one: "of the variable is wrong".</summary>
    [GeneratedRegex(
        @"[,;?!]|[.:](?:\s|$)|^(?:of|is|are|was|were|has|have|does|do|should|must|can|could|will|would|" +
        @"in|on|at|to|that|which|who|and|or|it|its|this|these|those|with|for|from|all|every|each)\s")]
    private static partial Regex Sentence();
}
