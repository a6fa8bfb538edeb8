using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Server.Editor;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Waiting;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>The user, the tools and the editor of the world, the last one honest or not.</summary>
internal sealed partial class EditWorld
{
    private string NewToken(char who) => $"‹{who}{++_desk.LastToken}›";

    /// <summary>An edit without a version is on its way: nobody can guard it against a change in the same moment.</summary>
    private bool IsBusy(ModelFile file) => _desk.Worlds.SelectMany(w => w._applies).Any(a => a.Sent.Path == file.Path && a.Sent.Version is null);

    /// <summary>Of the disk nobody reports: what was read of it is believed until the edit arrives.</summary>
    private bool IsBeingRead(ModelFile file) => _desk.Worlds.SelectMany(w => w._loads).Any(l => l.Load.Path == file.Path);

    private void Open(ModelFile file)
    {
        file.IsOpen = true;
        file.Change(file.Text);
        _desk.Reports.Enqueue(file.Snapshot);
        while (_desk.Reports.Count > 0)
            Report();
    }

    private void Close(ModelFile file)
    {
        file.Save();
        file.IsOpen = false;
        file.Buffer = null;
        _desk.Reports.Enqueue(file.Snapshot with { Version = null });
        while (_desk.Reports.Count > 0)
            Report();
    }

    private void Report()
    {
        var report = _desk.Reports.Dequeue();
        var file = FileAt(report.Path);
        file.Reported = report.IsOpen ? report : null;
        if (report.IsOpen)
            file.Unsaved = null;
        foreach (var world in _desk.Worlds)
            world.Post(new FileSeen(report));
    }

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

    /// <summary>As on saving: the text says what it said, in other lines.</summary>
    private void Format(ModelFile file, Random random)
    {
        file.Change(ModelFile.Formatted(file.Text, random));
        _desk.Reports.Enqueue(file.Snapshot);
    }

    private void Save(ModelFile file)
    {
        file.Save();
        _desk.Reports.Enqueue(file.Snapshot);
    }

    private void ChangeDisk(ModelFile file, Random random)
    {
        var before = file.Disk ?? "";
        file.Disk = ModelFile.Typed(before, NewToken('u'), random);
        Remember(before, file.Disk);
    }

    private void CallTool(ModelFile file, Random random)
    {
        if (!_running || _stopping)
            return;
        // A tool that has read goes on to write.
        if (_calls.FirstOrDefault(c => c is { Text: not null, WriteRequest: null }) is { } ready && random.Next(4) > 0)
        {
            Write(ready, ready.Text!, "edit", random);
            return;
        }

        // Pi sends the edits of one path one after another; only of an open file are several tried here.
        if (_calls.Count > 3 || (!file.IsOpen && (_calls.Any(c => c.File == file) || _state.Proposals.Any(p => !p.IsFinal && p.Path == file.Path))))
            return;
        var call = new ToolCall($"t{++_lastId}", random.Next(4) == 0 ? "" : $"t{_lastId}", file);
        _calls.Add(call);
        if (random.Next(4) == 0)
        {
            Write(call, file.Known.Text, "write", random);
            return;
        }

        call.ReadRequest = $"q{_lastId}r";
        _answersTo[call.ReadRequest] = 0;
        Post(new AgentSaid(new FileReadRequested(call.ReadRequest, call.ModelsId, "edit", file.Path) { Execution = call.Id }));
        if (random.Next(3) > 0)
            LoadOne(random);
    }

    private void Write(ToolCall call, string read, string tool, Random random)
    {
        call.WriteRequest = $"{call.Id}w";
        _answersTo[call.WriteRequest] = 0;
        var text = random.Next(20) == 0 ? "" : ModelFile.Rewritten(read, () => NewToken('p'), random);
        var count = _state.Proposals.Count;
        Post(new AgentSaid(new FileWriteRequested(call.WriteRequest, call.ModelsId, tool, call.File.Path, text) { Execution = call.Id }));
        if (random.Next(3) > 0)
            LoadOne(random);
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
        var late = _questions.Count == 0 || random.Next(6) == 0;
        var ids = late ? _withdrawn : _questions;
        if (ids.Count == 0)
            return;
        var id = ids[random.Next(ids.Count)];
        ids.Remove(id);
        var outcome = (QuestionOutcome)random.Next(Enum.GetValues<QuestionOutcome>().Length);
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

    /// <returns>Whether there was one whose turn it is.</returns>
    private bool AnswerApply(Random random)
    {
        if (!_applies.TryPeek(out var apply))
            return false;
        var file = FileAt(apply.Sent.Path);
        if (!apply.Sent.IsOpen && _desk.Turns.TryGetValue(file.Path, out var turn) && turn != (this, apply.DeliveryNumber))
            return false;
        _applies.Dequeue();
        _unanswered.Remove(apply.DeliveryNumber);
        if (!apply.Sent.IsOpen)
            _desk.Turns[file.Path] = (this, apply.DeliveryNumber);
        if (!apply.Sent.IsOpen && !Loaded(file.Path).IsStill(apply.Sent))
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the file has become another") { Failed = true });
        else
            AnswerSent(file, apply, random);
        return true;
    }

    private void AnswerSent(ModelFile file, ApplyToEditor apply, Random random)
    {
        if (!apply.Delete
            && EditObstacle.Why(
                apply.Sent, file.Client.Capabilities.Opening, WorkspaceEdits.Build(apply.Sent, apply.Hunks, file.Client.Capabilities)) is { } obstacle)
            Post(new ApplyAnswered(apply.DeliveryNumber, false, obstacle) { Failed = true });
        else if (apply.Delete)
            Delete(file, apply, random.Next(100) < _honesty);
        else if (apply.Confirm && random.Next(3) == 0)
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the preview was closed"));
        else if (apply.Confirm)
            Apply(file, apply, random.Next(apply.Hunks.Count + 1), claim: true, how: random.Next(2), random);
        else if (random.Next(100) < _honesty)
            Apply(file, apply, apply.Hunks.Count, claim: true, how: random.Next(4), random);
        else
            ApplyBadly(file, apply, random);
    }

    private void Delete(ModelFile file, ApplyToEditor apply, bool honest)
    {
        if (apply.Sent.Version is { } version && (!file.IsOpen || file.Version != version))
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the buffer has changed"));
            return;
        }

        Hold(file.Text == apply.Sent.Text, $"the undo deletes more than it knows:\n{file.Text}");
        if (honest)
        {
            Remember(file.Text, "");
            (file.Disk, file.Buffer, file.Unsaved) = (null, null, null);
            if (file.IsOpen)
            {
                file.IsOpen = false;
                _desk.Reports.Enqueue(apply.Sent with { Version = null });
            }
        }

        Post(new ApplyAnswered(apply.DeliveryNumber, honest, null));
    }

