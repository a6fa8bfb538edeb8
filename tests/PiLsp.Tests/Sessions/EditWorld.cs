using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Server.Editor;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Waiting;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>
/// The reducer with a model of everything around it: every effect becomes something that may happen later, in an
/// order that the dice choose. What happens is in the other parts; here effects are taken.
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

    /// <summary>As they were put last.</summary>
    private readonly Dictionary<QuestionKey, Question> _asked = [];
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
                Hold(!_questions.Contains(ask.QuestionId), $"{ask.QuestionId} is asked twice");
                _questions.Add(ask.QuestionId);
                _asked[ask.QuestionId] = ask.Question;
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
