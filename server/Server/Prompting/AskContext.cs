using PiLsp.Edits;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Server.Prompting;

/// <param name="Lines">Zero-based, both inclusive; null where no range was given.</param>
/// <param name="Selection">The selected text, from the live buffer.</param>
internal sealed record AskedFile(string Shown, (int First, int Last)? Lines, string? Selection);

/// <summary>What the user looks at in words, so that "this" means something to the model. Pure.</summary>
internal static class AskContext
{
    public static string Append(string prompt, AskedFile file) => PromptText.With(prompt, Describe(file));

    public static string Describe(AskedFile file)
    {
        var where = file.Lines switch
        {
            null => $"The user has {file.Shown} open.",
            var (first, last) when first == last => $"The user has {file.Shown} open, at line {first + 1}.",
            var (first, last) => $"The user has {file.Shown} open, lines {first + 1}-{last + 1} selected.",
        };
        return file.Selection is { } text ? $"{where} The selection:\n{Fenced.Around(text)}" : where;
    }

    /// <param name="what">What the text of these lines is, in words: "The lines in question".</param>
    public static string About(string prompt, string shown, string what, (int First, int Last) lines, string text) =>
        PromptText.With(prompt, $"The user has {shown} open. {what}, {Lines(lines.First, lines.Last)}:\n{Fenced.Around(text)}");

    /// <summary>As people count them.</summary>
    public static string Lines(int first, int last) => first == last ? $"line {first + 1}" : $"lines {first + 1}-{last + 1}";
}
