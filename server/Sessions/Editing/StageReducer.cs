using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Running;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>
/// Whole-run review (the setting <c>pi.review: "end"</c>): edits are taken up at once, the agent reads and edits
/// on as if they were there, and the user decides about all of them when the run is over. Pure.
/// </summary>
internal static class StageReducer
{
    /// <summary>The file as the agent is to see it: what is there, with what is staged on top, carried over to it.</summary>
    public static FileSnapshot Overlaid(SessionState state, FileSnapshot present) => Overlaid(Staged(state), present);

    /// <summary>
    /// A staged edit whose lines come from another staged one, seen from that one's text: the buffer alone would show
    /// a clash that is none. Null for every other edit.
    /// </summary>
    public static EditProposal? OnTop(SessionState state, EditProposal proposal)
    {
        if (!proposal.Staged || !state.CanBeDecided(proposal) || proposal.View.Hunks.Count == proposal.Waiting.Count)
            return null;
        var alike = state.Proposals.Where(p => p.Staged && p.Status == proposal.Status && state.CanBeDecided(p));
        var below = Overlaid(alike.TakeWhile(p => p.Id != proposal.Id), proposal.View.Present);
        return ReferenceEquals(below, proposal.View.Present) ? null : proposal.SeenFrom(below);
    }

    private static FileSnapshot Overlaid(IEnumerable<EditProposal> staged, FileSnapshot present)
    {
        foreach (var proposal in staged.Where(p => WorkspacePath.SamePath(p.Path, present.Path)))
        {
            var fitting = TextMerge.Rebase(proposal.Base.Text, present.Text, proposal.Waiting).OfType<RebasedHunk.Moved>().Select(m => m.Hunk);
            present = present with { Text = TextDiff.Apply(present.Text, fitting), Exists = true };
        }

        return present;
    }

    public static IEnumerable<EditProposal> Staged(SessionState state) => state.Proposals.Where(p => IsStaged(state, p));

    private static bool IsStaged(SessionState state, EditProposal proposal) => proposal.Staged && state.IsOpen(proposal);

    /// <summary>The proposal is open already; its tool goes on without waiting for the decision.</summary>
    public static void Stage(SessionStep step, EditProposal proposal, string requestId)
    {
        step.Do(new AnswerAgent(requestId, new WriteOutcomeAnswer(
            $"Staged: {step.Shown(proposal.Path)} reads for you as if the edit were applied. The user reviews all edits when you are done; commands do not " +
                "see them yet.",
            IsError: false)));
        step.Put(proposal);
    }

    /// <summary>The run is over: everything staged comes to the user as one change set.</summary>
    public static void OnRunEnded(SessionStep step, RunState run)
    {
        var staged = Staged(step.State).Where(p => p.RunId == run.Id).ToList();
        if (step.State.Rules.Approval == ApprovalWay.Preview)
        {
            foreach (var proposal in staged)
                DecisionReducer.Decide(step, proposal, ApplyDecision.All with { Confirm = true });
            return;
        }

        if (staged.Count == 0 || step.State.Rules.Approval != ApprovalWay.Message)
            return;
        var files = staged.GroupBy(p => p.Path).Select(g => $"{step.Named(g.Key)} ({EditReducer.Count(g.Count(), "edit")})");
        var first = staged[0];
        step.Do(new AskUser(new QuestionKey.Review(run.Id), new EditQuestion(
            step.State.Id, first.ToolCallId, first.Tool, first.Id, first.Uri,
            $"Pi is done and proposes {EditReducer.Count(staged.Count, "edit")}: {string.Join(", ", files)}")));
    }

