namespace PiLsp.Agents;

/// <summary>
/// The agent's providers and their credentials, handled by the agent's own code in the agent's own process. Any
/// thread. A method fails with <see cref="AgentException"/>, whose message holds no secret.
/// </summary>
internal interface IAgentAccounts
{
    /// <param name="only">Null for every provider there is; else these, at less cost and without <see cref="AgentProvider.Variable"/>.</param>
    Task<IReadOnlyList<AgentProvider>> ListAsync(IReadOnlyList<string>? only, CancellationToken cancellation);

    async Task<AgentProvider?> FindAsync(string provider, CancellationToken cancellation) =>
        await ListAsync([provider], cancellation) is [var one, ..] ? one : null;

    /// <summary>Reads credentials and models again: somebody else may have changed them.</summary>
    Task RefreshAsync(CancellationToken cancellation);

    /// <summary>Signs in and stores the credential with the agent. Cancelling ends the flow and stores nothing.</summary>
    Task SignInAsync(string provider, CredentialKind kind, ISignInDialog dialog, CancellationToken cancellation);

    /// <summary>Forgets the stored credential; what an environment or a configuration file gives stays.</summary>
    Task SignOutAsync(string provider, CancellationToken cancellation);

    /// <summary>How the user signs in in a terminal, as the end of a sentence.</summary>
    /// <param name="provider">Null where any would do.</param>
    string TerminalSignIn(string? provider);

    /// <summary>Why the agent would not take this for a key; null where it would.</summary>
    string? KeyProblem(string key);

    /// <summary>Null where the provider does not tell.</summary>
    Task<AgentCredits?> ReadCreditsAsync(string provider, CancellationToken cancellation);
}

internal enum CredentialKind { ApiKey, OAuth }

/// <summary>A provider as the agent knows it.</summary>
/// <param name="Kinds">How it can be set up: <c>apiKey</c>, <c>oauth</c>, <c>environment</c>.</param>
/// <param name="Source">Where the credential comes from: <c>auth.json</c>, <c>oauth</c>, <c>environment</c>, <c>models.json</c>, …; null without one.</param>
/// <param name="Label">More about the source, such as a variable's name. No secret.</param>
/// <param name="Variable">The environment variable that alone makes up its credential; null where there is none or nobody asked.</param>
/// <param name="Models">How many of its models can be used.</param>
internal sealed record AgentProvider(
    string Id, string Name, IReadOnlyList<string> Kinds, bool Configured, string? Source, string? Label, string? Variable, int Models)
{
    /// <summary>The agent itself keeps its credential, and can forget it.</summary>
    public bool IsStored { get; init; }

    /// <summary>The page that says how it is set up.</summary>
    public string? Docs { get; init; }
}

/// <summary>US dollars.</summary>
/// <param name="Remaining">Null for an account or a key without a limit.</param>
internal sealed record AgentCredits(decimal? Remaining, decimal Used);

/// <summary>The user, as a sign-in flow sees them. Called from any thread.</summary>
internal interface ISignInDialog
{
    /// <summary>Null when the user gives up.</summary>
    Task<string?> PromptAsync(SignInPrompt prompt, CancellationToken cancellation);

    /// <summary>Shows something and waits for nothing.</summary>
    void Tell(SignInEvent happened);
}

/// <param name="Kind"><c>text</c>, <c>secret</c>, <c>select</c>, or <c>manual_code</c>: what the browser showed at the end, if it could not say so
/// itself.</param>
internal sealed record SignInPrompt(string Kind, string Message, string? Placeholder, IReadOnlyList<SignInOption> Options);

internal sealed record SignInOption(string Id, string Label, string? Description);

internal abstract record SignInEvent;

/// <summary>An address to open.</summary>
internal sealed record SignInAddress(string Url, string? Instructions) : SignInEvent;

/// <summary>A code to type in at an address.</summary>
internal sealed record SignInCode(string Code, string Url) : SignInEvent;

internal sealed record SignInNews(string Message) : SignInEvent;

/// <summary>It has ended, well or not: an address or a code that is still shown is of no use any more.</summary>
internal sealed record SignInOver : SignInEvent;
