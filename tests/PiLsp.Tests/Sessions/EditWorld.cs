using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Server;
using PiLsp.Server.Editor;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Lanes;
using PiLsp.Sessions.Waiting;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>
/// The reducer with a model of everything around it: every effect becomes something that may happen later, in an
/// order that the dice choose. What happens is in the other parts; here effects are taken and held to their promises.
/// One session's: several of them share the editor, its files and its user.
/// </summary>
internal sealed partial class EditWorld
{
    private const string Root = "/work";

    private readonly List<(LoadFile Load, LoadedFile AtOnce)> _loads = [];
    private readonly Queue<ApplyToEditor> _applies = new();
    private readonly List<SendPrompt> _prompts = [];
    private readonly List<SessionMessage> _tools = [];
    private readonly List<SessionMessage> _keeping = [];
    private readonly Dictionary<int, LandedTexts> _past = [];
    private readonly List<QuestionKey> _questions = [];
    private readonly List<QuestionKey> _withdrawn = [];
    private readonly List<Deadline> _deadlines = [];

    /// <summary>Which proposal came of a tool's request.</summary>
    private readonly Dictionary<string, string> _editOf = [];

    private readonly Dictionary<string, int> _answersTo = [];
    private readonly Dictionary<string, int> _endsOf = [];
    private readonly Dictionary<string, int> _resultsOf = [];

    private readonly Dictionary<string, HashSet<string>> _approved = [];
    private readonly Dictionary<string, List<(string Text, string Seen)>> _ownTexts = [];
    private readonly HashSet<(string Edit, string Hunk)> _landed = [];
    private readonly HashSet<string> _ownLanded = [];
    private readonly Dictionary<int, string> _deliveries = [];
    private readonly HashSet<int> _unanswered = [];
    private readonly HashSet<string> _delivered = [];

    /// <summary>Taken by an editor that never said so: after a minute of typing over it among equal lines, what became of it is a guess.</summary>
    private readonly HashSet<string> _silent = [];
    private readonly PositionEncoding _encoding;
    private readonly int _honesty;
    private readonly bool _formats;
    private SessionState _state;
    private readonly EditDesk _desk;
    private readonly string _says;

    private EditWorld(EditScenario scenario, EditDesk desk)
    {
        _desk = desk;
        desk.Worlds.Add(this);
        _says = $"s{desk.Worlds.Count} > ";
        _encoding = scenario.Encoding;
        _honesty = scenario.Honesty;
        _formats = scenario.Formats;
        _state = new SessionState
        {
            Id = $"s{desk.Worlds.Count}",
            Root = Root,
            Rules = new SessionRules
            {
                ModeSetting = scenario.Mode,
                Approval = scenario.Approval,
                ReviewAtEnd = scenario.ReviewAtEnd,
                CanAskConsent = scenario.Approval != ApprovalWay.None,
            },
        };
    }

    private IReadOnlyList<ModelFile> Files => _desk.Files;

    private void Post(SessionMessage message)
    {
        _desk.Story.Add((_says, message));
        var (state, effects) = SessionReducer.Reduce(_state, message);
        // The mode decides about what comes while it is set.
        foreach (var added in state.Proposals.Where(p => p.RequestId is not null && _state.FindEdit(p.Id) is null))
        {
            _editOf[added.RequestId!] = added.Id;
            if (_state.Rules.Mode is PermissionMode.AcceptEdits or PermissionMode.Full && !FileAt(added.Path).IsProtected)
                _approved[added.Id] = [.. added.Hunks.Select(h => h.Id)];
        }

        // A report that no tool takes any more waits for the next prompt.
        var late = state.Proposals.Where(p => p.IsFinal && _state.FindEdit(p.Id) is { IsFinal: false } before && IsToldLate(before, p))
            .Select(p => (p, Stopped(_state, p) is not null && _state.FindEdit(p.Id)!.RequestId is not null)).ToList();
        _state = state;
        CheckLanes();
        foreach (var effect in effects)
            Take(effect);
        foreach (var (path, turn) in _desk.Turns.Where(t => t.Value.World == this && !state.IsUnderWay(t.Value.Number)).ToList())
            _desk.Turns.Remove(path);
        foreach (var (proposal, wasDecided) in late)
        {
            var (text, isError) = ToolReport.Of(proposal, WorkspacePath.Shown(Root, proposal.Path), wasDecided);
            Hold(
                _state.Untold.Contains(text) || effects.OfType<SendPrompt>().Any(p => p.Text.Contains(text, StringComparison.Ordinal)),
                $"nobody is ever told: {text}");
            CheckReport(proposal, new WriteOutcomeAnswer(text, isError));
        }
    }

    /// <summary>No tool takes the last word on it. One that was stopped is told of again only where something has come of it since.</summary>
    private bool IsToldLate(EditProposal before, EditProposal now) =>
        before.RequestId is not null ? Stopped(_state, before) is { IsLetGo: true }
        : !before.ToldUndecided || before.Waiting.Any(h => now.Fates.GetValueOrDefault(h.Id) is not { Kind: FateKind.NotApplied });

