namespace PiLsp.Agents;

/// <summary>What was learnt of the agent's availability, in the past tense.</summary>
internal abstract record AvailabilityMessage;

/// <summary>Another command, another environment: what was known counts no more.</summary>
internal sealed record SetupChanged : AvailabilityMessage;

internal sealed record CheckBegan : AvailabilityMessage;

internal sealed record StartBegan : AvailabilityMessage;

/// <summary>It runs, and its gate is proven.</summary>
/// <param name="HasModel">False: no provider has credentials.</param>
/// <param name="ConfigProblem">Why the agent could not read its models or credentials.</param>
internal sealed record StartSucceeded(bool HasModel, string? TerminalSignIn = null, ConfigProblem? ConfigProblem = null) : AvailabilityMessage;

internal sealed record StartFailed(AgentException Reason) : AvailabilityMessage;

/// <summary>Whoever asked gave up before there was an outcome.</summary>
internal sealed record StartGivenUp : AvailabilityMessage;

/// <summary>The models of an agent that runs were looked at: credentials and rules come and go meanwhile.</summary>
internal sealed record ModelsSeen(SortedModels Models, string? TerminalSignIn = null) : AvailabilityMessage
{
    public ModelsSeen(SortedModels models, IAgent of) : this(models, of.Accounts?.TerminalSignIn(null))
    {
    }
}

/// <summary>A prompt went through.</summary>
internal sealed record PromptTaken : AvailabilityMessage;

/// <summary>From what was known and what was learnt to what is known. Pure.</summary>
internal static class AvailabilityReducer
{
    public static Availability Reduce(Availability known, AvailabilityMessage message) => message switch
    {
        SetupChanged => Availability.Unknown,
        CheckBegan => new Availability(AvailabilityState.Checking),
        // A second session's start says nothing new of an agent that is known to work.
        StartBegan => known.State is AvailabilityState.Ready or AvailabilityState.ModelsKeptOut ? known : new Availability(AvailabilityState.Starting),
        // A start does not look at the rules.
        StartSucceeded { HasModel: true, ConfigProblem: var problem } =>
            known.State is AvailabilityState.ModelsKeptOut ? known : Availability.WithModel(problem),
        StartSucceeded { ConfigProblem: var problem, TerminalSignIn: var signIn } => Availability.WithoutModel(problem, signIn),
        PromptTaken => known.State is AvailabilityState.Ready ? known : new Availability(AvailabilityState.Ready),
        // Without a model nothing can be asked; what else is wrong stays wrong.
        ModelsSeen { Models: var models, TerminalSignIn: var signIn } =>
            models.Usable.Count > 0 || IsAboutModels(known.State) || !known.IsSettled ? Availability.Of(models, signIn) : known,
        StartFailed { Reason: var reason } =>
            new Availability(reason.State, reason.Problem is { } problem ? Redaction.Redact(problem) : reason.Message, reason.Tried.Count > 0 ? reason.Tried
                : null),
        StartGivenUp => known.IsSettled ? known : Availability.Unknown,
        _ => known,
    };

    private static bool IsAboutModels(AvailabilityState state) =>
        state is AvailabilityState.Ready or AvailabilityState.NoCredentials or AvailabilityState.ConfigBroken or AvailabilityState.ModelsKeptOut;
}
