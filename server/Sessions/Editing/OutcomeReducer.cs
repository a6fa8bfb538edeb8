using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Lanes;

namespace PiLsp.Sessions.Editing;

/// <summary>From what became of an order, or of a decision that needed none, to the last word on a proposal. Pure.</summary>
internal static class OutcomeReducer
{
    /// <summary>
    /// At the end of each message: whoever gave an order hears what became of it, then its lane goes on, and what comes next may be
    /// over at once, too.
    /// </summary>
    public static void TellAll(SessionStep step)
    {
        while (step.State.Lanes.Find(l => l.Now is null or LaneWork.Over) is { } lane)
        {
            if (lane.Now is LaneWork.Over { Outcome: var outcome } over)
            {
                if (over.Order is EditOrder edit)
                    On(step, edit, outcome);
                else if (over.Order is UndoOrder undo)
                    UndoReducer.On(step, undo, outcome);
            }

            LaneReducer.GoOn(step, step.State.LaneOf(lane.Path)!);
        }
    }

    private static void On(SessionStep step, EditOrder order, ApplyOutcome outcome)
    {
        if (step.State.FindEdit(order.EditId) is not { IsFinal: false } proposal)
            return;
        // Its hunks are carried over to that text once it is known which of them still wait.
        if (outcome.Present is { } present)
            proposal = proposal with { View = proposal.View with { Present = present } };
        switch (outcome)
        {
            case ApplyOutcome.Stale stale:
                Reopen(step, proposal, stale.Reason, order.Hearers, done: false);
                return;
            case ApplyOutcome.Gone gone:
                Finish(step, proposal with { Status = ProposalStatus.Failed, Reason = gone.Reason }, order.Hearers);
                return;
            case ApplyOutcome.Landed landed:
                UndoReducer.Record(step, proposal.RunId, proposal.Path, landed.What);
                proposal = proposal with { Reason = landed.Note ?? proposal.Reason };
                break;
            case ApplyOutcome.NotApplied { Reason: { } reason }:
                proposal = proposal with { Reason = reason };
                break;
        }

        proposal = order.IsOwnText ? WithOwnText(proposal, outcome) : WithFates(proposal, order, outcome);
        var done = outcome is ApplyOutcome.Landed || (outcome is ApplyOutcome.Unsent && (proposal.Hunks.Count == 0 || proposal.Landed.Count > 0));
        Settle(step, proposal, done, order.Hearers);
    }

    /// <summary>Final where nothing of it waits any more, else open again.</summary>
    /// <param name="done">What was decided has come about.</param>
    public static void Settle(SessionStep step, EditProposal proposal, bool done, EditHearers hearers)
    {
        proposal = proposal with { ToldUndecided = false };
        if (proposal.Waiting.Count > 0)
        {
            Reopen(step, proposal, proposal.Reason, hearers, done);
            return;
        }

        var (status, why) = HunkFates.Sum([.. proposal.Fates.Values], proposal.Hunks.Count, done);
        // The user's own version stands as a whole, however much of the proposal is in it.
        if (proposal.UserVersion is { } own)
            (status, why) = own.Length > 0 ? (ProposalStatus.Applied, null) : (status, status == ProposalStatus.Failed ? why : null);
        Finish(step, proposal with { Status = status, Reason = proposal.Reason ?? why }, hearers);
    }

