using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>From a tool's request to a decision: reading, proposing, asking, deciding. Pure; delivery goes on in <see cref="DeliveryReducer"/>.</summary>
internal static class EditReducer
{
    public const string QuestionPrefix = "edit:";

    public static void OnReadLoaded(SessionStep step, FileReadRequested read, LoadedFile file)
    {
        if (file.Snapshot is { } there)
            file = file with { Snapshot = StageReducer.Overlaid(step.State, there) };
        AgentAnswer answer = file switch
        {
            { Bytes: { } bytes } => new FileBytesAnswer(bytes),
            { Snapshot: { Exists: true } snapshot } => new FileTextAnswer(snapshot.Text),
            _ => new FileErrorAnswer(file.ErrorCode ?? "ENOENT", file.ErrorMessage ?? $"no such file: {read.Path}"),
        };
        if (file.Snapshot is { Exists: true } seen && read.Tool != "read")
            step.State = step.State with { ReadBy = step.State.ReadBy.SetItem(read.Execution, new ReadText(read.ToolCallId, seen)) };
        step.Do(new AnswerAgent(read.RequestId, answer));
    }

    public static void OnWriteLoaded(SessionStep step, FileWriteRequested write, LoadedFile file)
    {
        if (file.Snapshot is not { } present)
        {
            var why = file.Bytes is not null ? "it is not UTF-8 text" : file.ErrorMessage ?? "it cannot be read";
            step.Do(new AnswerAgent(write.RequestId, new WriteOutcomeAnswer($"{step.Shown(write.Path)} cannot be edited: {why.TrimEnd('.')}. The file was not changed.", IsError: true)));
            return;
        }

        if (step.State.Run is { Aborting: true })
        {
            step.Do(new AnswerAgent(write.RequestId, new WriteOutcomeAnswer("The run was stopped. The file was not changed.", IsError: true)));
            return;
        }

        // The edit was made for what its own tool call read of this file, not for what the user has typed since.
        var read = step.State.ReadBy.GetValueOrDefault(write.Execution)?.File;
        var @base = read is not null && WorkspacePath.SamePath(read.Path, write.Path) ? read : StageReducer.Overlaid(step.State, present);
        step.State = step.State with { ReadBy = step.State.ReadBy.Remove(write.Execution) };
        var hunks = TextDiff.Compare(@base.Text, LineEndings.Adopt(@base.Text, write.NewText));
        if (hunks.Count == 0 && @base.Exists)
        {
            step.Do(new AnswerAgent(write.RequestId, new WriteOutcomeAnswer($"{step.Shown(write.Path)} already has exactly this content; nothing to change.", IsError: false)));
            return;
        }

        if ((file.CannotEdit ?? (file.TakesSeparators ? null : BringsSeparators(hunks))) is { } obstacle)
        {
            step.Do(new AnswerAgent(write.RequestId, new WriteOutcomeAnswer($"{step.Shown(write.Path)} cannot be edited here: {obstacle}. The file was not changed.", IsError: true)));
            return;
        }

        var saving = SaveHazard.Of(file.Saved, hunks);
        var ruling = Policy.ForEdit(
            step.State.EffectiveMode, step.State.EffectiveAllowances, write.Tool, step.State.Root, write.Path, file.Protected ?? (saving is { IsLoss: true } ? saving.Words : null));
        if (ruling.Verdict == Verdict.Deny || (ruling.Verdict == Verdict.Ask && step.State.Approval == ApprovalWay.None))
        {
            step.Do(new AnswerAgent(write.RequestId, new WriteOutcomeAnswer(ruling.Reason ?? ToolReport.NobodyToAsk, IsError: true)));
            return;
        }

        var proposal = new EditProposal
        {
            Id = $"{step.State.Id}-e{step.State.LastEdit + 1}",
            RunId = step.State.Run?.Id ?? "r0",
            ToolCallId = write.ToolCallId,
            Tool = write.Tool,
            RequestId = write.RequestId,
            Protected = file.Protected,
            Saving = saving,
            LinkTarget = file.LinkTarget,
            Base = @base,
            Hunks = hunks,
            View = ProposalView.Of(@base, hunks, present),
        };
        step.State = step.State with { LastEdit = step.State.LastEdit + 1, Proposals = step.State.Proposals.Add(proposal) };
        step.Publish();
        if (ruling.Verdict == Verdict.Allow)
            Decide(step, proposal, ApplyDecision.All);
        else if (step.State.ReviewAtEnd)
            StageReducer.Stage(step, proposal with { Staged = true, RequestId = null }, write.RequestId);
        else if (step.State.Approval == ApprovalWay.Message)
            step.Do(new AskUser(QuestionPrefix + proposal.Id, new EditQuestion(step.State.Id, proposal.ToolCallId, proposal.Tool, proposal.Id, proposal.Uri, Summary(step, proposal))));
        else if (step.State.Approval == ApprovalWay.Preview)
            Decide(step, proposal, ApplyDecision.All with { Confirm = true });
    }

