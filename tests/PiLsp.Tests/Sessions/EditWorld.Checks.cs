using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>What every effect is held to: what was decided, what was shown, and what the texts really are.</summary>
internal sealed partial class EditWorld
{
    /// <summary>What is put aside comes back as it was.</summary>
    private void CheckKept(EditProposal decided)
    {
        var light = PastEdit.Light(decided);
        Hold((light.Status, light.Reason, light.Uri, light.Path) == (decided.Status, decided.Reason, decided.Uri, decided.Path),
            $"{decided.Id} is another once it is put aside");
        Hold(light.Landed.SequenceEqual(decided.Landed), $"{decided.Id} has landed otherwise once it is put aside");
        var back = Wire.Edit(_state.Id, Root, PastEdit.Read(light, decided.Base.Text, PastEdit.Write(decided)), _encoding);
        var was = Wire.Edit(_state.Id, Root, decided, _encoding);
        Hold(back with { Hunks = was.Hunks } == was, $"{decided.Id} has come back as another");
        Hold(back.Hunks!.SequenceEqual(was.Hunks!), $"the hunks of {decided.Id} have come back as others");
    }

    /// <summary>Nothing goes to the editor that was not decided, and it goes as it was decided.</summary>
    private void CheckApproved(ApplyToEditor apply)
    {
        var lane = _state.Lanes.Single(l => l.Attempt?.Number == apply.DeliveryNumber);
        var result = TextDiff.Apply(apply.Sent.Text, apply.Hunks);
        _unanswered.Add(apply.DeliveryNumber);
        if (lane.Now!.Order is UndoOrder)
        {
            _deliveries[apply.DeliveryNumber] = $"{_state.Undo!.DecisionId} of {lane.Path}";
            Hold(_undos > 0, $"{lane.Path}: an undo that nobody asked for");
            CheckUndo(apply);
            return;
        }

        var order = (EditOrder)lane.Now.Order;
        var proposal = _state.FindEdit(order.EditId)!;
        _deliveries[apply.DeliveryNumber] = proposal.Id;
        if (order.IsOwnText)
        {
            var own = _ownTexts.GetValueOrDefault(proposal.Id);
            Hold(own is not null, $"{proposal.Id}: a text of the user's that the user never gave");
            Hold(
                lane.Attempt!.Try > 1 || own!.Any(o => o.Seen == apply.Sent.Text ? LineEndings.Adopt(o.Seen, o.Text) == result : IsCarriedOver(o, apply)),
                $"{proposal.Id}: not the user's own text");
            return;
        }

        // Then the editor itself puts the change to the user.
        if (apply.Confirm && _state.Rules.Approval == ApprovalWay.Preview)
            Approve(proposal, ApplyDecision.All);
        var approved = _approved.GetValueOrDefault(proposal.Id);
        Hold(approved is not null, $"{proposal.Id} is applied without a decision");
        foreach (var hunk in apply.Hunks)
        {
            var original = proposal.Hunks.Single(h => h.Id == hunk.Id);
            Hold(approved!.Contains(hunk.Id), $"{proposal.Id} {hunk.Id} is applied, but nobody chose it");
            Hold((original.OldText, original.NewText) == (hunk.OldText, hunk.NewText), $"{proposal.Id} {hunk.Id} is not what was shown");
        }
    }

    /// <summary>The tool of an edit that is under way does not wait any more; null: it does, or nothing is under way.</summary>
    private static ToolStop? Stopped(SessionState state, EditProposal proposal) =>
        state.Lanes.SelectMany(l => l.Orders).OfType<EditOrder>().SingleOrDefault(o => o.EditId == proposal.Id)?.Hearers.Stop;

    /// <summary>
    /// What is being applied is in the lane of its file, once; no lane is left with nothing to do, or with something that nobody was told of.
    /// </summary>
    private void CheckLanes()
    {
        var ids = _state.Lanes.SelectMany(l => l.Orders).OfType<EditOrder>().Select(o => o.EditId).ToList();
        Hold(ids.Distinct().Count() == ids.Count, "an edit is being applied twice");
        Hold(ids.All(id => _state.FindEdit(id) is { IsFinal: false }), "what is decided for good is being applied");
        Hold(_state.Lanes.All(l => l.Now is LaneWork.Reading or LaneWork.Applying), "a lane stands still");
        Hold(_state.Lanes.DistinctBy(l => WorkspacePath.KeyOf(l.Path)).Count() == _state.Lanes.Count, "two lanes of one file");
        Hold(_state.Undo is not null == _state.Lanes.Any(l => l.Now?.Order is UndoOrder), "an undo without lanes, or lanes without an undo");
    }

    /// <summary>The user's text, made for another one than is there: it brings nothing else, and takes nothing that the user has not seen.</summary>
    private static bool IsCarriedOver((string Text, string Seen) own, ApplyToEditor apply)
    {
        var (old, brought) =
            (ModelFile.TokensIn(string.Concat(apply.Hunks.Select(h => h.OldText))), ModelFile.TokensIn(string.Concat(apply.Hunks.Select(h => h.NewText))));
        return !old.Except(brought).Except(ModelFile.TokensIn(own.Seen)).Any() && !brought.Except(old).Except(ModelFile.TokensIn(own.Text)).Any();
    }

