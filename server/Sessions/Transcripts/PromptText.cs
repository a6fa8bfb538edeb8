namespace PiLsp.Sessions.Transcripts;

/// <summary>A prompt as the model gets it: the user's words, and behind them what the editor adds. Pure.</summary>
internal static class PromptText
{
    private const string Begin = "\n\n<editor>\n";
    private const string End = "\n</editor>";

    /// <summary>What the agent puts behind a prompt about pictures that it made smaller or left out.</summary>
    private const string Hints = "\n\n[Image";

    public static string With(string words, string? context) => string.IsNullOrEmpty(context) ? words : $"{words}{Begin}{context}{End}";

    /// <summary>Words that begin with a slash and are no command: with a blank before them the agent does not look for one either.</summary>
    public static string Plain(string words) => words.StartsWith('/') ? " " + words : words;

    public static string Words(string prompt) => Split(prompt).Words;

    /// <summary>Of the beginning of a prompt, in which the context may be cut off; null where nothing of it is the user's.</summary>
    public static string? FirstWords(string? beginning)
    {
        var at = beginning is null ? -1 : $"\n\n{beginning}".IndexOf(Begin, StringComparison.Ordinal);
        var words = at < 0 ? beginning : beginning![..Math.Max(0, at - 2)];
        return string.IsNullOrWhiteSpace(words) ? null : words.Trim();
    }

    public static (string Words, string? Context) Split(string prompt)
    {
        var end = prompt.LastIndexOf(End, StringComparison.Ordinal) is var last and >= 0 ? last + End.Length : -1;
        var at = end >= 0 && (end == prompt.Length || prompt.AsSpan(end).StartsWith(Hints)) ? prompt.IndexOf(Begin, StringComparison.Ordinal) : -1;
        var words = at < 0 ? prompt : prompt[..at];
        return (words.StartsWith(" /", StringComparison.Ordinal) ? words[1..] : words, at < 0 ? null : prompt[(at + 2)..]);
    }
}
