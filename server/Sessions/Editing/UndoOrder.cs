using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>What a run has changed in one file, to be taken back, merged around what the user has changed since. Immutable.</summary>
internal sealed record UndoOrder(string Path) : ApplyOrder(Path)
{
    public const string Clashing = "you changed some of the same lines since; those were left as they are";

    private const string Lost = "what it was before the run had been put on the disk and cannot be read from there any more; the log says why";

    private const string Relaid = "its lines had been laid out anew since, as by a formatter; they are back as they were before the run";

    /// <summary>Those of this file, in the order in which they landed.</summary>
    public required ImmutableList<LandedChange> Changes { get; init; }

    /// <summary>Something could not be taken back. As the rest known once the file is.</summary>
    public bool HasClashes { get; init; }

    /// <summary>Lines were laid out anew since the run, and are back as they were.</summary>
    public bool IsRelaid { get; init; }

    /// <summary>Without what is taken back the file is empty.</summary>
    public bool LeavesNothing { get; init; }

    public bool MadeByRun => !Changes[0].Existed;

    public string? Note => (HasClashes, IsRelaid) switch
    {
        (true, true) => $"{Clashing}; {Relaid}",
        (true, false) => Clashing,
        (false, true) => Relaid,
        _ => null,
    };

    public override ImmutableArray<int> Past => [.. Changes.Where(c => c.Before is null).Select(c => c.Number)];

    public override string? WhyGone(LoadedFile file) => file.Snapshot is null ? file.ErrorMessage ?? "the file is no longer text" : null;

    public override LanePlan Plan(FileSnapshot present, IReadOnlyList<LandedTexts> past)
    {
        var texts = Changes.Select(c =>
            c is { Before: { } before, After: { } after } ? new LandedTexts(c.Number, before, after) : past.FirstOrDefault(t => t.Number == c.Number)).ToList();
        if (texts.Contains(null))
            return new LanePlan.End(this, new ApplyOutcome.Gone(Lost) { Present = present });
        var (restored, clashes, relaid) = Restored(present.Text, [.. texts.OfType<LandedTexts>()]);
        var order = this with { HasClashes = clashes, IsRelaid = relaid, LeavesNothing = restored.Length == 0 };
        var delete = order is { MadeByRun: true, LeavesNothing: true, HasClashes: false };
        return !present.Exists || (restored == present.Text && !delete)
            ? new LanePlan.End(order, new ApplyOutcome.Unsent { Present = present })
            : new LanePlan.Send(order, TextDiff.Compare(present.Text, restored)) { Delete = delete };
    }

    /// <summary>
    /// Takes back the landings one by one, last first, each carried over to what is there now. Lines that were laid out
    /// anew and say the same are still those that landed.
    /// </summary>
    private static (string Text, bool Clashes, bool Relaid) Restored(string present, IReadOnlyList<LandedTexts> changes)
    {
        var (clashes, relaid) = (false, false);
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            var back = TextDiff.Compare(changes[i].After, changes[i].Before);
            var laidBack = Layout.PutBack(changes[i].After, present, back);
            relaid |= laidBack != present;
            present = laidBack;
            var rebased = TextMerge.Rebase(changes[i].After, present, back);
            clashes |= rebased.Any(r => r is RebasedHunk.Clash);
            present = TextDiff.Apply(present, WholeMoves(back, rebased));
        }

        return (present, clashes, relaid);
    }

    /// <summary>
    /// What can be taken back. Among equal lines a diff may see a line of the user's as one that goes here and comes there: where it
    /// cannot come, because something else stands there by now, it does not go either.
    /// </summary>
    private static List<Hunk> WholeMoves(IReadOnlyList<Hunk> back, IReadOnlyList<RebasedHunk> rebased)
    {
        var going = back.Zip(rebased).Where(b => b.Second is RebasedHunk.Moved).Select(b => (Wanted: b.First, Now: ((RebasedHunk.Moved)b.Second).Hunk))
            .ToList();
        var missing = back.Zip(rebased).Where(b => b.Second is RebasedHunk.Clash).SelectMany(b => Contents(b.First.NewText)).ToHashSet(StringComparer.Ordinal);
        while (missing.Count > 0 && going.FindIndex(g => Contents(g.Wanted.OldText).Any(missing.Contains)) is >= 0 and var at)
        {
            missing.UnionWith(Contents(going[at].Wanted.NewText));
            going.RemoveAt(at);
        }

        return [.. going.Select(g => g.Now)];
    }

    private static IEnumerable<string> Contents(string text) =>
        text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !string.IsNullOrWhiteSpace(line));
}