    private void ApplyBadly(ModelFile file, ApplyToEditor apply, Random random)
    {
        switch (random.Next(7))
        {
            // What is said of a file that nobody can look at is believed, so a lie about it has no cure.
            case 0 when apply.Sent.IsOpen:
                Post(new ApplyAnswered(apply.DeliveryNumber, true, null));
                break;
            case 1:
                Post(new ApplyAnswered(apply.DeliveryNumber, false, "the file is read-only"));
                break;
            case 2:
                break;
            case 3:
                _silent.Add(_deliveries[apply.DeliveryNumber]);
                Apply(file, apply, apply.Hunks.Count, claim: null, how: 0, random);
                break;
            case 4:
                Apply(file, apply, apply.Hunks.Count, claim: false, how: 0, random);
                break;
            default:
                Apply(file, apply, random.Next(apply.Hunks.Count + 1), claim: random.Next(2) == 0, how: 0, random);
                break;
        }
    }

    /// <summary>Takes the first hunks of an edit, if it was made for this version.</summary>
    /// <param name="how">0: reports, then answers; 1: answers, then reports; for a closed file also 2: keeps it to itself, 3: opens it first.</param>
    private void Apply(ModelFile file, ApplyToEditor apply, int count, bool? claim, int how, Random random)
    {
        if (apply.Sent.Version is { } version && (!file.IsOpen || file.Version != version))
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, "the buffer has changed"));
            return;
        }

        var hunks = apply.Hunks.Take(count).ToList();
        Hold(file.Text == apply.Sent.Text || (!file.IsOpen && file.Client.IsMeant([], file.Text, apply.Sent.Text)),
            $"an edit for another text than is there:\n{apply.Sent.Text}\nbut:\n{file.Text}");
        var after = file.After(apply.Sent, hunks);
        Hold(file.Client.IsMeant(hunks, after, TextDiff.Apply(apply.Sent.Text, hunks)),
            $"the edits make {EditScenario.Shown(after)} of {EditScenario.Shown(file.Text)}; shown was " +
                $"{EditScenario.Shown(TextDiff.Apply(apply.Sent.Text, hunks))}");
        foreach (var hunk in hunks)
        {
            // The user's own text is decided as a whole, each time anew.
            if (_ownTexts.ContainsKey(_deliveries[apply.DeliveryNumber]))
                _ownLanded.Add(_deliveries[apply.DeliveryNumber]);
            else if (!_formats || !Layout.IsSame(hunk.OldText, hunk.NewText))
                // A formatter may take nothing but layout out again before anybody has seen it: then it is sent once more.
                Hold(_landed.Add((_deliveries[apply.DeliveryNumber], hunk.Id)), $"{_deliveries[apply.DeliveryNumber]} {hunk.Id} lands twice");
            Remember(hunk.OldText, hunk.NewText);
            _delivered.UnionWith(ModelFile.TokensIn(hunk.NewText));
        }

        if (!file.IsOpen && how == 3)
            Open(file);
        file.Change(after);
        if (file.IsOpen || how != 2)
        {
            file.IsOpen = true;
            if (!_formats || random.Next(2) == 0)
                _desk.Reports.Enqueue(file.Snapshot);
            if (_formats)
                Format(file, random);
        }

        if (how != 1)
        {
            while (_desk.Reports.Count > 0)
                Report();
        }

        if (claim is { } applied)
            Post(new ApplyAnswered(apply.DeliveryNumber, applied, null));
    }
}
