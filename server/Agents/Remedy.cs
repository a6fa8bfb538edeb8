namespace PiLsp.Agents;

/// <summary>Something that the user can do about what has failed, as data: whoever shows it says it in its own words.</summary>
/// <param name="Provider">The provider that it is about; null where any would do.</param>
/// <param name="Command">A line for the user's terminal that does it.</param>
internal sealed record Remedy(RemedyKind Kind, string? Provider = null, string? Command = null)
{
    public static readonly IReadOnlyList<Remedy> PickModel = [new(RemedyKind.PickModel)];

    public static readonly IReadOnlyList<Remedy> Retry = [new(RemedyKind.Retry)];
}

internal enum RemedyKind { SignIn, ApiKey, InstallPi, InstallNode, PickModel, Retry, Compact, Trust, Settings }
