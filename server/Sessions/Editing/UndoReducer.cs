using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>
/// Runs as checkpoints: what landed is recorded, and <c>pi.undoRun</c> takes it back file by file, merged around
/// what the user has changed since, again by way of the editor. Pure.
/// </summary>
internal static class UndoReducer
{
    /// <summary>Remembers what has landed, without what the user typed at the same time.</summary>
    public static void Record(SessionStep step, string runId, string path, Delivered what)
    {
        var before = what.Before;
        // Mostly the buffer's own text, which the next edit of the file is made for.
        var after = TextDiff.IsApplied(before.Text, what.Landed, what.Text) ? what.Text : TextDiff.Apply(before.Text, what.Landed);
        var change = new LandedChange(path, before.Uri, before.Text, after, before.Exists)
        {
            Number = what.Number,
            Added = what.Landed.Sum(h => h.AddedLines),
            Removed = what.Landed.Sum(h => h.LineCount),
        };
        Amend(step, runId, run => run with { Changes = run.Changes.Add(change) });
        step.Do(new KeepChange(runId, change.Number));
    }

    /// <summary>What commands of a run changed is told with it, and that no undo brings it back.</summary>
    public static void RecordCommand(SessionStep step, IEnumerable<string> uris)
    {
        if (step.State.LastRun > 0)
            Amend(step, RunState.IdOf(step.State.LastRun), run => run with { CommandChanges = [.. run.CommandChanges.Union(uris)] });
    }

    /// <summary>The record of a run, which begins with the first thing that the run has changed.</summary>
    private static void Amend(SessionStep step, string runId, Func<RunRecord, RunRecord> change)
    {
        var runs = step.State.Runs;
        var at = runs.FindIndex(r => r.Id == runId);
        var run = change(at >= 0 ? runs[at] : new RunRecord(runId, step.State.Run?.Title ?? "", [], Undone: false));
        step.State = step.State with { Runs = at >= 0 ? runs.SetItem(at, run) : runs.Add(run) };
    }

    public static RunSummary Summary(SessionState state, RunState run)
    {
        var record = state.Runs.Find(r => r.Id == run.Id);
        return new RunSummary(run.Id, run.Usage, record?.Files ?? [], record?.CommandChanges ?? []);
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

    public static void OnRequested(SessionStep step, UndoRequested requested)
    {
        var (run, error) = Find(step.State, requested.RunId);
        if (error is not null)
        {
            step.Do(new CompleteUndo(requested.DecisionId, new UndoResult(run?.Id, [], error)));
            return;
        }

        step.State = step.State with { Undo = new UndoState(requested.DecisionId, run!.Id, []) };
        foreach (var order in Orders(run))
            LaneReducer.Give(step, order);
    }

    /// <param name="runId">Null: the latest that changed something.</param>
    public static (RunRecord? Run, string? Error) Find(SessionState state, string? runId)
    {
        var run = runId is null ? state.Runs.LastOrDefault(r => !r.Undone && !r.Changes.IsEmpty) : state.Runs.FirstOrDefault(r => r.Id == runId);
        return (run, (run, state.Undo, state.Run) switch
        {
            (null, _, _) when runId is null => "There is no run whose changes could be undone.",
            (null, _, _) => $"No run \"{runId}\" has changed anything.",
            ({ Undone: true }, _, _) => $"Run {run.Id} is already undone.",
            (_, not null, _) => "Another undo is under way.",
            (_, _, { Started: true } going) when going.Id == run.Id => "This run is still going on; stop it first.",
            _ when run.Changes.IsEmpty => $"What run {run.Id} changed was changed by commands, and cannot be undone here.",
            _ when run.Changes.Any(c => state.LaneOf(c.Path) is not null) => "One of its files is being changed right now; try again.",
            _ => null,
        });
    }

    public static IEnumerable<UndoOrder> Orders(RunRecord run) => run.Changes.GroupBy(c => WorkspacePath.KeyOf(c.Path)).Select(g =>
        new UndoOrder(g.First().Path) { Tool = "undo", Changes = [.. g] });

    /// <summary>What an undo would come to in one file, if everything that is sent lands.</summary>
    /// <param name="undeleted">Why the editor deletes no file.</param>
    public static UndoneFile Foretold(UndoOrder order, LoadedFile file, IReadOnlyList<LandedTexts> past, string? undeleted)
    {
        var uri = file.Snapshot?.Uri ?? order.Changes[0].Uri;
        if (order.WhyGone(file) is { } gone)
            return new UndoneFile(uri, "failed", gone);
        var plan = order.Plan(file.Snapshot!, past);
        var known = (UndoOrder)plan.Order;
        if (plan is LanePlan.Send { Delete: true } && undeleted is not null)
            return new UndoneFile(uri, "failed", undeleted);
        if (plan is LanePlan.Send send)
            return new UndoneFile(uri, known.HasClashes ? "partial" : send.Delete ? "deleted" : "restored", known.Note);
        var (status, reason) = Told(known, ((LanePlan.End)plan).Outcome);
        return new UndoneFile(uri, status, reason);
    }

    /// <summary>What commands changed, as far as it is not among the files that are brought back.</summary>
    public static IEnumerable<UndoneFile> Lost(RunRecord run) => run.CommandChanges.Except(run.Changes.Select(c => c.Uri))
        .Select(uri => new UndoneFile(uri, "failed", "a command changed it, and nobody knows what it was before"));

    /// <summary>A file of an undo is done; the last one completes it.</summary>
    public static void On(SessionStep step, UndoOrder order, ApplyOutcome outcome)
    {
        if (step.State.Undo is not { } undo)
            return;
        var (status, reason) = Told(order, outcome);
        undo = undo with { Done = undo.Done.Add(new UndoneFile(outcome.Present?.Uri ?? order.Changes[0].Uri, status, reason)) };
        step.State = step.State with { Undo = undo };
        if (!step.State.Lanes.Exists(l => l.Path != order.Path && l.Now?.Order is UndoOrder))
            Complete(step, undo);
    }

    private static (string Status, string? Reason) Told(UndoOrder order, ApplyOutcome outcome)
    {
        switch (outcome)
        {
            case ApplyOutcome.Gone gone:
                return ("failed", gone.Reason);
            case ApplyOutcome.Unsent when outcome.Fates.IsEmpty:
                return order.HasClashes ? ("failed", UndoOrder.Clashing) : ("unchanged", null);
        }

        var (sum, why) = HunkFates.Sum([.. outcome.Fates.Values], outcome.Fates.Count, done: outcome is ApplyOutcome.Landed);
        var status = sum switch
        {
            ProposalStatus.Applied when order.HasClashes => "partial",
            ProposalStatus.Applied when order is { MadeByRun: true, LeavesNothing: true } => "deleted",
            ProposalStatus.Applied => "restored",
            ProposalStatus.Partial => "partial",
            _ => "failed",
        };
        return (status, outcome switch
        {
            ApplyOutcome.Landed { Note: { } note } => order.Note is { } own ? $"{own}. {note}" : note,
            ApplyOutcome.NotApplied { Reason: { } reason } => reason,
            _ => order.Note ?? why,
        });
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