    public static void OnQuestionAnswered(SessionStep step, string runId, QuestionAnswer answer)
    {
        foreach (var proposal in Staged(step.State).Where(p => p.RunId == runId).ToList())
        {
            switch (answer.Outcome)
            {
                case QuestionOutcome.Yes:
                    DecisionReducer.Decide(step, proposal, ApplyDecision.All);
                    break;
                case QuestionOutcome.No:
                    DecisionReducer.Decide(step, proposal, new RejectDecision(answer.Words, null));
                    break;
                case QuestionOutcome.Review:
                    step.Do(new ShowProposal(OnTop(step.State, proposal) ?? proposal));
                    break;
            }
        }
    }

    /// <summary>The tool that was allowed sees the disk, so what is staged lands first.</summary>
    public static void LandFirst(SessionStep step, ConsentRequested request)
    {
        var staged = Staged(step.State).ToList();
        step.State = step.State with { AfterLanding = step.State.AfterLanding.Add(new WaitingTool(request, [.. staged.Select(p => p.Id)])) };
        foreach (var proposal in staged)
            DecisionReducer.Decide(step, proposal, ApplyDecision.All);
        LetWaiting(step);
    }

    /// <summary>What nobody waits for is decided: the model hears of it with the next prompt, for its tool is long over.</summary>
    /// <param name="isKnown">The model knows already.</param>
    public static void OnFinished(SessionStep step, EditProposal proposal, bool isKnown)
    {
        if (!isKnown)
            step.State = step.State with { Untold = step.State.Untold.Add(ToolReport.Of(proposal, step.Shown(proposal.Path)).Text) };
        // Decided one by one or withdrawn: a question about nothing would hold up all that come after it.
        if (proposal.Staged && !step.State.Proposals.Any(p => p is { Staged: true, Status: ProposalStatus.Open } && p.RunId == proposal.RunId))
            step.Do(new WithdrawQuestion(new QuestionKey.Review(proposal.RunId)));
        LetWaiting(step);
    }

    /// <summary>The prompt with what the model has not heard yet.</summary>
    public static string Tell(SessionStep step, string prompt)
    {
        if (step.State.Untold.IsEmpty && step.State.ToolNews.IsEmpty && step.State.ShellNews.IsEmpty)
            return prompt;
        var news = new List<string>();
        if (!step.State.Untold.IsEmpty)
            news.Add($"What became of edits of yours that you have not heard of:\n{string.Join("\n", step.State.Untold)}");
        if (!step.State.ToolNews.IsEmpty)
            news.Add($"Changed on disk by tools that were stopped:\n{string.Join("\n", step.State.ToolNews)}");
        if (!step.State.ShellNews.IsEmpty)
            news.Add($"Changed on disk by commands that the user ran:\n{string.Join("\n", step.State.ShellNews)}");
        step.State = step.State with { Untold = [], ToolNews = [], ShellNews = [] };
        return $"{prompt}\n\n<editor>\n{string.Join("\n", news)}\n</editor>";
    }

    private static void LetWaiting(SessionStep step)
    {
        var waiting = step.State.AfterLanding;
        if (waiting.IsEmpty || step.State.Proposals.Any(p => p.Staged && step.State.IsBeingApplied(p)))
            return;
        // What came back from its lane is to be decided about again.
        if (waiting.SelectMany(w => w.EditIds).Any(id => step.State.FindEdit(id) is { IsFinal: false }))
            return;
        step.State = step.State with { AfterLanding = [] };
        foreach (var (request, editIds) in waiting)
        {
            // It was allowed to run on the edits, not without them.
            var missing = editIds.Select(step.State.FindEdit).OfType<EditProposal>().Where(p => p.Status != ProposalStatus.Applied)
                .Select(p => step.Shown(p.Path)).Distinct().ToList();
            if (missing.Count == 0)
                ToolReducer.Let(step, request);
            else
                step.Do(new AnswerAgent(
                    request.RequestId,
                    new ConsentAnswer(
                        false, $"Not run: the user wanted the staged edits to be applied first, and those of {string.Join(", ", missing)} were not applied, " +
                            "or not as a whole.")));
        }
    }
}
