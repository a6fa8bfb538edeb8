using PiLsp.Protocol;

namespace PiLsp.Faces;

/// <summary>The line that opens a stored session in a terminal, quoted where the shell needs it. Pure.</summary>
internal static class ResumeCommand
{
    public static Shell OwnShell => OperatingSystem.IsWindows() ? Shell.Powershell : Shell.Sh;

    public static string Line(IEnumerable<string> words, Shell shell) => string.Join(' ', words.Select(word => Quote(word, shell)));

    private static string Quote(string word, Shell shell) => shell switch
    {
        Shell.Cmd => word.All(c => IsPlain(c) || c is '\\' or ':') ? word : $"\"{word}\"",
        Shell.Powershell => word.All(c => IsPlain(c) || c is '\\' or ':') ? word : $"'{PowerShellQuotes(word)}'",
        _ => word.All(IsPlain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'",
    };

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or '=';

    /// <summary>PowerShell takes the typographic quotes for plain ones.</summary>
    private static string PowerShellQuotes(string word) =>
        string.Concat(word.Select(c => c is '\'' or '‘' or '’' or '‚' or '‛' ? new string(c, 2) : c.ToString()));
}
