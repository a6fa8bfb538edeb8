using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>From a tool's request to a proposal that is put to the user: reading, proposing, asking. Pure; <see cref="DecisionReducer"/> goes on.</summary>
internal static class EditReducer
{
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
            step.Do(new AnswerAgent(write.RequestId,
                new WriteOutcomeAnswer($"{step.Shown(write.Path)} cannot be edited: {why.TrimEnd('.')}. The file was not changed.", IsError: true)));
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
            step.Do(new AnswerAgent(
                write.RequestId, new WriteOutcomeAnswer($"{step.Shown(write.Path)} already has exactly this content; nothing to change.", IsError: false)));
            return;
        }

        if ((file.CannotEdit ?? (file.TakesSeparators ? null : BringsSeparators(hunks))) is { } obstacle)
        {
            step.Do(new AnswerAgent(write.RequestId,
                new WriteOutcomeAnswer($"{step.Shown(write.Path)} cannot be edited here: {obstacle}. The file was not changed.", IsError: true)));
            return;
        }

        var saving = SaveHazard.Of(file.Saved, hunks);
        var ruling = PermissionPolicy.ForEdit(
            step.State.Rules.EffectiveMode, step.State.Rules.EffectiveAllowances, write.Tool, step.State.Root, write.Path, file.Protected
                ?? (saving is { IsLoss: true } ? saving.Words : null));
        if (ruling.Verdict == Verdict.Deny || (ruling.Verdict == Verdict.Ask && step.State.Rules.Approval == ApprovalWay.None))
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
            DecisionReducer.Decide(step, proposal, ApplyDecision.All);
        else if (step.State.Rules.ReviewAtEnd)
            StageReducer.Stage(step, proposal with { Staged = true, RequestId = null }, write.RequestId);
        else if (step.State.Rules.Approval == ApprovalWay.Message)
            step.Do(new AskUser(new QuestionKey.Edit(proposal.Id),
                new EditQuestion(step.State.Id, proposal.ToolCallId, proposal.Tool, proposal.Id, proposal.Uri, Summary(step, proposal))));
        else if (step.State.Rules.Approval == ApprovalWay.Preview)
            DecisionReducer.Decide(step, proposal, ApplyDecision.All with { Confirm = true });
    }

    public static void OnQuestionAnswered(SessionStep step, string editId, QuestionAnswer answer)
    {
        // Whoever was quicker has decided; a late answer hits nothing.
        if (step.State.FindEdit(editId) is not { } proposal || !step.State.IsOpen(proposal))
            return;
        switch (answer.Outcome)
        {
            case QuestionOutcome.Yes:
                DecisionReducer.Decide(step, proposal, ApplyDecision.All);
                break;
            case QuestionOutcome.No:
                DecisionReducer.Decide(step, proposal, new RejectDecision(answer.Words, null));
                break;
            case QuestionOutcome.Review:
                step.Do(new ShowProposal(proposal));
                break;
            case QuestionOutcome.NobodyToAsk:
                OutcomeReducer.Finish(step, proposal with { Status = ProposalStatus.Failed, Reason = "nobody could be asked for approval" });
                break;
        }
    }

    public static void OnFileSeen(SessionStep step, FileSnapshot file)
    {
        foreach (var (key, loading) in step.State.Loading)
        {
            if (WorkspacePath.SamePath(loading.Path, file.Path))
                step.State = step.State with { Loading = step.State.Loading.SetItem(key, loading with { Seen = file }) };
        }

        var moves = new TextMoves(file.Text);
        foreach (var proposal in step.State.Proposals.Where(p => step.State.CanBeDecided(p) && WorkspacePath.SamePath(p.Path, file.Path)))
        {
            step.Put(proposal.SeenFrom(file, moves));
            step.Publish();
        }

        LaneReducer.OnFileSeen(step, file);
    }

    public static string Name(ProposalStatus status) => status switch
    {
        ProposalStatus.Open => "open",
        ProposalStatus.Stopped => "stopped",
        ProposalStatus.Applied => "applied",
        ProposalStatus.Partial => "partial",
        ProposalStatus.Rejected => "rejected",
        ProposalStatus.Withdrawn => "withdrawn",
        _ => "failed",
    };

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
            ? "the new text has a line or paragraph separator (U+2028, U+2029), which editors take for a line end; write it as an escape of the language"
                : null;
    }

    public static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    private static int CountLines(string text) => text.Length == 0 ? 0 : text.AsSpan().Count('\n') + (text[^1] == '\n' ? 0 : 1);
}
