namespace PiLsp.Agents;

/// <summary>Can a prompt be sent? What is known of it, why not, and what to do next. Immutable; made by <see cref="AvailabilityReducer"/>.</summary>
/// <param name="Message">What is wrong, in a sentence or two; null when nothing is.</param>
/// <param name="Tried">With <see cref="AvailabilityState.NotFound"/>: the places that were looked at.</param>
internal sealed record Availability(AvailabilityState State, string? Message = null, IReadOnlyList<string>? Tried = null)
{
    public static readonly Availability Unknown = new(AvailabilityState.Unknown);

    /// <summary>How the user signs in in a terminal, as the end of a sentence; null where nothing runs that could say it.</summary>
    public string? TerminalSignIn { get; init; }

    /// <summary>The provider whose credentials are missing, where it is one of them.</summary>
    public string? Provider { get; init; }

    /// <summary>The line that signs in in a terminal.</summary>
    public string SignInLine { get; init; } = "pi";

    /// <summary>What the user can do about it, as one short sentence; null when there is nothing to do.</summary>
    public string? Advice => State switch
    {
        AvailabilityState.NotFound => $"Install Pi with `{InstallLine}`, or set pi.command to where it is.",
        AvailabilityState.NotPi => $"Set pi.command to the Pi coding agent, or install it with `{InstallLine}`.",
        AvailabilityState.TooOld => $"Update Pi with `{UpdateLine}`.",
        AvailabilityState.NodeMissing => "Install Node 22.19 or later, or set pi.nodePath to one.",
        AvailabilityState.NodeTooOld => "Install Node 22.19 or later, or set pi.nodePath to one.",
        AvailabilityState.NoCredentials =>
            $"Sign in to a provider or paste an API key, or {TerminalSignIn ?? "run `pi` in a terminal and use /login"}.",
        AvailabilityState.ConfigBroken => "Mend that file; the next prompt reads it again.",
        AvailabilityState.ModelsKeptOut => "Sign in to another provider or paste a key of one, or change what keeps them out.",
        AvailabilityState.GateRefused => "Remove the extension that replaces Pi's own tools, or reinstall PiLsp; no prompt is sent meanwhile.",
        AvailabilityState.Failed => "Run `pilsp doctor` in a terminal to see more; the next prompt tries again.",
        _ => null,
    };

    /// <summary>The same as data.</summary>
    public IReadOnlyList<Remedy> Next => State switch
    {
        AvailabilityState.NotFound => [new Remedy(RemedyKind.InstallPi, Command: InstallLine), new Remedy(RemedyKind.Settings)],
        AvailabilityState.NotPi => [new Remedy(RemedyKind.Settings), new Remedy(RemedyKind.InstallPi, Command: InstallLine)],
        AvailabilityState.TooOld => [new Remedy(RemedyKind.InstallPi, Command: UpdateLine)],
        AvailabilityState.NodeMissing or AvailabilityState.NodeTooOld => [new Remedy(RemedyKind.InstallNode), new Remedy(RemedyKind.Settings)],
        AvailabilityState.NoCredentials => [new Remedy(RemedyKind.SignIn, Provider, SignInLine), new Remedy(RemedyKind.ApiKey, Provider)],
        AvailabilityState.ConfigBroken => Remedy.Retry,
        AvailabilityState.ModelsKeptOut => [new Remedy(RemedyKind.SignIn), new Remedy(RemedyKind.ApiKey), new Remedy(RemedyKind.Settings)],
        AvailabilityState.GateRefused => [new Remedy(RemedyKind.Settings)],
        AvailabilityState.Failed => Remedy.Retry,
        _ => [],
    };

    private const string InstallLine = "npm install -g @earendil-works/pi-coding-agent";

    private const string UpdateLine = $"{InstallLine}@latest";

    /// <summary>Said wherever a model is wanted and no provider has credentials.</summary>
    public static Availability NoCredentials(string? terminalSignIn) =>
        new(AvailabilityState.NoCredentials, "Pi has no model to use: no provider has credentials.") { TerminalSignIn = terminalSignIn };

    /// <summary>Said where no model is to be had: that there are no credentials is known only of an agent that could read them.</summary>
    public static Availability WithoutModel(ConfigProblem? configProblem, string? terminalSignIn) =>
        configProblem is null ? NoCredentials(terminalSignIn)
            : new Availability(AvailabilityState.ConfigBroken, $"{Unread(configProblem)}, and has no model to use.");

    /// <summary>Prompts can be sent; what could not be read is missing all the same.</summary>
    public static Availability WithModel(ConfigProblem? configProblem) =>
        configProblem is { StopsAll: true } ? new Availability(AvailabilityState.ConfigBroken, $"{Unread(configProblem)}, and sends no prompt without it.")
        : new Availability(AvailabilityState.Ready, configProblem is null ? null : $"{Unread(configProblem)}; what stands there is not used.");

    private static string Unread(ConfigProblem problem) => ShownText.Told($"Pi could not read its configuration: {problem.Reason.TrimEnd('.')}");

    /// <summary>As far as the models go.</summary>
    public static Availability Of(SortedModels models, string? terminalSignIn = null) =>
        models.Usable.Count > 0 ? WithModel(models.ConfigProblem)
        : models.Hidden.Count == 0 ? WithoutModel(models.ConfigProblem, terminalSignIn)
        : new Availability(
            AvailabilityState.ModelsKeptOut,
            $"Every model that Pi has credentials for is kept out: {string.Join("; ", models.Hidden.Select(e => e.Reason).Distinct())}.");

    public bool IsSettled => State is not (AvailabilityState.Unknown or AvailabilityState.Checking or AvailabilityState.Starting);

    public override string ToString() => Advice is null ? Message ?? State.ToString() : $"{Message} {Advice}";
}

internal enum AvailabilityState
{
    /// <summary>Nobody has looked since the settings changed.</summary>
    Unknown,
    Checking,
    Starting,
    Ready,
    NotFound,
    NotPi,
    TooOld,
    NodeMissing,
    NodeTooOld,
    NoCredentials,

    /// <summary>The agent could not read its models or credentials, and has no model without them.</summary>
    ConfigBroken,

    /// <summary>There are models, and the rules about models leave none of them.</summary>
    ModelsKeptOut,

    /// <summary>The agent runs, but its edits could not be held back.</summary>
    GateRefused,

    /// <summary>It could not be started for another reason, which the message says.</summary>
    Failed,
}
