using System.Collections.Immutable;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Lanes;

/// <summary>
/// What is being applied to one file, and what comes after it: one at a time, since the next is made for the text that the one
/// before leaves. It is there as long as it has something to do. Immutable; part of its session's state.
/// </summary>
/// <param name="Present">The file as last seen; null: nobody has looked yet.</param>
/// <param name="Now">Null between one order and the next, which is within one message.</param>
internal sealed record FileLane(string Path, FileSnapshot? Present, LaneWork? Now)
{
    public ImmutableList<ApplyOrder> Next { get; init; } = [];

    /// <summary>What the editor has got and nobody knows the outcome of.</summary>
    public Attempt? Attempt => (Now as LaneWork.Applying)?.Attempt;

    public IEnumerable<ApplyOrder> Orders => Now is null ? Next : Next.Prepend(Now.Order);
}

/// <summary>What a lane does now.</summary>
internal abstract record LaneWork(ApplyOrder Order)
{
    /// <summary>The file is being read; the editor has nothing yet.</summary>
    internal sealed record Reading(ApplyOrder Order) : LaneWork(Order);

    internal sealed record Applying(ApplyOrder Order, Attempt Attempt) : LaneWork(Order);

    /// <summary>Whoever gave the order is still to be told, before the message is over.</summary>
    internal sealed record Over(ApplyOrder Order, ApplyOutcome Outcome) : LaneWork(Order);
}