    /// <summary>Only what came by a delivery goes: what the user has typed stays, whatever else is taken back.</summary>
    private void CheckUndo(ApplyToEditor apply)
    {
        foreach (var token in apply.Hunks.SelectMany(h =>
            ModelFile.TokensIn(h.OldText).Except(ModelFile.TokensIn(string.Concat(apply.Hunks.Select(n => n.NewText))))))
            Hold(_delivered.Contains(token), $"the undo takes the user's {token}");
    }

    /// <summary>Nobody had decided about all of it: what is there of it is said, and that the rest may come.</summary>
    private static void CheckStopped(EditProposal proposal, WriteOutcomeAnswer outcome)
    {
        Hold(proposal is { RequestId: null, ToldUndecided: true }, $"{proposal.Id}: told what nobody remembers to have told");
        Hold(outcome.IsError == (proposal.Landed.Count == 0), $"{proposal.Id}: success and failure mixed up: {outcome.Text}");
        Hold(outcome.Text.Contains("can still apply", StringComparison.Ordinal), $"{proposal.Id}: {outcome.Text}");
        foreach (var hunk in proposal.Hunks.Where(h => proposal.Landed.Contains(h.Id)))
            Hold(outcome.Text.Contains("applied", StringComparison.Ordinal), $"{proposal.Id} {hunk.Id} is there: {outcome.Text}");
    }

    /// <summary>The model's news, word for word, against the buffer as the server knows it.</summary>
    private void CheckReport(EditProposal proposal, WriteOutcomeAnswer outcome)
    {
        var text = outcome.Text;
        var says = $"{proposal.Id}: {text}\nbut the text is:\n{FileAt(proposal.Path).Known.Text}";
        var (applied, partial) = (text.StartsWith("Applied to ", StringComparison.Ordinal)
            || text.StartsWith("Created ", StringComparison.Ordinal), text.StartsWith("Only a part ", StringComparison.Ordinal));
        var own = text.StartsWith("The user changed your proposal", StringComparison.Ordinal);
        Hold(outcome.IsError == !(applied || partial || own), $"success and failure mixed up; {says}");
        Hold(!partial || proposal.Fates.Count == proposal.Hunks.Count, $"something is left unsaid; {says}");
        var unverified = text.Contains("could not be checked", StringComparison.Ordinal);
        bool Known(string token) => FileAt(proposal.Path).Known.Text.Contains(token, StringComparison.Ordinal);
        if (own)
        {
            // Of the disk nobody reports: it may be another by now.
            if (unverified || FileAt(proposal.Path).Reported is not { } reported)
                return;
            var stands = TextDiff.Unified("", proposal.Base.Text, TextDiff.Compare(proposal.Base.Text, reported.Text)).Split('\n').Skip(2);
            Hold(text.Contains(string.Join('\n', stands), StringComparison.Ordinal), $"another text is said to stand; {says}");
            return;
        }

        foreach (var hunk in proposal.Hunks)
        {
            var fate = proposal.Fates.GetValueOrDefault(hunk.Id)?.Kind;
            if (applied || fate is FateKind.Landed or FateKind.ChangedSince)
                Hold(unverified || Stands(proposal, hunk), $"{hunk.Id} is said to be applied; {says}");
            // Another edit, or the user, may bring the very lines that this one proposed.
            else if (!_landed.Contains((proposal.Id, hunk.Id)) && !_ownLanded.Contains(proposal.Id))
                continue;
            else if (fate is FateKind.Clashed)
                Hold(
                    Own(proposal, hunk).All(token => !Known(token) || text.Contains(token, StringComparison.Ordinal)),
                    $"{hunk.Id} is there, and not shown; {says}");
            else if (fate is not FateKind.Changed && !_silent.Contains(proposal.Id))
                Hold(!Own(proposal, hunk).Any(Known), $"{hunk.Id} is said not to be applied; {says}");
        }

        Hold(!applied || proposal.Hunks.Count > 0 || unverified || FileAt(proposal.Path).Known.Exists, $"nothing was created; {says}");
    }

    private void CheckResult(DecisionResult result)
    {
        if (result.EditId is not { } id)
            return;
        var proposal = _state.Proposals.Single(p => p.Id == id);
        foreach (var hunk in proposal.Hunks.Where(h => result.Landed.Contains(h.Id)))
        {
            Hold(
                proposal.Reason?.Contains("could not be checked", StringComparison.Ordinal) == true || Stands(proposal, hunk),
                $"the decision's result says that {id} {hunk.Id} landed, but the text is:\n{FileAt(proposal.Path).Known.Text}");
        }
    }

    /// <summary>The hunk's tokens are in the text, or were, and have been taken out since.</summary>
    private bool Stands(EditProposal proposal, Hunk hunk)
    {
        var file = FileAt(proposal.Path);
        // What was taken out and has come back may not have been reported yet.
        return Own(proposal, hunk).All(token =>
            file.Known.Text.Contains(token, StringComparison.Ordinal) || file.Text.Contains(token, StringComparison.Ordinal) || _desk.Gone.Contains(token));
    }

    private static IEnumerable<string> Own(EditProposal proposal, Hunk hunk) =>
        ModelFile.TokensIn(hunk.NewText).Where(token => token[1] == 'p' && !proposal.Base.Text.Contains(token, StringComparison.Ordinal));
}
