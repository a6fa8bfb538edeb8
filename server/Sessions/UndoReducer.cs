using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>
/// Runs as checkpoints: what landed is recorded, and <c>pi.undoRun</c> takes it back file by file, merged around
/// what the user has changed since, again by way of the editor. Pure.
/// </summary>
internal static class UndoReducer
{
    public const string UndoTool = "undo";

    /// <summary>Remembers a landed delivery, without what the user typed at the same time.</summary>
    public static void Record(SessionStep step, EditProposal proposal, Delivery delivery, IReadOnlyList<Hunk> landed)
    {
        if (proposal.Tool == UndoTool)
            return;
        var sent = delivery.Sent;
        // Mostly the buffer's own text, which the next edit of the file is made for.
        var after = TextDiff.IsApplied(sent.Text, landed, delivery.Seen.Text) ? delivery.Seen.Text : TextDiff.Apply(sent.Text, landed);
        var change = new LandedChange(proposal.Path, sent.Uri, sent.Text, after, sent.Exists) { Number = delivery.Number };
        var at = step.State.Runs.FindIndex(r => r.Id == proposal.RunId);
        step.State = step.State with
        {
            Runs = at >= 0
                ? step.State.Runs.SetItem(at, step.State.Runs[at] with { Changes = step.State.Runs[at].Changes.Add(change) })
                : step.State.Runs.Add(new RunRecord(proposal.RunId, step.State.Run?.Title ?? "", [change], Undone: false)),
        };
        step.Do(new KeepChange(proposal.RunId, change.Number));
    }

    /// <summary>The texts are safe elsewhere.</summary>
    public static void OnKept(SessionStep step, ChangeKept kept)
    {
        var at = step.State.Runs.FindIndex(r => r.Id == kept.RunId);
        // What is being undone is needed here, and was not asked for from there; it goes when that is over.
        if (step.State.Undo?.RunId == kept.RunId)
            return;
        if (at < 0 || step.State.Runs[at] is not { } run || run.Changes.FindIndex(c => c.Number == kept.Number) is not (>= 0 and var change))
            return;
        run = run with { Changes = run.Changes.SetItem(change, run.Changes[change] with { Before = null, After = null }) };
        step.State = step.State with { Runs = step.State.Runs.SetItem(at, run) };
    }

    /// <summary>Those of the undo's changes of a file whose texts have to be fetched, by their numbers.</summary>
    public static ImmutableArray<int> PutAside(SessionState state, string path) => state.Undo is { } undo && state.Runs.FirstOrDefault(r => r.Id == undo.RunId) is { } run
        ? [.. run.Changes.Where(c => c.Before is null && WorkspacePath.SamePath(c.Path, path)).Select(c => c.Number)] : [];

    public static void OnRequested(SessionStep step, UndoRequested requested)
    {
        var run = requested.RunId is null
            ? step.State.Runs.LastOrDefault(r => !r.Undone)
            : step.State.Runs.FirstOrDefault(r => r.Id == requested.RunId);
        var error = (run, step.State.Undo, step.State.Run) switch
        {
            (null, _, _) when requested.RunId is null => "There is no run whose changes could be undone.",
            (null, _, _) => $"No run \"{requested.RunId}\" has changed anything; pi.listRuns lists those that have.",
            ({ Undone: true }, _, _) => $"Run {run.Id} is already undone.",
            (_, not null, _) => "Another undo is under way.",
            (_, _, { Started: true } going) when going.Id == run.Id => "This run is still going on; stop it first (pi.abort).",
            _ when run.Changes.Any(c => EditReducer.IsBusy(step.State, c.Path)) => "One of its files is being changed right now; try again.",
            _ => null,
        };
        if (error is not null)
        {
            step.Do(new CompleteUndo(requested.DecisionId, new UndoResult(run?.Id, [], error)));
            return;
        }

        ImmutableList<string> paths = [.. run!.Changes.Select(c => c.Path).Distinct()];
        step.State = step.State with { Undo = new UndoState(requested.DecisionId, run.Id, paths, []) };
        foreach (var path in paths)
            step.Load(path, new Loading(UndoPath: path));
    }