    public static void OnQuestionAnswered(SessionStep step, string editId, QuestionAnswer answer)
    {
        // Whoever was quicker has decided; a late answer hits nothing.
        if (step.State.FindEdit(editId) is not { Status: ProposalStatus.Open } proposal)
            return;
        switch (answer.Outcome)
        {
            case QuestionOutcome.Yes:
                Decide(step, proposal, ApplyDecision.All);
                break;
            case QuestionOutcome.No:
                Decide(step, proposal, new RejectDecision(answer.Words, null));
                break;
            case QuestionOutcome.Review:
                step.Do(new ShowProposal(proposal));
                break;
            case QuestionOutcome.NobodyToAsk:
                DeliveryReducer.Finalize(step, proposal with { Status = ProposalStatus.Failed, Reason = "nobody could be asked for approval" });
                break;
        }
    }

    public static void OnDecided(SessionStep step, EditDecided decided)
    {
        var proposal = step.State.FindEdit(decided.EditId);
        if (proposal is null)
        {
            var error = decided.EditId is null ? "There is no open edit." : $"There is no edit \"{decided.EditId}\"; pi.listEdits lists them.";
            step.Do(new CompleteDecision(decided.DecisionId, new DecisionResult(false, null, null, [], null, error)));
            return;
        }

        if (proposal.Status != ProposalStatus.Open)
        {
            var reason = proposal.Status == ProposalStatus.Applying ? "it is being applied right now" : $"it is already {Name(proposal.Status)}";
            step.Do(new CompleteDecision(decided.DecisionId, new DecisionResult(false, proposal.Id, proposal.Status, proposal.Landed, reason) { WasDecided = true }));
            return;
        }

        var chosen = (decided.Decision as ApplyDecision)?.HunkIds ?? (decided.Decision as RejectDecision)?.HunkIds ?? [];
        if (chosen.FirstOrDefault(id => proposal.Hunks.All(h => h.Id != id)) is { } unknown)
        {
            step.Do(new CompleteDecision(decided.DecisionId, new DecisionResult(false, proposal.Id, proposal.Status, [], null, $"Edit {proposal.Id} has no hunk \"{unknown}\".")));
            return;
        }

        // Without the edit below it there would be nothing to apply it to, and that is no clash with the user.
        if (decided.Decision is ApplyDecision { NewText: null } && StageReducer.OnTop(step.State.Proposals, proposal) is { } onTop
            && onTop.View.Hunks.Any(h => (chosen.Count == 0 || chosen.Contains(h.Id)) && proposal.View.Hunks.All(o => o.Id != h.Id)))
        {
            step.Do(new CompleteDecision(decided.DecisionId, new DecisionResult(
                false, proposal.Id, proposal.Status, [], null, $"Edit {proposal.Id} builds on an earlier one of {step.Named(proposal.Path)} that still waits; decide about that one first, or apply everything.")));
            return;
        }

        Decide(step, proposal with { DecisionId = decided.DecisionId }, decided.Decision);
    }

    /// <summary>The delivery before it has ended: the next one for the same file goes on from what is there now.</summary>
    public static void DecideNext(SessionStep step, string path)
    {
        if (step.State.Queued.FirstOrDefault(q => step.State.FindEdit(q.EditId) is { } p && WorkspacePath.SamePath(p.Path, path)) is not { } next)
            return;
        // Another proposal for the file may have been rejected while a delivery is still under way.
        if (IsBusy(step.State, path))
            return;
        step.State = step.State with { Queued = step.State.Queued.Remove(next) };
        Apply(step, step.State.FindEdit(next.EditId)!, next.Decision);
    }

    /// <summary>A delivery to this file, or its undo, is under way: what comes next would be made for a text that is just going.</summary>
    public static bool IsBusy(SessionState state, string path) =>
        state.Proposals.Any(p => p.Status == ProposalStatus.Applying && WorkspacePath.SamePath(p.Path, path) && state.Queued.All(q => q.EditId != p.Id))
        || state.Undo?.Remaining.Any(p => WorkspacePath.SamePath(p, path)) == true;

    public static void OnDecisionLoaded(SessionStep step, PendingDecision pending, LoadedFile file)
    {
        if (step.State.FindEdit(pending.EditId) is not { Status: ProposalStatus.Applying, Delivery: null } proposal)
            return;
        if (WhyGone(proposal, file) is { } gone)
            DeliveryReducer.Finalize(step, proposal with { Status = ProposalStatus.Failed, Reason = gone });
        else
            DeliveryReducer.Deliver(step, proposal, pending.Decision, file.Snapshot!);
    }

    /// <summary>Why what waited has nothing left to be applied to; null where the file is still there.</summary>
    private static string? WhyGone(EditProposal proposal, LoadedFile file) => file switch
    {
        { LinkTarget: { } target } when target != proposal.LinkTarget => $"while the edit waited, a link to {target} took the file's place",
        { ErrorCode: "EISDIR" } => "while the edit waited, a folder took the file's place",
        { Snapshot: null, Bytes: not null } => "while the edit waited, the file became one that is no UTF-8 text",
        // A missing file has a snapshot that says so: this is something that never was one, and the reason tells it.
        { Snapshot: null, ErrorCode: "ENOENT", ErrorMessage: { } noFile } => noFile.TrimEnd('.'),
        { Snapshot: null } => $"the file cannot be read any more: {(file.ErrorMessage ?? "no reason is known").TrimEnd('.')}",
        { Snapshot.Exists: false } when proposal is { Base.Exists: true, Staged: false } => "while the edit waited, the file was deleted or renamed",
        _ => null,
    };

