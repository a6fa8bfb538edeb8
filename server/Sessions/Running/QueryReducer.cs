using PiLsp.Agents;

namespace PiLsp.Sessions.Running;

/// <summary>What tools ask the editor about the code: answered once, and not waited for when nobody wants to know any more. Pure.</summary>
internal static class QueryReducer
{
    public static void OnRequested(SessionStep step, EditorQueryRequested query)
    {
        if (step.State.Run is { Aborting: true })
        {
            step.Do(new AnswerAgent(query.RequestId, Withdrawn("the run was stopped")));
            return;
        }

        step.State = step.State with { Queries = step.State.Queries.SetItem(query.RequestId, query.ToolCallId) };
        step.Do(new QueryEditor(query));
    }

    public static void OnAnswered(SessionStep step, EditorAnswered answered)
    {
        if (!step.State.Queries.ContainsKey(answered.RequestId))
            return;
        step.State = step.State with { Queries = step.State.Queries.Remove(answered.RequestId) };
        step.Do(new AnswerAgent(answered.RequestId, answered.Answer));
    }

    /// <param name="toolCallId">Null: of all tool calls.</param>
    public static void Withdraw(SessionStep step, string? toolCallId, string reason)
    {
        foreach (var (requestId, _) in step.State.Queries.Where(q => toolCallId is null || q.Value == toolCallId).ToList())
        {
            step.State = step.State with { Queries = step.State.Queries.Remove(requestId) };
            step.Do(new WithdrawQuery(requestId));
            step.Do(new AnswerAgent(requestId, Withdrawn(reason)));
        }
    }

    private static EditorQueryAnswer Withdrawn(string reason) => new($"Not looked up: {reason}.", IsError: true);
}
