using System.Collections.Immutable;
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
        var change = new LandedChange(path, before.Uri, before.Text, after, before.Exists) { Number = what.Number };
        var at = step.State.Runs.FindIndex(r => r.Id == runId);
        step.State = step.State with
        {
            Runs = at >= 0
                ? step.State.Runs.SetItem(at, step.State.Runs[at] with { Changes = step.State.Runs[at].Changes.Add(change) })
                : step.State.Runs.Add(new RunRecord(runId, step.State.Run?.Title ?? "", [change], Undone: false)),
        };
        step.Do(new KeepChange(runId, change.Number));
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
        var run = requested.RunId is null
            ? step.State.Runs.LastOrDefault(r => !r.Undone)
            : step.State.Runs.FirstOrDefault(r => r.Id == requested.RunId);
        var error = (run, step.State.Undo, step.State.Run) switch
        {
            (null, _, _) when requested.RunId is null => "There is no run whose changes could be undone.",
            (null, _, _) => $"No run \"{requested.RunId}\" has changed anything.",
            ({ Undone: true }, _, _) => $"Run {run.Id} is already undone.",
            (_, not null, _) => "Another undo is under way.",
            (_, _, { Started: true } going) when going.Id == run.Id => "This run is still going on; stop it first.",
            _ when run.Changes.Any(c => step.State.LaneOf(c.Path) is not null) => "One of its files is being changed right now; try again.",
            _ => null,
        };
        if (error is not null)
        {
            step.Do(new CompleteUndo(requested.DecisionId, new UndoResult(run?.Id, [], error)));
            return;
        }

        step.State = step.State with { Undo = new UndoState(requested.DecisionId, run!.Id, []) };
        foreach (var changes in run.Changes.GroupBy(c => WorkspacePath.KeyOf(c.Path)).Select(g => g.ToImmutableList()))
            LaneReducer.Give(step, new UndoOrder(changes[0].Path) { Tool = "undo", Changes = changes });
    }

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
