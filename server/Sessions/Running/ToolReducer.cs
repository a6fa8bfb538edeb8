using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Running;

/// <summary>
/// Tools that work on the disk past the review, from the consent to what they have changed: the disk is looked at before
/// and after. A tool that was stopped does not report itself, and what it changed until then is told all the same. Pure.
/// </summary>
internal static class ToolReducer
{
    private const int MaxShown = 10;

    /// <summary>The disk is looked at first, so that what the tool changes can be told.</summary>
    public static void Let(SessionStep step, ConsentRequested request)
    {
        step.State =
            step.State with { Watched = step.State.Watched.SetItem(request.Execution, new WatchedTool(request.RequestId, request.ToolCallId, request.Tool)) };
        step.Do(new PrepareTool(
            request.RequestId, request.Execution,
            [.. step.State.Proposals.Where(p => p.Status is ProposalStatus.Applied or ProposalStatus.Partial).Select(p => p.Path).Distinct()]));
    }

    public static void OnPrepared(SessionStep step, ToolPrepared prepared)
    {
        if (step.State.Watched.FirstOrDefault(w => w.Value.RequestId == prepared.RequestId) is not { Key: { } execution, Value: { } tool })
            return;
        if (tool.Over is { } reason)
        {
            step.State = step.State with { Watched = step.State.Watched.Remove(execution) };
            step.Do(new FinishTool(null, execution, tool.Tool) { NeverRan = true });
            step.Do(new AnswerAgent(prepared.RequestId, new ConsentAnswer(false, $"Not run: {reason}.")));
            return;
        }

        step.State = step.State with { Watched = step.State.Watched.SetItem(execution, tool with { Runs = true }) };
        step.Do(new AnswerAgent(prepared.RequestId, new ConsentAnswer(true, null)));
    }

    public static void OnNoteRequested(SessionStep step, ToolNoteRequested request)
    {
        step.State = step.State with { Watched = step.State.Watched.Remove(request.Execution) };
        step.Do(new FinishTool(request.RequestId, request.Execution, request.Tool));
    }

    /// <summary>Those that have not reported will not do so any more.</summary>
    /// <param name="toolCallId">Null: all of them.</param>
    public static void OnEnded(SessionStep step, string? toolCallId, string reason)
    {
        foreach (var (execution, tool) in step.State.Watched.Where(w => toolCallId is null || w.Value.ToolCallId == toolCallId))
        {
            if (!tool.Runs)
            {
                step.State = step.State with { Watched = step.State.Watched.SetItem(execution, tool with { Over = reason }) };
                continue;
            }

            step.State = step.State with { Watched = step.State.Watched.Remove(execution) };
            step.Do(new FinishTool(null, execution, tool.Tool));
        }
    }

    public static void OnFinished(SessionStep step, ToolFinished finished)
    {
        if (finished.RequestId is { } request)
            step.Do(new AnswerAgent(request, new ToolNoteAnswer(finished.Aftermath.Note)));
        TellProblem(step, finished.Aftermath);
        if (finished is { RequestId: null, Aftermath.Problem: { } problem })
            step.State = step.State with { ToolNews = step.State.ToolNews.Add($"{finished.Tool}: not all of the workspace could be compared: {problem}") };
        if (finished.Aftermath.Changed is not { Count: > 0 } changed)
            return;
        UndoReducer.RecordCommand(step, changed.Select(path => WorkspacePath.ToUri(Path.Combine(step.State.Root, path))));
        var shown = string.Join(", ", changed.Take(MaxShown).Select(ShownText.Name)) +
            (changed.Count > MaxShown ? $" and {changed.Count - MaxShown} more" : "");
        if (finished.RequestId is null)
            step.State = step.State with { ToolNews = step.State.ToolNews.Add($"{finished.Tool}: {shown}") };
        step.Do(new PublishEvent(new AgentNotice(NoticeLevel.Warning, $"Changed outside your review: {shown}")));
    }

    /// <summary>A look at the disk that was not made, or not wholly, never counts as "nothing changed".</summary>
    public static void TellProblem(SessionStep step, ToolAftermath aftermath)
    {
        if (aftermath is { Problem: { } problem, IsProblemKnown: false })
            step.Do(new PublishEvent(
                new AgentNotice(NoticeLevel.Warning,
                    $"Not all of the workspace could be compared before and after a command: {problem}. It may have changed more than is told.")));
    }
}
