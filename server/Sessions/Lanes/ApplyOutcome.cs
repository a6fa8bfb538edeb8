using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Lanes;

/// <summary>What became of an <see cref="ApplyOrder"/>. Immutable.</summary>
internal abstract record ApplyOutcome
{
    /// <summary>The file as last seen; null where it could not be looked at.</summary>
    public FileSnapshot? Present { get; init; }

    /// <summary>What became of the order's hunks, by their ids; of the user's own text it is <see cref="Delivered"/> that tells.</summary>
    public ImmutableDictionary<string, HunkFate> Fates { get; init; } = ImmutableDictionary<string, HunkFate>.Empty;

    /// <summary>It stands in the file, or a part of it does.</summary>
    /// <param name="IsVerified">Seen in the buffer; otherwise the editor says so.</param>
    internal sealed record Landed(Delivered What, bool IsVerified) : ApplyOutcome
    {
        /// <summary>What is to be said about it.</summary>
        public string? Note { get; init; }
    }

    /// <summary>Nothing was left to send: what fits is there already, the rest clashes.</summary>
    internal sealed record Unsent : ApplyOutcome;

    /// <summary>It was sent, and none of it is surely there.</summary>
    internal sealed record NotApplied(string? Reason) : ApplyOutcome
    {
        /// <summary>Set where it is not surely missing either.</summary>
        public Delivered? MayStand { get; init; }
    }

    /// <summary>The user closed the editor's own preview.</summary>
    internal sealed record Declined : ApplyOutcome;

    /// <summary>It was made for another text than is there now, or nobody has looked at it: to be looked at again.</summary>
    internal sealed record Stale(string Reason) : ApplyOutcome;

    /// <summary>There is nothing any more that it could be applied to.</summary>
    internal sealed record Gone(string Reason) : ApplyOutcome;
}

/// <summary>What was sent, for which text, and what of it has landed.</summary>
/// <param name="Number">That of the delivery.</param>
/// <param name="Text">What stands there now.</param>
internal sealed record Delivered(int Number, FileSnapshot Before, IReadOnlyList<Hunk> Hunks, IReadOnlyList<Hunk> Landed, string Text);
