using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;

namespace PiLsp.Tests.Sessions;

/// <summary>The user of the world: types, decides about edits and answers questions.</summary>
internal sealed partial class EditWorld
{
    private void Type(ModelFile file, Random random)
    {
        if (!file.IsOpen || IsBusy(file))
            return;
        if (random.Next(8) == 0)
        {
            Save(file);
            return;
        }

        var before = file.Text;
        file.Change(ModelFile.Typed(before, NewToken('u'), random));
        Remember(before, file.Text);
        _desk.Reports.Enqueue(file.Snapshot);
        if (random.Next(3) > 0)
            Report();
    }

    private void ChangeDisk(ModelFile file, Random random)
    {
        var before = file.Disk ?? "";
        file.Disk = ModelFile.Typed(before, NewToken('u'), random);
        Remember(before, file.Disk);
    }

    private void Decide(Random random)
    {
        var open = _state.Proposals.Where(_state.CanBeDecided).ToList();
        var id = $"d{++_lastId}";
        _resultsOf[id] = 0;
        if (open.Count == 0 || random.Next(15) == 0)
        {
            var any = _state.Proposals.Count > 0 && random.Next(2) == 0 ? _state.Proposals[random.Next(_state.Proposals.Count)].Id : random.Next(2) == 0 ? "e99"
                : null;
            var decision = new ApplyDecision(null, null, null, KeepRest: false);
            if (_state.FindEdit(any) is { } hit && _state.CanBeDecided(hit))
                Approve(hit, decision);
            Post(new EditDecided(id, any, decision));
            return;
        }

        var proposal = open[random.Next(open.Count)];
        var some = proposal.Hunks.Where(_ => random.Next(2) == 0).Select(h => h.Id).ToList();
        EditDecision decided = random.Next(12) switch
        {
            0 or 1 or 2 or 3 => new ApplyDecision(null, null, random.Next(3) == 0 ? proposal.View.Present.Version : null, false),
            4 or 5 => new ApplyDecision(some, null, null, KeepRest: true),
            6 => new ApplyDecision(some, null, null, KeepRest: false),
            7 => new ApplyDecision(null, null, (proposal.View.Present.Version ?? 0) + 1, false),
            8 or 9 => new ApplyDecision(null, ModelFile.Typed(proposal.NewText, NewToken('u'), random), null, false),
            10 => new RejectDecision("please not", random.Next(2) == 0 ? some : null),
            _ => new ApplyDecision(["h99"], null, null, false),
        };
        if (decided is ApplyDecision apply)
            Approve(proposal, apply);
        Post(new EditDecided(id, proposal.Id, decided));
    }

    private void Approve(EditProposal proposal, ApplyDecision decision)
    {
        if (decision.NewText is { } text)
        {
            if (!_ownTexts.TryGetValue(proposal.Id, out var texts))
                _ownTexts[proposal.Id] = texts = [];
            texts.Add((text, proposal.View.Present.Text));
            return;
        }

        if (!_approved.TryGetValue(proposal.Id, out var approved))
            _approved[proposal.Id] = approved = [];
        approved.UnionWith(proposal.Waiting.Select(h => h.Id).Where(h => decision.HunkIds?.Contains(h) != false));
    }

    private void AnswerQuestion(Random random)
    {
        if (random.Next(6) == 0)
        {
            Post(new QuestionsWanted());
            Hold(_state.PutAside.IsEmpty, "what was put aside is not asked again");
            return;
        }

        var late = _questions.Count == 0 || random.Next(6) == 0;
        var ids = late ? _withdrawn : _questions;
        if (ids.Count == 0)
            return;
        var id = ids[random.Next(ids.Count)];
        ids.Remove(id);
        var outcome = (QuestionOutcome)random.Next(Enum.GetValues<QuestionOutcome>().Length);
        if (outcome == QuestionOutcome.Later)
        {
            var pending = id is QuestionKey.Request { RequestId: var put } && _state.Pending.ContainsKey(put);
            Post(new QuestionPutAside(id, _asked[id]));
            Hold(id is not QuestionKey.Request { RequestId: var aside } || _state.PutAside.ContainsKey(aside) == pending, $"{id} is put aside, or not");
            return;
        }

        if (outcome == QuestionOutcome.Yes && id is QuestionKey.Edit { EditId: var edit } && _state.FindEdit(edit) is { } proposal && _state.IsOpen(proposal))
            Approve(proposal, new ApplyDecision(null, null, null, false));
        // A yes to all that is staged, or to what a command is to see.
        if ((outcome == QuestionOutcome.Yes && id is QuestionKey.Review)
            || (outcome == QuestionOutcome.LandFirst && id is QuestionKey.Request { RequestId: var request } && _state.Pending.ContainsKey(request)))
        {
            foreach (var staged in StageReducer.Staged(_state).ToList())
                Approve(staged, ApplyDecision.All);
        }

        Post(new QuestionAnswered(id, new QuestionAnswer(outcome, "words")));
    }
}
