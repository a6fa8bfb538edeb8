using PiLsp.Agents;
using PiLsp.Edits;

namespace PiLsp.Sessions;

/// <summary>Consent for tools other than ours, and the dialogs of the agent's extensions: asked once, always answered. Pure.</summary>
internal static class ConsentReducer
{
    public static void OnRequested(SessionStep step, ConsentRequested request)
    {
        var ruling = Policy.ForTool(step.State.Mode, request.Tool);
        if (ruling.Verdict == Verdict.Allow)
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(true, null)));
        else if (ruling.Verdict == Verdict.Deny)
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(false, ruling.Reason)));
        else if (!step.State.CanAskConsent)
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(false, $"The tool {request.Tool} needs the user's consent, and this editor has no way to ask for it. It did not run.")));
        else
            Ask(step, request, new ConsentQuestion(step.State.Id, request.ToolCallId, request.Tool, request.Source, What(request), request.Input));
    }

    public static void OnRequested(SessionStep step, DialogRequested request)
    {
        if (step.State.CanAskConsent)
            Ask(step, request, new DialogQuestion(step.State.Id, request));
        else
            step.Do(new AnswerAgent(request.RequestId, new DialogAnswer(null)));
    }

    public static void OnAnswered(SessionStep step, string requestId, QuestionAnswer answer)
    {
        if (!step.State.Open.TryGetValue(requestId, out var request))
            return;
        step.State = step.State with { Open = step.State.Open.Remove(requestId) };
        step.Do(new AnswerAgent(requestId, request is ConsentRequested consent
            ? new ConsentAnswer(answer.Outcome is QuestionOutcome.Yes, Refusal(consent.Tool, answer))
            : new DialogAnswer(answer.Outcome == QuestionOutcome.Yes ? answer.Words : null)));
    }

    private static string? Refusal(string tool, QuestionAnswer answer) => answer switch
    {
        { Outcome: QuestionOutcome.Yes } => null,
        { Outcome: QuestionOutcome.NobodyToAsk } => $"Nobody could be asked for consent, so {tool} did not run.",
        { Outcome: QuestionOutcome.TimedOut } => $"Nobody answered in time, so {tool} did not run.",
        { Words.Length: > 0 } => $"The user did not allow {tool}. The user says: {answer.Words}",
        _ => $"The user did not allow {tool}.",
    };

    private static void Ask(SessionStep step, AgentRequest request, Question question)
    {
        step.State = step.State with { Open = step.State.Open.Add(request.RequestId, request) };
        step.Do(new AskUser(request.RequestId, question));
    }

    /// <summary>A shell's command line says it all; of any other tool the whole input is shown, for no part of it is known to be harmless.</summary>
    private static string What(ConsentRequested request) => request.Tool is "bash" or "powershell"
        ? ToolTitle.What(request.Input)
        : request.Input.GetRawText();
}
