namespace PiLsp.Server;

/// <param name="Lines">Zero-based, both inclusive; null where no range was given.</param>
/// <param name="Selection">The selected text, from the live buffer.</param>
internal sealed record AskedFile(string Shown, (int First, int Last)? Lines, string? Selection);

/// <summary>Puts what the user looks at behind the prompt, so that "this" means something to the model. Pure.</summary>
internal static class AskContext
{
    public static string Append(string prompt, AskedFile? file)
    {
        if (file is null)
            return prompt;
        var where = file.Lines switch
        {
            null => $"The user has {file.Shown} open.",
            var (first, last) when first == last => $"The user has {file.Shown} open, at line {first + 1}.",
            var (first, last) => $"The user has {file.Shown} open, lines {first + 1}-{last + 1} selected.",
        };
        if (file.Selection is not { } text)
            return $"{prompt}\n\n<editor>\n{where}\n</editor>";
        var fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
            fence += '`';
        return $"{prompt}\n\n<editor>\n{where} The selection:\n{fence}\n{text}{(text.EndsWith('\n') ? "" : "\n")}{fence}\n</editor>";
    }
}
