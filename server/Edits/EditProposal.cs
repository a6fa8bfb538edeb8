using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>
/// The life of a proposal. Open ones are put to the user; a <see cref="Stopped"/> one is of a run that the user stopped: nobody waits for
/// it and nobody is asked, but it can still be decided until the next prompt. The others are final. A decided one is in its file's
/// lane until it is known what came of it.
/// </summary>
internal enum ProposalStatus { Open, Stopped, Applied, Partial, Rejected, Withdrawn, Failed }

/// <summary>
/// What a tool wants a file to become, held until somebody decides. Immutable; owned by one session's state.
/// Hunks stay relative to <see cref="Base"/>, the text the agent worked on; <see cref="View"/> is the same
/// hunks carried over to what the user sees now.
/// </summary>
internal sealed record EditProposal
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    public required string ToolCallId { get; init; }

    public required string Tool { get; init; }

    /// <summary>The agent's request that waits; null once it is <see cref="Staged"/>.</summary>
    public required string? RequestId { get; init; }

    public required FileSnapshot Base { get; init; }

    public required IReadOnlyList<Hunk> Hunks { get; init; }

    public required ProposalView View { get; init; }

    public ProposalStatus Status { get; init; } = ProposalStatus.Open;

    public string? Reason { get; init; }

    /// <summary>What became of each hunk that is decided; a hunk without a fate is still waiting.</summary>
    public ImmutableDictionary<string, HunkFate> Fates { get; init; } = ImmutableDictionary<string, HunkFate>.Empty;

    /// <summary>What the user made of it instead, as a unified diff against <see cref="Base"/>; null where the user changed nothing.</summary>
    public string? UserVersion { get; init; }

    /// <summary>What it has come to; null until it is decided, and of one that was withdrawn.</summary>
    public EditSum? Sum { get; init; }

    /// <summary>Taken up at once, to be decided when the run is over.</summary>
    public bool Staged { get; init; }

    /// <summary>Of a stopped one: its tool was told that nobody had decided; as long as that is so, there is nothing to tell.</summary>
    public bool ToldUndecided { get; init; }

    /// <summary>Why this path is asked for in every mode; null for an ordinary file.</summary>
    public string? Protected { get; init; }

    /// <summary>What saving will do to the file besides; null where it does nothing.</summary>
    public SaveHazard? Saving { get; init; }

    /// <summary>What the user is to know before deciding: why it is asked for in every mode, what saving will do.</summary>
    public string? Caution => (Protected, Saving?.Words) switch
    {
        ({ } why, { } words) => $"{why}; {words}",
        var (why, words) => why ?? words,
    };

    /// <summary>Where the path led when the edit was proposed, if it was a symbolic link.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>What the user said about lines of the proposed text.</summary>
    public IReadOnlyList<Remark> Remarks { get; init; } = [];

    /// <summary>
    /// Decided, and its texts are put aside (<see cref="PastEdit"/>): the hunks, what became of each, and the texts that they
    /// belong to are not here any more.
    /// </summary>
    public bool IsKept { get; init; }

    /// <summary>Of a kept one.</summary>
    public IReadOnlyList<string> KeptLanded { get; init; } = [];

    public IReadOnlyList<string> Landed => IsKept ? KeptLanded : [.. Hunks.Where(h => Fates.GetValueOrDefault(h.Id) is { HasLanded: true }).Select(h => h.Id)];

    public IReadOnlyList<Hunk> Waiting => [.. Hunks.Where(h => !Fates.ContainsKey(h.Id))];

    public string Path => Base.Path;

    public string Uri => View.Present.Uri;

    public bool IsFinal => Status > ProposalStatus.Stopped;

    /// <summary>
    /// The file as it would be if everything that still waits and fits were applied; while it is being applied, as it was decided
    /// about. Once it is final, what was proposed: from then on the present text and the hunks of the view are no pair any more.
    /// </summary>
    public string NewText => IsFinal ? TextDiff.Apply(Base.Text, Hunks) : TextDiff.Apply(View.Present.Text, View.Hunks);

    /// <summary>The change as a unified diff of the same two texts that <see cref="NewText"/> stands for.</summary>
    public string Diff(string shownPath) =>
        IsFinal ? TextDiff.Unified(shownPath, Base.Text, Hunks) : TextDiff.Unified(shownPath, View.Present.Text, View.Hunks);

    /// <summary>The same proposal, seen from the text that is there now.</summary>
    /// <param name="moves">To that text; for several proposals of one file the same ones.</param>
    public EditProposal SeenFrom(FileSnapshot present, TextMoves? moves = null) => this with { View = ProposalView.Of(Base, Waiting, present, moves, View) };
}

