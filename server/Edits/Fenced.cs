namespace PiLsp.Edits;

/// <summary>Text of others between fences that it cannot close: whatever is fenced for the model, or in the transcript, is fenced here. Pure.</summary>
internal static class Fenced
{
    private const int Shortest = 3;

    /// <summary>The text as it is, on lines of its own; the closing fence ends no line.</summary>
    public static string Around(string text, string info = "")
    {
        var fence = Of(text);
        var end = text.Length == 0 || text[^1] is '\n' ? "" : "\n";
        return $"{fence}{info}\n{text}{end}{fence}";
    }

    /// <summary>A fence longer than any run of backticks inside.</summary>
    public static string Of(string text) => Ticks(text, Shortest);

    /// <summary>What a code span of this text stands between.</summary>
    public static string Ticks(string text, int shortest = 1)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return new string('`', Math.Max(shortest, longest + 1));
    }
}
