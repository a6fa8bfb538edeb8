namespace PiLsp.Pi;

/// <summary>What a Pi can do, by the version that it says. Immutable.</summary>
internal readonly struct PiVersion(string text)
{
    /// <summary>A run without the user's MCP servers: <c>--no-mcp</c>.</summary>
    public bool RunsWithoutMcp => IsFrom(new Version(1, 0, 4));

    /// <summary>A sign-in in the shell: <c>pi auth login</c>.</summary>
    public bool SignsInInTheShell => IsFrom(new Version(1, 5, 1));

    /// <summary>How to sign in in a terminal: the end of a sentence.</summary>
    /// <param name="provider">Null where any would do.</param>
    public string SignIn(string? provider) => SignsInInTheShell ? $"run `pi auth login {provider ?? "<provider>"}` in a terminal"
        : $"run `pi` in a terminal and use /login{(provider is null ? "" : $" {provider}")}";

    /// <summary>The line that does it: one that needs nothing to be filled in.</summary>
    public string SignInLine(string? provider) =>
        SignsInInTheShell && provider is { Length: > 0 } && provider.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && provider[0] != '-'
            ? $"pi auth login {provider}" : "pi";

    /// <summary>A version that cannot be read has only what was always there.</summary>
    private bool IsFrom(Version first) =>
        Version.TryParse(text.AsSpan()[..(text.AsSpan().IndexOfAny('-', '+') is >= 0 and var end ? end : text.Length)], out var version) && version >= first;
}
