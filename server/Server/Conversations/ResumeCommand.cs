namespace PiLsp.Server.Conversations;

/// <summary>The line that opens a stored session in the terminal <c>pi</c>, quoted where the shell needs it. Pure.</summary>
internal static class ResumeCommand
{
    public static readonly string[] Shells = ["sh", "cmd", "powershell"];

    public static string OwnShell => OperatingSystem.IsWindows() ? "powershell" : "sh";

    public static string Line(string path, string shell) => $"pi --session {Quote(path, shell)}";

    private static string Quote(string path, string shell) => shell switch
    {
        "cmd" => path.All(c => IsPlain(c) || c is '\\' or ':') ? path : $"\"{path}\"",
        "powershell" => path.All(c => IsPlain(c) || c is '\\' or ':') ? path : $"'{PowerShellQuotes(path)}'",
        _ => path.All(IsPlain) ? path : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'",
    };

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or '=';

    /// <summary>PowerShell takes the typographic quotes for plain ones.</summary>
    private static string PowerShellQuotes(string path) => string.Concat(path.Select(c => c is '\'' or '‘' or '’' or '‚' or '‛' ? new string(c, 2) : c.ToString()));
}
