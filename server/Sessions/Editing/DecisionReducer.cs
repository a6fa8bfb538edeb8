using PiLsp.Edits;
using PiLsp.Sessions.Lanes;

namespace PiLsp.Sessions.Editing;

/// <summary>What somebody decides about a proposal, by whatever way: an order for the file's lane, or a rejection. Pure.</summary>
internal static class DecisionReducer
{
    public static void OnDecided(SessionStep step, EditDecided decided)
    {
        var proposal = step.State.FindEdit(decided.EditId);
        if (proposal is null)
        {
            var error = decided.EditId is null ? "There is no open edit." : $"There is no edit \"{decided.EditId}\".";
            step.Do(new CompleteDecision(decided.DecisionId, new DecisionResult(false, null, null, [], null, error)));
            return;
        }

        if (!step.State.CanBeDecided(proposal))
        {
            var reason = !proposal.IsFinal ? "it is being applied right now" : $"it is already {EditReducer.Name(proposal.Status)}";
            step.Do(new CompleteDecision(
                decided.DecisionId, new DecisionResult(false, proposal.Id, proposal.Status, proposal.Landed, reason) { WasDecided = true }));
            return;
        }

        var chosen = (decided.Decision as ApplyDecision)?.HunkIds ?? (decided.Decision as RejectDecision)?.HunkIds ?? [];
        if (chosen.FirstOrDefault(id => proposal.Hunks.All(h => h.Id != id)) is { } unknown)
        {
            step.Do(new CompleteDecision(
                decided.DecisionId, new DecisionResult(false, proposal.Id, proposal.Status, [], null, $"Edit {proposal.Id} has no hunk \"{unknown}\".")));
            return;
        }

        // Without the edit below it there would be nothing to apply it to, and that is no clash with the user.
        if (decided.Decision is ApplyDecision { NewText: null } && StageReducer.OnTop(step.State, proposal) is { } onTop
            && onTop.View.Hunks.Any(h => (chosen.Count == 0 || chosen.Contains(h.Id)) && proposal.View.Hunks.All(o => o.Id != h.Id)))
        {
            step.Do(new CompleteDecision(decided.DecisionId, new DecisionResult(
                false, proposal.Id, proposal.Status, [], null,
                $"Edit {proposal.Id} builds on an earlier one of {step.Named(proposal.Path)} that still waits; decide about that one first, or apply " +
                    "everything.")));
            return;
        }

        Decide(step, proposal, decided.Decision, decided.DecisionId);
    }

    /// <param name="decisionId">The command that waits for what comes of it.</param>
    public static void Decide(SessionStep step, EditProposal proposal, EditDecision decision, string? decisionId = null)
    {
        step.Do(new WithdrawQuestion(new QuestionKey.Edit(proposal.Id)));
        proposal = proposal with { Remarks = [.. proposal.Remarks, .. decision.Remarks] };
        switch (decision)
        {
            case RejectDecision reject:
                Reject(step, proposal, reject, decisionId);
                break;
            case ApplyDecision apply:
                step.Put(proposal);
                LaneReducer.Give(step, EditOrder.Of(proposal, apply, decisionId));
                break;
        }
    }

    private static void Reject(SessionStep step, EditProposal proposal, RejectDecision reject, string? decisionId)
    {
        var rejected = proposal.Waiting.Where(h => reject.HunkIds is null || reject.HunkIds.Contains(h.Id));
        // Of a part the words belong to its hunks; the whole may have a note of its own by now.
        var whole = reject.HunkIds is null && proposal.Landed.Count == 0;
        proposal = proposal with
        {
            Reason = whole ? reject.Reason : proposal.Reason,
            Fates = proposal.Fates.AddRange(rejected.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.Rejected, whole ? null : reject.Reason)))),
        };
        if (proposal.Hunks.Count == 0)
            OutcomeReducer.Finish(step, proposal with { Status = ProposalStatus.Rejected }, new EditHearers(decisionId));
        else
            OutcomeReducer.Settle(step, proposal, done: true, new EditHearers(decisionId));
    }
}
