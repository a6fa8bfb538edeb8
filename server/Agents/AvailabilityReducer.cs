namespace PiLsp.Agents;

/// <summary>What was learnt of the agent's availability, in the past tense.</summary>
internal abstract record AvailabilityMessage;

/// <summary>Another command, another environment: what was known counts no more.</summary>
internal sealed record SetupChanged : AvailabilityMessage;

internal sealed record CheckBegan : AvailabilityMessage;

internal sealed record StartBegan : AvailabilityMessage;

/// <summary>It runs, and its gate is proven.</summary>
/// <param name="HasModel">False: no provider has credentials.</param>
internal sealed record StartSucceeded(bool HasModel) : AvailabilityMessage;

internal sealed record StartFailed(AgentException Reason) : AvailabilityMessage;

/// <summary>Whoever asked gave up before there was an outcome.</summary>
internal sealed record StartGivenUp : AvailabilityMessage;

/// <summary>Credentials were added or taken away while the agent runs.</summary>
internal sealed record CredentialsChanged(bool HasModel) : AvailabilityMessage;

/// <summary>From what was known and what was learnt to what is known. Pure.</summary>
internal static class AvailabilityReducer
{
    public static Availability Reduce(Availability known, AvailabilityMessage message) => message switch
    {
        SetupChanged => Availability.Unknown,
        CheckBegan => new Availability(AvailabilityState.Checking),
        // A second session's start says nothing new of an agent that is known to work.
        StartBegan => known.State == AvailabilityState.Ready ? known : new Availability(AvailabilityState.Starting),
        StartSucceeded { HasModel: true } or CredentialsChanged { HasModel: true } => new Availability(AvailabilityState.Ready),
        StartSucceeded => Availability.NoCredentials,
        // Without a model nothing can be asked; what else is wrong stays wrong.
        CredentialsChanged => known.State is AvailabilityState.Ready ? Availability.NoCredentials : known,
        StartFailed { Reason: var reason } => new Availability(reason.State, reason.Message, reason.Tried.Count > 0 ? reason.Tried : null),
        StartGivenUp => known.IsSettled ? known : Availability.Unknown,
        _ => known,
    };
}