/// <param name="FirstLine">Zero-based, of the proposed text.</param>
/// <param name="Quote">Those lines of it.</param>
internal sealed record Remark(int FirstLine, int LastLine, string Quote, string Text);

/// <param name="Hunks">Those that can be applied to <paramref name="Present"/>, with the ids of the originals.</param>
/// <param name="Clashes">Those whose lines the user changed meanwhile.</param>
/// <param name="AlreadyThere">Ids of those that the user made too.</param>
internal sealed record ProposalView(
    FileSnapshot Present, IReadOnlyList<Hunk> Hunks, IReadOnlyList<HunkClash> Clashes, IReadOnlyList<string> AlreadyThere)
{
    /// <summary>A text that was there, mostly the present one, and how many units the base shares with it at the end; null where nobody has looked.</summary>
    [JsonIgnore]
    public (string Text, int Suffix)? Shared { get; private init; }

    /// <summary>Carries hunks from the text they were made for to the text that is there now.</summary>
    /// <param name="before">The view of the same base until now.</param>
    public static ProposalView Of(FileSnapshot @base, IReadOnlyList<Hunk> hunks, FileSnapshot present, TextMoves? moves = null, ProposalView? before = null)
    {
        if (hunks.Count == 0 || ReferenceEquals(@base.Text, present.Text) || @base.Text == present.Text)
            return new ProposalView(present, hunks, [], []);

        var moved = new List<Hunk>(hunks.Count);
        var clashes = new List<HunkClash>();
        var already = new List<string>();
        var move = (moves ?? new TextMoves(present.Text)).From(@base.Text, before?.Shared);
        var results = TextMerge.Rebase(move, hunks);
        for (var i = 0; i < hunks.Count; i++)
        {
            switch (results[i])
            {
                case RebasedHunk.Moved m: moved.Add(m.Hunk); break;
                case RebasedHunk.Clash c: clashes.Add(new HunkClash(hunks[i], c.Start, c.Length, c.PresentText)); break;
                default: already.Add(hunks[i].Id); break;
            }
        }

        return new ProposalView(present, moved, clashes, already) { Shared = (present.Text, move.Suffix) };
    }
}

/// <param name="Original">The hunk as proposed, relative to the proposal's base.</param>
/// <param name="Start">Where its lines are now, an offset into the present text.</param>
internal sealed record HunkClash(Hunk Original, int Start, int Length, string PresentText);

/// <summary>How somebody decided about a proposal, by whatever way it was put to them.</summary>
internal abstract record EditDecision
{
    public IReadOnlyList<Remark> Remarks { get; init; } = [];
}

/// <param name="HunkIds">Null: all of them.</param>
/// <param name="NewText">The user's own version of the whole result.</param>
/// <param name="Version">The buffer version the decision was made on, where the client says it.</param>
/// <param name="KeepRest">Hunks that were not chosen go on waiting; otherwise they are left out for good.</param>
internal sealed record ApplyDecision(IReadOnlyList<string>? HunkIds, string? NewText, int? Version, bool KeepRest) : EditDecision
{
    public static ApplyDecision All { get; } = new(null, null, null, KeepRest: false);

    /// <summary>Only that it is put to the user, by the editor's own preview; its buffer then says what was ticked.</summary>
    public bool Confirm { get; init; }
}

/// <param name="Reason">In the user's words; the model reads it.</param>
/// <param name="HunkIds">Only these hunks; the rest stays open. Null: the whole proposal.</param>
internal sealed record RejectDecision(string? Reason, IReadOnlyList<string>? HunkIds) : EditDecision;