    public static void OnFileSeen(SessionStep step, FileSnapshot file)
    {
        foreach (var (key, loading) in step.State.Loading)
        {
            if (loading.Path(step.State) is { } path && WorkspacePath.SamePath(path, file.Path))
                step.State = step.State with { Loading = step.State.Loading.SetItem(key, loading with { Seen = file }) };
        }

        var concerned = step.State.Proposals.Where(p => !p.IsFinal && WorkspacePath.SamePath(p.Path, file.Path)).ToList();
        var moves = new TextMoves(file.Text);
        foreach (var proposal in concerned)
        {
            step.Put(proposal.Delivery is { } delivery ? proposal with { Delivery = delivery with { Seen = file } } : proposal.SeenFrom(file, moves));
            if (proposal.Status == ProposalStatus.Open)
                step.Publish();
        }

        // Only now that all of them know the text: the end of one delivery begins the next.
        foreach (var proposal in concerned)
            DeliveryReducer.OnFileSeen(step, proposal.Id);
    }

    public static string Name(ProposalStatus status) => status switch
    {
        ProposalStatus.Open or ProposalStatus.Applying => "open",
        ProposalStatus.Applied => "applied",
        ProposalStatus.Partial => "partial",
        ProposalStatus.Rejected => "rejected",
        ProposalStatus.Withdrawn => "withdrawn",
        _ => "failed",
    };

    public static void Decide(SessionStep step, EditProposal proposal, EditDecision decision)
    {
        step.Do(new WithdrawQuestion(QuestionPrefix + proposal.Id));
        switch (decision)
        {
            case RejectDecision reject:
                Reject(step, proposal, reject);
                break;
            case ApplyDecision apply:
                var busy = IsBusy(step.State, proposal.Path);
                proposal = proposal with { Status = ProposalStatus.Applying, Remarks = [.. proposal.Remarks, .. apply.Remarks] };
                if (apply.NewText is not null)
                    apply = apply with { MadeFor = proposal.View.Present };
                step.Put(proposal);
                if (busy)
                    step.State = step.State with { Queued = step.State.Queued.Add(new PendingDecision(proposal.Id, apply)) };
                else
                    Apply(step, proposal, apply);
                break;
        }
    }

    private static void Apply(SessionStep step, EditProposal proposal, ApplyDecision decision)
    {
        if (proposal.View.Present.IsOpen)
            DeliveryReducer.Deliver(step, proposal, decision, proposal.View.Present);
        else
            // Not open: nobody reported changes, so the disk is looked at again.
            step.Load(proposal.Path, new Loading(Decision: new PendingDecision(proposal.Id, decision)));
    }

    private static void Reject(SessionStep step, EditProposal proposal, RejectDecision reject)
    {
        var rejected = proposal.Waiting.Where(h => reject.HunkIds is null || reject.HunkIds.Contains(h.Id));
        // Of a part the words belong to its hunks; the whole may have a note of its own by now.
        var whole = reject.HunkIds is null && proposal.Landed.Count == 0;
        proposal = proposal with
        {
            Reason = whole ? reject.Reason : proposal.Reason,
            Remarks = [.. proposal.Remarks, .. reject.Remarks],
            Fates = proposal.Fates.AddRange(rejected.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.Rejected, whole ? null : reject.Reason)))),
        };
        if (proposal.Hunks.Count == 0)
            DeliveryReducer.Finalize(step, proposal with { Status = ProposalStatus.Rejected });
        else
            DeliveryReducer.FinalizeOrKeepOpen(step, proposal, done: true);
    }

    public static string Summary(SessionStep step, EditProposal proposal)
    {
        var added = proposal.Hunks.Sum(h => CountLines(h.NewText));
        var removed = proposal.Hunks.Sum(h => CountLines(h.OldText));
        var summary = proposal.Base.Exists
            ? $"Pi wants to change {step.Named(proposal.Path)}: {Count(proposal.Hunks.Count, "change")}, +{added} −{removed} lines"
            : $"Pi wants to create {step.Named(proposal.Path)} ({Count(added, "line")})";
        return proposal.Caution is { } why ? $"{summary}. Careful: {why}." : summary;
    }

    /// <summary>Some editors make line ends of them, others ask what to do.</summary>
    private static string? BringsSeparators(IReadOnlyList<Hunk> hunks)
    {
        static int Count(string text) => text.AsSpan().Count('\u2028') + text.AsSpan().Count('\u2029');
        return hunks.Any(h => Count(h.NewText) > Count(h.OldText))
            ? "the new text has a line or paragraph separator (U+2028, U+2029), which editors take for a line end; write it as an escape of the language" : null;
    }

    public static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    private static int CountLines(string text) => text.Length == 0 ? 0 : text.AsSpan().Count('\n') + (text[^1] == '\n' ? 0 : 1);
}