    public static void OnLoaded(SessionStep step, string path, LoadedFile file, IReadOnlyList<LandedTexts> past)
    {
        if (step.State.Undo is not { } undo || step.State.Runs.FirstOrDefault(r => r.Id == undo.RunId) is not { } run)
            return;
        var changes = run.Changes.Where(c => WorkspacePath.SamePath(c.Path, path)).ToList();
        if (file.Snapshot is not { } present)
        {
            Done(step, path, new UndoneFile(changes[0].Uri, "failed", file.ErrorMessage ?? "the file is no longer text"));
            return;
        }

        var texts = changes.Select(c => c is { Before: { } before, After: { } after } ? new LandedTexts(c.Number, before, after) : past.FirstOrDefault(t => t.Number == c.Number)).ToList();
        if (texts.Contains(null))
        {
            Done(step, path, new UndoneFile(present.Uri, "failed", Lost));
            return;
        }

        var (restored, clashes, relaid) = Restored(present.Text, [.. texts.OfType<LandedTexts>()]);
        var created = !changes[0].Existed;
        if (!present.Exists || (restored == present.Text && !(created && restored.Length == 0)))
        {
            Done(step, path, clashes ? new UndoneFile(present.Uri, "failed", Clashing) : new UndoneFile(present.Uri, "unchanged", null));
            return;
        }

        var hunks = TextDiff.Compare(present.Text, restored);
        var proposal = new EditProposal
        {
            Id = $"{step.State.Id}-u{step.State.LastEdit + 1}",
            RunId = undo.RunId,
            ToolCallId = "",
            Tool = UndoTool,
            RequestId = null,
            Base = present,
            Hunks = hunks,
            View = new ProposalView(present, hunks, [], []),
            Status = ProposalStatus.Applying,
            Reason = (clashes, relaid) switch { (true, false) => Clashing, (true, true) => $"{Clashing}; {Relaid}", (false, true) => Relaid, _ => null },
        };
        step.State = step.State with { LastEdit = step.State.LastEdit + 1, Proposals = step.State.Proposals.Add(proposal) };
        DeliveryReducer.Undo(step, proposal, delete: created && restored.Length == 0 && !clashes);
    }

    /// <summary>A file of an undo is done; the last one completes it.</summary>
    public static void OnFinalized(SessionStep step, EditProposal proposal)
    {
        var created = step.State.Runs.FirstOrDefault(r => r.Id == proposal.RunId)?.Changes.FirstOrDefault(c => WorkspacePath.SamePath(c.Path, proposal.Path)) is { Existed: false };
        var status = proposal.Status switch
        {
            ProposalStatus.Applied when proposal.Reason?.StartsWith(Clashing, StringComparison.Ordinal) == true => "partial",
            ProposalStatus.Applied when created && proposal.NewTextIsEmpty => "deleted",
            ProposalStatus.Applied => "restored",
            ProposalStatus.Partial => "partial",
            _ => "failed",
        };
        // The list is for what the agent proposes; an undo was the user's own doing.
        step.State = step.State with { Proposals = step.State.Proposals.RemoveAll(p => p.Id == proposal.Id) };
        Done(step, proposal.Path, new UndoneFile(proposal.Uri, status, proposal.Reason));
    }

    private const string Clashing = "you changed some of the same lines since; those were left as they are";

    private const string Lost = "what it was before the run had been put on the disk and cannot be read from there any more; the log says why";

    private const string Relaid = "its lines had been laid out anew since, as by a formatter; they are back as they were before the run";

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
        var going = back.Zip(rebased).Where(b => b.Second is RebasedHunk.Moved).Select(b => (Wanted: b.First, Now: ((RebasedHunk.Moved)b.Second).Hunk)).ToList();
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

    private static void Done(SessionStep step, string path, UndoneFile file)
    {
        if (step.State.Undo is not { } undo)
            return;
        undo = undo with { Remaining = undo.Remaining.Remove(path), Done = undo.Done.Add(file) };
        step.State = step.State with { Undo = undo };
        if (undo.Remaining.IsEmpty)
            Complete(step, undo);
        EditReducer.DecideNext(step, path);
    }

    private static void Complete(SessionStep step, UndoState undo)
    {
        var at = step.State.Runs.FindIndex(r => r.Id == undo.RunId);
        var undone = undo.Done.All(f => f.Status != "failed");
        step.State = step.State with
        {
            Undo = null,
            Runs = at >= 0 && undone ? step.State.Runs.SetItem(at, step.State.Runs[at] with { Undone = true }) : step.State.Runs,
        };
        foreach (var change in at >= 0 ? step.State.Runs[at].Changes.Where(c => c.Before is not null) : [])
            step.Do(new KeepChange(undo.RunId, change.Number));
        step.Do(new CompleteUndo(undo.DecisionId, new UndoResult(undo.RunId, undo.Done)));
    }
}
