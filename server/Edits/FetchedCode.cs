using System.Text.RegularExpressions;

namespace PiLsp.Edits;

/// <summary>
/// Command lines that fetch something and run it: their words stay the same while what they do may become anything. More is taken for
/// such a line than is one; nothing hangs on it but that it is asked for each time. Pure.
/// </summary>
internal static partial class FetchedCode
{
    public static bool IsRunBy(string command) => Tool().IsMatch(command) || (Fetcher().IsMatch(command) && Runner().IsMatch(command));

    /// <summary>Tools that do both by themselves.</summary>
    [GeneratedRegex(
        @"(?<![\w./-])(?:npx|bunx|uvx|pipx\s+run|(?:pnpm|yarn|bun)\s+(?:dlx|x|create)|npm\s+(?:exec|x|init|create)|deno\s+run\s+\S*https?:|go\s+run\s+\S+@"
            + @"|nix\s+run|docker\s+run|podman\s+run)(?![\w-])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Tool();

    [GeneratedRegex(
        @"(?<![\w-])(?:curl|wget|fetch|aria2c|http|iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring|scp|nc|ncat)(?![\w-])|https?:|ftp:",
        RegexOptions.IgnoreCase)]
    private static partial Regex Fetcher();

    [GeneratedRegex(
        @"(?<![\w-])(?:(?:ba|z|da|k|fi|c|tc)?sh|pwsh|powershell|python[\d.]*|node|deno|bun|perl|ruby|php|lua|eval|exec|source|iex|invoke-expression|xargs"
            + @"|install|chmod)(?![\w-])|(?:^|[;&|]\s*)\.\s",
        RegexOptions.IgnoreCase)]
    private static partial Regex Runner();
}
