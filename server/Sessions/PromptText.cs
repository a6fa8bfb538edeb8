namespace PiLsp.Sessions;

/// <summary>A prompt as the model gets it: the user's words, and behind them what the editor adds. Pure.</summary>
internal static class PromptText
{
    private const string Begin = "\n\n<editor>\n";
    private const string End = "\n</editor>";

    public static string With(string words, string? context) => string.IsNullOrEmpty(context) ? words : $"{words}{Begin}{context}{End}";

    public static string Words(string prompt) => Split(prompt).Words;

    public static (string Words, string? Context) Split(string prompt)
    {
        var at = prompt.EndsWith(End, StringComparison.Ordinal) ? prompt.IndexOf(Begin, StringComparison.Ordinal) : -1;
        return at < 0 ? (prompt, null) : (prompt[..at], prompt[(at + 2)..]);
    }
}
