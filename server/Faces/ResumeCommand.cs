using PiLsp.Protocol;
namespace PiLsp.Faces;

/// <summary>The line that opens a stored session in the terminal <c>pi</c>, quoted where the shell needs it. Pure.</summary>
internal static class ResumeCommand
{
    public static Shell OwnShell => OperatingSystem.IsWindows() ? Shell.Powershell : Shell.Sh;

    public static string Line(string path, Shell shell) => $"pi --session {Quote(path, shell)}";

    private static string Quote(string path, Shell shell) => shell switch
    {
        Shell.Cmd => path.All(c => IsPlain(c) || c is '\\' or ':') ? path : $"\"{path}\"",
        Shell.Powershell => path.All(c => IsPlain(c) || c is '\\' or ':') ? path : $"'{PowerShellQuotes(path)}'",
        _ => path.All(IsPlain) ? path : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'",
    };

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or '=';

    /// <summary>PowerShell takes the typographic quotes for plain ones.</summary>
    private static string PowerShellQuotes(string path) =>
        string.Concat(path.Select(c => c is '\'' or '‘' or '’' or '‚' or '‛' ? new string(c, 2) : c.ToString()));
}