    private void Take(SessionEffect effect)
    {
        _desk.Story.Add(("    ", effect));
        switch (effect)
        {
            case LoadFile load:
                _loads.Add((load, Loaded(load.Path)));
                break;
            case ApplyToEditor apply:
                _desk.Story.Add(("      ", new Listed(apply.Hunks)));
                CheckApproved(apply);
                _applies.Enqueue(apply);
                break;
            case SendPrompt prompt:
                _prompts.Add(prompt);
                break;
            case AskUser ask:
                _questions.Add(ask.QuestionId);
                break;
            case WithdrawQuestion question:
                if (_questions.Remove(question.QuestionId))
                    _withdrawn.Add(question.QuestionId);
                break;
            case StartDeadline start:
                _deadlines.Remove(start.Key);
                _deadlines.Add(start.Key);
                break;
            case StopDeadline stop:
                _deadlines.Remove(stop.Key);
                break;
            case AbortAgent:
                _stopping = true;
                break;
            case KillAgent:
                _killed = true;
                break;
            case PublishEdits:
                foreach (var proposal in _state.Proposals)
                    Wire.Edit(_state.Id, Root, proposal, _encoding);
                break;
            case KeepEdit keep:
                CheckKept(_state.FindEdit(keep.EditId)!);
                _keeping.Add(new EditKept(keep.EditId));
                break;
            case KeepChange keep:
                var change = _state.Runs.Single(r => r.Id == keep.RunId).Changes.Single(c => c.Number == keep.Number);
                _past[keep.Number] = new LandedTexts(keep.Number, change.Before!, change.After!);
                _keeping.Add(new ChangeKept(keep.RunId, keep.Number));
                break;
            case PrepareTool prepare:
                _tools.Add(new ToolPrepared(prepare.RequestId));
                break;
            case FinishTool finish:
                _tools.Add(new ToolFinished(finish.RequestId, finish.Tool, new ToolAftermath(null, [])));
                break;
            case CompleteUndo undone:
                Count(_resultsOf, undone.DecisionId, "the undo");
                Hold(undone.Result.Files.All(f => f.Reason?.Contains("cannot be read", StringComparison.Ordinal) != true),
                    "a text that was put aside is missing in an undo");
                break;
            case RememberUnsaved remember:
                FileAt(remember.Path).Unsaved = (remember.DiskText, remember.Text);
                break;
            case AnswerAgent answer:
                Count(_answersTo, answer.RequestId, "the agent's request");
                OnAnswered(answer);
                break;
            case CompleteAsk done:
                Count(_endsOf, done.AskId, "the ask");
                break;
            case FailAsk failed:
                Count(_endsOf, failed.AskId, "the ask");
                break;
            case CompleteDecision decided:
                Count(_resultsOf, decided.DecisionId, "the decision");
                CheckResult(decided.Result);
                break;
        }
    }

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

    /// <summary>Written out only when a failure is told.</summary>
    private sealed record Listed(IReadOnlyList<Hunk> Hunks)
    {
        public override string ToString() => string.Join("\n      ", Hunks);
    }

    private static void Count(Dictionary<string, int> counts, string id, string what)
    {
        Hold(counts.TryGetValue(id, out var count), $"{what} {id} was never made");
        Hold(count == 0, $"{what} {id} ends twice");
        counts[id]++;
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

    private void OnAnswered(AnswerAgent answer)
    {
        if (answer.Answer is FileTextAnswer read && _calls.FirstOrDefault(c => c.ReadRequest == answer.RequestId) is { } call)
            call.Text = read.Text;
        if (answer.Answer is FileErrorAnswer or FileBytesAnswer)
            _calls.RemoveAll(c => c.ReadRequest == answer.RequestId);
        if (answer.Answer is not WriteOutcomeAnswer outcome)
            return;
        _calls.RemoveAll(c => c.WriteRequest == answer.RequestId);
        if (_editOf.TryGetValue(answer.RequestId, out var edit) && _state.FindEdit(edit) is { Staged: false } proposal)
        {
            if (proposal.Status == ProposalStatus.Stopped)
                CheckStopped(proposal, outcome);
            else if (proposal.IsFinal)
                CheckReport(proposal, outcome);
            else
                Hold(outcome.IsError && outcome.Text.Contains("is not known yet", StringComparison.Ordinal)
                    && Stopped(_state, proposal) is { IsLetGo: true }, $"{proposal.Id} is not decided, but: {outcome.Text}");
        }
        else if (outcome.Text.StartsWith("Staged: ", StringComparison.Ordinal))
            Hold(StageReducer.Staged(_state).Any(), $"nothing is staged, but: {outcome.Text}");
        else
            Hold(outcome.IsError || outcome.Text.Contains("nothing to change", StringComparison.Ordinal), $"no proposal, but: {outcome.Text}");
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

    /// <summary>Somebody wrote this over that: who reads the history later has to find exactly these tokens.</summary>
    private void Remember(string before, string after)
    {
        foreach (var token in ModelFile.TokensIn(before))
        {
            _desk.Tokens[token] = _desk.Tokens.GetValueOrDefault(token) - 1;
            _desk.Gone.Add(token);
        }

        foreach (var token in ModelFile.TokensIn(after))
        {
            _desk.Tokens[token] = _desk.Tokens.GetValueOrDefault(token) + 1;
            _desk.Gone.Remove(token);
        }
    }

    private ModelFile FileAt(string path) => Files.Single(f => f.Path == path);

    private LoadedFile Loaded(string path)
    {
        var file = FileAt(path);
        var known = file.Known;
        return new LoadedFile(known, null, known.Exists ? null : "ENOENT", null, file.IsProtected ? "outside the workspace" : null)
        {
            CannotEdit = EditObstacle.Why(known, file.Client.Capabilities.Opening),
        };
    }

    private static void Hold(bool condition, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException(otherwise);
    }
}
