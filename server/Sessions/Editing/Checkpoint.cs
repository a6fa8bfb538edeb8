using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>A checkpoint: what landed during one run, in the order in which it landed.</summary>
/// <param name="Title">The prompt's first words.</param>
internal sealed record RunRecord(string Id, string Title, ImmutableList<LandedChange> Changes, bool Undone)
{
    /// <summary>URIs of what its commands changed past the review, which no undo brings back.</summary>
    public ImmutableList<string> CommandChanges { get; init; } = [];

    public IReadOnlyList<LandedFile> Files =>
    [
        .. Changes.GroupBy(c => WorkspacePath.KeyOf(c.Path))
            .Select(g => new LandedFile(g.Last().Uri, !g.First().Existed, g.Sum(c => c.Added), g.Sum(c => c.Removed))),
    ];
}

/// <summary>One landed delivery: the text before it and with it, without what the user typed meanwhile.</summary>
/// <param name="Before">Null, as <paramref name="After"/>: put aside, under <see cref="Number"/>.</param>
internal sealed record LandedChange(string Path, string Uri, string? Before, string? After, bool Existed)
{
    /// <summary>That of the delivery.</summary>
    public int Number { get; init; }

    /// <summary>How many lines came with it.</summary>
    public int Added { get; init; }

    /// <summary>How many lines went with it.</summary>
    public int Removed { get; init; }
}

/// <summary>An undo under way: who waits, the run, and what became of the files that are done; the others are in their lanes.</summary>
internal sealed record UndoState(string DecisionId, string RunId, ImmutableList<UndoneFile> Done);
