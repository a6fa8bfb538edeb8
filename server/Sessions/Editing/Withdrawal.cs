using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Lanes;
using PiLsp.Sessions.Running;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>Takes back what is open when the one who waits for it is gone: nothing is left to be decided late, but what a user has stopped. Pure.</summary>
internal static class Withdrawal
{
    /// <summary>
    /// How long the agent of a stopped run may wait to hear what became of an edit that the editor is applying: longer than a late didChange takes.
    /// </summary>
    private static readonly TimeSpan OutcomeGrace = TimeSpan.FromSeconds(3);

    public const string NextPrompt = "the user has gone on without it";

    /// <param name="heard">The tool calls still take their results: what the editor is applying is told when it is known.</param>
    /// <param name="stoppedRun">The user has stopped this run: what it proposed can still be decided, and what one before has staged still waits.</param>
    public static void WithdrawAll(SessionStep step, string reason, bool keepStaged = false, bool heard = false, string? stoppedRun = null)
    {
        foreach (var proposal in step.State.Proposals.Where(p => step.State.IsOpen(p) && !(keepStaged && p.Staged)).ToList())
        {
            if (stoppedRun == proposal.RunId)
                OutcomeReducer.Stop(step, proposal, reason);
            else if (stoppedRun is null || !proposal.Staged)
                OutcomeReducer.Withdraw(step, proposal, reason);
        }

        WithdrawApplying(step, p => p.RequestId is not null, reason, heard, byUser: stoppedRun is not null);
        foreach (var request in step.State.Pending.Values.ToList())
            WithdrawRequest(step, request, reason);
        foreach (var (key, loading) in step.State.Loading.Where(l => l.Value.Request is not null).ToList())
            WithdrawLoading(step, key, loading, reason);
        QueryReducer.Withdraw(step, null, reason);
        foreach (var (request, _) in step.State.AfterLanding)
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(false, $"Not run: {reason}.")));
        step.State = step.State with { AfterLanding = [], ReadBy = step.State.ReadBy.Clear() };
    }

    public static void WithdrawIn(SessionStep step, string folder)
    {
        foreach (var proposal in step.State.Proposals.Where(p => step.State.CanBeDecided(p) && WorkspacePath.IsInside(folder, p.Path)).ToList())
            OutcomeReducer.Withdraw(step, proposal, "its workspace folder was closed");
    }

    /// <summary>A run begins: the user has gone on, and what was left of the one that was stopped goes.</summary>
    public static void WithdrawStopped(SessionStep step)
    {
        foreach (var proposal in step.State.Proposals.Where(p => p.Status == ProposalStatus.Stopped && step.State.CanBeDecided(p)).ToList())
            OutcomeReducer.Withdraw(step, proposal, NextPrompt);
    }

    /// <summary>As if this server had seen the run stopped; where the user has gone on already, they are gone.</summary>
    public static void Return(SessionStep step, IReadOnlyList<EditProposal> proposals)
    {
        if (step.State.LastRun > 0)
            return;
        foreach (var proposal in proposals)
        {
            var number = step.State.LastEdit + 1;
            var returned = proposal with { Id = $"{step.State.Id}-e{number}", RunId = RunState.IdOf(step.State.LastRun) };
            step.State = step.State with { LastEdit = number, Proposals = step.State.Proposals.Add(returned) };
        }

        step.Publish();
    }

    /// <summary>Another run has begun since the one that a stopped proposal is of.</summary>
    public static bool IsOver(SessionState state, EditProposal stopped) => stopped.RunId != RunState.IdOf(state.LastRun);

    /// <summary>A run that ended by itself leaves its staged edits to the user.</summary>
    public static void WithdrawUnstaged(SessionStep step, string reason) => WithdrawAll(step, reason, keepStaged: true);

    /// <summary>All tool calls of this id are over, decided or not: the agent may end one by itself.</summary>
    public static void WithdrawOf(SessionStep step, string toolCallId, string reason)
    {
        foreach (var proposal in step.State.Proposals.Where(p => step.State.IsOpen(p) && p.ToolCallId == toolCallId && p.RequestId is not null)
            .ToList())
            OutcomeReducer.Withdraw(step, proposal, reason);
        WithdrawApplying(step, p => p.ToolCallId == toolCallId && p.RequestId is not null, reason, heard: false);
        foreach (var request in step.State.Pending.Values.Where(r => r is ToolRequest asked && asked.ToolCallId == toolCallId).ToList())
            WithdrawRequest(step, request, reason);
        // A file that is still being read for it must not become a proposal afterwards.
        foreach (var (key, loading) in step.State.Loading.Where(l => l.Value.Request?.ToolCallId == toolCallId).ToList())
            WithdrawLoading(step, key, loading, reason);
        QueryReducer.Withdraw(step, toolCallId, reason);
        ToolReducer.OnEnded(step, toolCallId, reason);
        step.State =
            step.State with { ReadBy = step.State.ReadBy.RemoveRange(step.State.ReadBy.Where(r => r.Value.ToolCallId == toolCallId).Select(r => r.Key)) };
    }

    /// <summary>The tool cannot wait for the outcome any longer; it is told with the next prompt.</summary>
    public static void OnOutcomeDeadline(SessionStep step, string editId)
    {
        if (LaneWith(step, editId) is { Now.Order: EditOrder { Hearers.Stop: { IsLetGo: false } stop } order } lane)
            LetGo(step, lane, order, stop, stop.Reason);
    }

    /// <summary>Decided already: what the editor has not got yet is not sent any more, what it has got is waited for.</summary>
    private static void WithdrawApplying(SessionStep step, Func<EditProposal, bool> whose, string reason, bool heard, bool byUser = false)
    {
        var concerned = step.State.Proposals.Where(p => step.State.IsBeingApplied(p) && whose(p)).ToList();
        var ids = concerned.Select(p => p.Id).ToHashSet();
        var unsent = LaneReducer.TakeBack(step, order => order is EditOrder edit && ids.Contains(edit.EditId)).OfType<EditOrder>().ToDictionary(o => o.EditId);
        foreach (var proposal in concerned)
        {
            if (unsent.TryGetValue(proposal.Id, out var back))
            {
                var hearers = back.Hearers with { Stop = new ToolStop(reason, IsLetGo: false) { ByUser = byUser } };
                if (byUser)
                    OutcomeReducer.Stop(step, proposal, reason, hearers);
                else
                    OutcomeReducer.Withdraw(step, proposal, reason, hearers);
            }
            else if (LaneWith(step, proposal.Id) is { Now.Order: EditOrder { Hearers.Stop: not { IsLetGo: true } } order } lane)
            {
                var stop = order.Hearers.Stop ?? new ToolStop(reason, IsLetGo: false) { ByUser = byUser };
                // A preview waits for the user, who may take as long as they like.
                if (!heard || order.Confirm)
                {
                    LetGo(step, lane, order, stop, reason);
                    continue;
                }

                LaneReducer.Amend(step, lane, order with { Hearers = order.Hearers with { Stop = stop } });
                step.Do(new StartDeadline(new Deadline.Outcome(proposal.Id), OutcomeGrace));
            }
        }
    }

    private static FileLane? LaneWith(SessionStep step, string editId) => step.State.Lanes.Find(l => l.Now?.Order is EditOrder order && order.EditId == editId);

    private static void LetGo(SessionStep step, FileLane lane, EditOrder order, ToolStop stop, string reason)
    {
        step.Do(new StopDeadline(new Deadline.Outcome(order.EditId)));
        step.Do(new AnswerAgent(
            step.State.FindEdit(order.EditId)!.RequestId!, new WriteOutcomeAnswer(ToolReport.NotKnownYet(step.Shown(order.Path), reason), IsError: true)));
        LaneReducer.Amend(step, lane, order with { Hearers = order.Hearers with { Stop = stop with { IsLetGo = true } } });
    }

    /// <summary>The tool waits for its answer already while its file is being read.</summary>
    private static void WithdrawLoading(SessionStep step, string key, Loading loading, string reason)
    {
        step.State = step.State with { Loading = step.State.Loading.Remove(key) };
        if (loading.Request is { } request)
            step.Do(new AnswerAgent(request.RequestId, loading switch
            {
                Loading.ForRead => new FileErrorAnswer("ECANCELED", $"Not read: {reason}."),
                Loading.ForLook or Loading.ForCommand => new ConsentAnswer(false, $"Not run: {reason}."),
                _ => new WriteOutcomeAnswer($"{step.Shown(loading.Path)} was not changed: {reason}.", IsError: true),
            }));
    }

    private static void WithdrawRequest(SessionStep step, AgentRequest request, string reason)
    {
        step.State = step.State.WithoutPending(request.RequestId);
        step.Do(new WithdrawQuestion(new QuestionKey.Request(request.RequestId)));
        step.Do(new AnswerAgent(request.RequestId, request switch
        {
            ConsentRequested or PrivateRequest { Request: LookRequested } => new ConsentAnswer(false, $"Not run: {reason}."),
            PrivateRequest => new FileErrorAnswer("ECANCELED", $"Not read: {reason}."),
            _ => new DialogAnswer(null),
        }));
    }
}
