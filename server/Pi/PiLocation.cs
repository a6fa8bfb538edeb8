using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>Where Pi is and how to run it, or why it cannot be run. Made by <see cref="PiLocator"/>.</summary>
internal abstract record PiLocation;

/// <param name="Path">What the command led to: a cli.js, or a program that is run as it is.</param>
/// <param name="Program">The file to start; Node where <paramref name="Path"/> is a script.</param>
/// <param name="FirstArguments">What stands before Pi's own arguments.</param>
/// <param name="Node">Null where Pi brings its own runtime or its starter chooses one.</param>
internal sealed record PiReady(
    string Path, string Version, string Program, IReadOnlyList<string> FirstArguments, string? Node, string? NodeVersion) : PiLocation;

/// <param name="Reason">What is wrong, in a sentence for the user.</param>
/// <param name="Advice">What to do about it, in another.</param>
internal sealed record PiUnusable(PiProblem Problem, string Reason, string Advice) : PiLocation
{
    private const int MostShown = 6;

    /// <summary>With <see cref="PiProblem.NotFound"/>: every place that was looked at.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    public AgentException ToException() => new(Tried.Count == 0 ? $"{Reason} {Advice}" : $"{Reason.TrimEnd('.')} (tried {Places()}). {Advice}")
    {
        Problem = Reason,
        Tried = Tried,
        State = Problem switch
        {
            PiProblem.NotFound => AvailabilityState.NotFound,
            PiProblem.NotPi => AvailabilityState.NotPi,
            PiProblem.TooOld => AvailabilityState.TooOld,
            PiProblem.NodeMissing => AvailabilityState.NodeMissing,
            _ => AvailabilityState.NodeTooOld,
        },
    };

    private string Places() => string.Join(", ", Tried.Take(MostShown)) + (Tried.Count > MostShown ? ", …" : "");
}

internal enum PiProblem { NotFound, NotPi, TooOld, NodeMissing, NodeTooOld }