    /// <summary>What has landed hunk by hunk stays landed; only what still waited is taken back.</summary>
    public static void Withdraw(SessionStep step, EditProposal proposal, string reason, EditHearers hearers = default)
    {
        var status = proposal.Landed.Count > 0 ? ProposalStatus.Partial : ProposalStatus.Withdrawn;
        var rest = proposal.Waiting.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.NotApplied, reason)));
        var why = status == ProposalStatus.Partial ? proposal.Reason : reason;
        Finish(
            step,
            proposal with { Status = status, Reason = why, Fates = proposal.Fates.AddRange(rest) },
            hearers with { ModelKnows = proposal.ToldUndecided });
    }

    /// <summary>The user has stopped the run: nobody waits for it any more, and the user can still decide about it.</summary>
    /// <param name="done">What was decided of it has come about.</param>
    public static void Stop(SessionStep step, EditProposal proposal, string reason, EditHearers hearers = default, bool done = false)
    {
        var isHeard = proposal.RequestId is not null && hearers.Stop is not { IsLetGo: true };
        var stopped = proposal with { Status = ProposalStatus.Stopped, RequestId = null, ToldUndecided = isHeard };
        Complete(step, stopped, hearers, done, reason);
        step.Put(stopped.SeenFrom(stopped.View.Present));
        step.Publish();
        step.Do(new WithdrawQuestion(new QuestionKey.Edit(proposal.Id)));
        if (!isHeard)
            return;
        var (text, isError) = ToolReport.Stopped(proposal, step.Shown(proposal.Path), reason);
        step.Do(new AnswerAgent(proposal.RequestId!, new WriteOutcomeAnswer(text, isError)));
        if (hearers.Stop is { IsLetGo: false })
            step.Do(new StopDeadline(new Deadline.Outcome(proposal.Id)));
    }

    /// <summary>The last word on a proposal: the agent, the user and the list hear it.</summary>
    public static void Finish(SessionStep step, EditProposal proposal, EditHearers hearers = default)
    {
        if (proposal.Status != ProposalStatus.Withdrawn)
            proposal = proposal with { Sum = EditSum.Of(proposal) };
        Complete(step, proposal, hearers, proposal.Status is ProposalStatus.Applied or ProposalStatus.Partial, proposal.Reason);
        step.Put(proposal.SeenFrom(proposal.View.Present));
        step.Publish();
        step.Do(new KeepEdit(proposal.Id));
        step.Do(new WithdrawQuestion(new QuestionKey.Edit(proposal.Id)));
        if (proposal.RequestId is not { } request)
        {
            StageReducer.OnFinished(step, proposal, hearers.ModelKnows);
            return;
        }

        var (text, isError) = ToolReport.Of(proposal, step.Shown(proposal.Path), wasDecided: hearers.Stop is not null);
        if (hearers.Stop is { IsLetGo: true })
            step.State = step.State with { Untold = step.State.Untold.Add(text) };
        else
            step.Do(new AnswerAgent(request, new WriteOutcomeAnswer(text, isError)));
        if (hearers.Stop is { IsLetGo: false })
            step.Do(new StopDeadline(new Deadline.Outcome(proposal.Id)));
    }

    /// <summary>As it was, for what still waits; stopped or withdrawn where nobody waits for it any more.</summary>
    private static void Reopen(SessionStep step, EditProposal proposal, string? reason, EditHearers hearers, bool done)
    {
        if (hearers.Stop is { } stop)
        {
            if (stop.ByUser)
                Stop(step, proposal, stop.Reason, hearers, done);
            else
                Withdraw(step, proposal, stop.Reason, hearers);
            return;
        }

        if (proposal.Status == ProposalStatus.Stopped && Withdrawal.IsOver(step.State, proposal))
        {
            Withdraw(step, proposal, Withdrawal.NextPrompt, hearers);
            return;
        }

        proposal = proposal.SeenFrom(proposal.View.Present);
        Complete(step, proposal, hearers, done, reason);
        step.Put(proposal);
        step.Publish();
    }

    private static EditProposal WithFates(EditProposal proposal, EditOrder order, ApplyOutcome outcome)
    {
        var fates = proposal.Fates.SetItems(outcome.Fates);
        if (!order.KeepRest)
            fates = fates.AddRange(
                proposal.Waiting.Where(h => order.Hunks.All(o => o.Id != h.Id)).Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.LeftOut))));
        // Of a preview that has outlived its tool call a closed one is no answer: nobody waits for it any more.
        if (outcome is ApplyOutcome.Declined && order.Hearers.Stop is null)
            fates = fates.AddRange(
                proposal.Waiting.Where(h => !fates.ContainsKey(h.Id)).Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.Rejected))));
        return proposal with { Fates = fates };
    }

    /// <summary>What stands is the user's, as far as it may have come this way.</summary>
    private static EditProposal WithOwnText(EditProposal proposal, ApplyOutcome outcome) => outcome switch
    {
        ApplyOutcome.Landed { What: var what } => OwnVersion.Standing(proposal, what.Before, what.Hunks, what.Text),
        ApplyOutcome.NotApplied { MayStand: { } what } => OwnVersion.Standing(proposal, what.Before, what.Hunks, what.Text),
        ApplyOutcome.Unsent => OwnVersion.Standing(proposal, outcome.Present!, [], outcome.Present!.Text),
        _ => proposal with { Fates = proposal.Fates.AddRange(proposal.Waiting.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.NotApplied)))) },
    };

    private static void Complete(SessionStep step, EditProposal proposal, EditHearers hearers, bool done, string? reason)
    {
        if (hearers.DecisionId is { } decision)
            step.Do(new CompleteDecision(decision, new DecisionResult(done, proposal.Id, proposal.Status, proposal.Landed, reason)));
    }
}
