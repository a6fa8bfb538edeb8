using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Lanes;

/// <summary>
/// What somebody wants applied to a file. The lane knows what it has to do with it and no more; whoever gave it makes their own of
/// the <see cref="ApplyOutcome"/>. Immutable.
/// </summary>
internal abstract record ApplyOrder(string Path)
{
    /// <summary>The file as the one who gives the order sees it; null: it is to be read first, open or not.</summary>
    public FileSnapshot? Present { get; init; }

    /// <summary>Who changes the file, as editors show it: <c>edit</c>, <c>undo</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>What the user was warned of.</summary>
    public string? Protected { get; init; }

    /// <summary>The editor puts the change to the user itself; what was ticked is read from the buffer.</summary>
    public bool Confirm { get; init; }

    /// <summary>A text of the user's: where a part of it does not fit, none of it is sent, and what stands of it is the user's.</summary>
    public bool IsOwnText { get; init; }

    /// <summary>Without any lines it makes an empty file.</summary>
    public bool MakesEmptyFile { get; init; }

    /// <summary>The landed changes whose texts are wanted with the file, by their numbers.</summary>
    public virtual ImmutableArray<int> Past => [];

    /// <summary>Why the file that was read has nothing that this could be applied to. Not null where there is no text.</summary>
    public abstract string? WhyGone(LoadedFile file);

    /// <summary>What is to be sent for the text that is there now.</summary>
    /// <param name="past">The texts of <see cref="Past"/>, as far as they could be read.</param>
    public abstract LanePlan Plan(FileSnapshot present, IReadOnlyList<LandedTexts> past);
}

/// <summary>What an order comes to, now that the text is known.</summary>
/// <param name="Order">As it is from now on.</param>
internal abstract record LanePlan(ApplyOrder Order)
{
    /// <param name="Hunks">Of the present text.</param>
    internal sealed record Send(ApplyOrder Order, IReadOnlyList<Hunk> Hunks) : LanePlan(Order)
    {
        /// <summary>What became of hunks that are not to be sent.</summary>
        public ImmutableDictionary<string, HunkFate> Fates { get; init; } = ImmutableDictionary<string, HunkFate>.Empty;

        /// <summary>The file itself is to go.</summary>
        public bool Delete { get; init; }
    }

    internal sealed record End(ApplyOrder Order, ApplyOutcome Outcome) : LanePlan(Order);
}
