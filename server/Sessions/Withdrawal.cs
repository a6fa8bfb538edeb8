using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>Takes back what is open when the one who waits for it is gone: nothing is left to be decided late. Pure.</summary>
internal static class Withdrawal
{
    public const string OutcomeDeadline = "outcome:";

    /// <summary>How long the agent of a stopped run may wait to hear what became of an edit that the editor is applying: longer than a late didChange takes.</summary>
    private static readonly TimeSpan OutcomeGrace = TimeSpan.FromSeconds(3);

    /// <param name="heard">The tool calls still take their results: what the editor is applying is told when it is known.</param>
    public static void WithdrawAll(SessionStep step, string reason, bool keepStaged = false, bool heard = false)
    {
        foreach (var proposal in step.State.Proposals.Where(p => p.Status == ProposalStatus.Open && !(keepStaged && p.Staged)).ToList())
            WithdrawEdit(step, proposal, reason);
        WithdrawApplying(step, p => p.RequestId is not null, reason, heard);
        foreach (var request in step.State.Open.Values.ToList())
            WithdrawRequest(step, request, reason);
        foreach (var (key, loading) in step.State.Loading.Where(l => l.Value.Read is not null || l.Value.Write is not null || l.Value.Look is not null).ToList())
            WithdrawLoading(step, key, loading, reason);
        QueryReducer.Withdraw(step, null, reason);
        foreach (var (request, _) in step.State.AfterLanding)
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(false, $"Not run: {reason}.")));
        step.State = step.State with { AfterLanding = [], ReadBy = step.State.ReadBy.Clear() };
    }

    public static void WithdrawIn(SessionStep step, string folder)
    {
        foreach (var proposal in step.State.Proposals.Where(p => p.Status == ProposalStatus.Open && WorkspacePath.IsInside(folder, p.Path)).ToList())
            WithdrawEdit(step, proposal, "its workspace folder was closed");
    }

    /// <summary>A run that ended by itself leaves its staged edits to the user.</summary>
    public static void WithdrawUnstaged(SessionStep step, string reason) => WithdrawAll(step, reason, keepStaged: true);

    /// <summary>All tool calls of this id are over, decided or not: the agent may end one by itself.</summary>
    public static void WithdrawOf(SessionStep step, string toolCallId, string reason)
    {
        foreach (var proposal in step.State.Proposals.Where(p => p.Status == ProposalStatus.Open && p.ToolCallId == toolCallId && p.RequestId is not null).ToList())
            WithdrawEdit(step, proposal, reason);
        WithdrawApplying(step, p => p.ToolCallId == toolCallId && p.RequestId is not null, reason, heard: false);
        foreach (var request in step.State.Open.Values.Where(r => r is ToolRequest asked && asked.ToolCallId == toolCallId).ToList())
            WithdrawRequest(step, request, reason);
        // A file that is still being read for it must not become a proposal afterwards.
        foreach (var (key, loading) in step.State.Loading.Where(l => (l.Value.Write?.ToolCallId ?? l.Value.Read?.ToolCallId ?? l.Value.Look?.ToolCallId) == toolCallId).ToList())
            WithdrawLoading(step, key, loading, reason);
        QueryReducer.Withdraw(step, toolCallId, reason);
        ToolReducer.OnEnded(step, toolCallId, reason);
        step.State = step.State with { ReadBy = step.State.ReadBy.RemoveRange(step.State.ReadBy.Where(r => r.Value.ToolCallId == toolCallId).Select(r => r.Key)) };
    }

    public static void WithdrawEdit(SessionStep step, EditProposal proposal, string reason)
    {
        // What has landed hunk by hunk stays landed; only what still waited is taken back.
        var status = proposal.Landed.Count > 0 ? ProposalStatus.Partial : ProposalStatus.Withdrawn;
        var rest = proposal.Waiting.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.NotApplied, reason)));
        var why = status == ProposalStatus.Partial ? proposal.Reason : reason;
        DeliveryReducer.Finalize(step, proposal with { Status = status, Reason = why, Fates = proposal.Fates.AddRange(rest) });
    }

    /// <summary>The tool cannot wait for the outcome any longer; it is told with the next prompt.</summary>
    public static void OnOutcomeDeadline(SessionStep step, string editId)
    {
        if (step.State.FindEdit(editId) is { Status: ProposalStatus.Applying, Unheard: false, Orphaned: { } reason } proposal)
            LetGo(step, proposal, reason);
    }

    /// <summary>Decided already: what the editor has not got yet is not sent any more, what it has got is waited for.</summary>
    private static void WithdrawApplying(SessionStep step, Func<EditProposal, bool> whose, string reason, bool heard)
    {
        var concerned = step.State.Proposals.Where(p => p.Status == ProposalStatus.Applying && whose(p)).ToList();
        var ids = concerned.Select(p => p.Id).ToHashSet();
        // First, so that the end of one of them does not begin the next.
        step.State = step.State with
        {
            Queued = step.State.Queued.RemoveAll(q => ids.Contains(q.EditId)),
            Loading = step.State.Loading.RemoveRange(step.State.Loading.Where(l => l.Value.Decision is { } d && ids.Contains(d.EditId)).Select(l => l.Key)),
        };
        foreach (var proposal in concerned)
        {
            if (proposal.Delivery is not { } delivery)
                WithdrawEdit(step, proposal with { Orphaned = reason }, reason);
            else if (!proposal.Unheard)
            {
                var now = proposal with { Orphaned = proposal.Orphaned ?? reason };
                step.Put(now);
                // A preview waits for the user, who may take as long as they like.
                if (!heard || delivery.Confirm)
                    LetGo(step, now, reason);
                else
                    step.Do(new StartDeadline(OutcomeDeadline + now.Id, OutcomeGrace));
            }
        }
    }

    private static void LetGo(SessionStep step, EditProposal proposal, string reason)
    {
        step.Do(new StopDeadline(OutcomeDeadline + proposal.Id));
        step.Do(new AnswerAgent(proposal.RequestId!, new WriteOutcomeAnswer(ToolReport.NotKnownYet(step.Shown(proposal.Path), reason), IsError: true)));
        step.Put(proposal with { Unheard = true });
    }

    /// <summary>The tool waits for its answer already while its file is being read.</summary>
    private static void WithdrawLoading(SessionStep step, string key, Loading loading, string reason)
    {
        step.State = step.State with { Loading = step.State.Loading.Remove(key) };
        if (loading.Read is { } read)
            step.Do(new AnswerAgent(read.RequestId, new FileErrorAnswer("ECANCELED", $"Not read: {reason}.")));
        else if (loading.Look is { } look)
            step.Do(new AnswerAgent(look.RequestId, new ConsentAnswer(false, $"Not run: {reason}.")));
        else if (loading.Write is { } write)
            step.Do(new AnswerAgent(write.RequestId, new WriteOutcomeAnswer($"{step.Shown(write.Path)} was not changed: {reason}.", IsError: true)));
    }

    private static void WithdrawRequest(SessionStep step, AgentRequest request, string reason)
    {
        step.State = step.State with { Open = step.State.Open.Remove(request.RequestId) };
        step.Do(new WithdrawQuestion(request.RequestId));
        step.Do(new AnswerAgent(request.RequestId, request switch
        {
            ConsentRequested or PrivateRequest { Request: LookRequested } => new ConsentAnswer(false, $"Not run: {reason}."),
            PrivateRequest => new FileErrorAnswer("ECANCELED", $"Not read: {reason}."),
            _ => new DialogAnswer(null),
        }));
    }
}
