using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Editing;

namespace PiLsp.Sessions.Running;

/// <summary>Consent for tools other than ours, and the dialogs of the agent's extensions: asked once, always answered. Pure.</summary>
internal static class ConsentReducer
{
    public static void OnRequested(SessionStep step, ConsentRequested request)
    {
        if (step.State.Run is { Aborting: true })
        {
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(false, "Not run: the run was stopped.")));
            return;
        }

        // It changes nothing anywhere, so there is nothing to look at afterwards either.
        if (step.State.Rules.Trusted && LookingTools.Covers(step.State.Rules.LookingTools, request.Tool, request.Source))
        {
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(true, null)));
            return;
        }

        var ruling = PermissionPolicy.ForTool(step.State.Rules.EffectiveMode, step.State.Rules.EffectiveAllowances, request.Tool, request.Input);
        var staged = StageReducer.Staged(step.State).Count();
        if (ruling.Verdict == Verdict.Allow && staged == 0)
            ToolReducer.Let(step, request);
        else if (ruling.Verdict == Verdict.Deny)
            step.Do(new AnswerAgent(request.RequestId, new ConsentAnswer(false, ruling.Reason)));
        else if (!step.State.Rules.CanAskConsent)
            step.Do(new AnswerAgent(request.RequestId,
                new ConsentAnswer(false, $"The tool {request.Tool} needs the user's consent, and this editor has no way to ask for it. It did not run.")));
        else
            Ask(step, request,
                new ConsentQuestion(step.State.Id, request.ToolCallId, request.Tool, request.Source, ConsentText.What(request), request.Input,
                    MayBeRemembered(step.State, request), staged)
                {
                    Parent = request.Parent,
                });
    }

    public static void OnRequested(SessionStep step, DialogRequested request)
    {
        if (step.State.Rules.CanAskConsent && step.State.Run is not { Aborting: true })
        {
            Ask(step, request, new DialogQuestion(step.State.Id, request));
            if (request.TimeoutMs is { } timeout)
                step.Do(new StartDeadline(new Deadline.Dialog(request.RequestId), TimeSpan.FromMilliseconds(Math.Min(timeout, int.MaxValue))));
        }
        else
            step.Do(new AnswerAgent(request.RequestId, new DialogAnswer(null)));
    }

    /// <summary>The agent has gone on without an answer, and tells nobody.</summary>
    public static void OnDialogOver(SessionStep step, string requestId)
    {
        if (!step.State.Pending.ContainsKey(requestId))
            return;
        step.State = step.State with { Pending = step.State.Pending.Remove(requestId) };
        step.Do(new WithdrawQuestion(new QuestionKey.Request(requestId)));
        step.Do(new AnswerAgent(requestId, new DialogAnswer(null)));
    }

    public static void OnAnswered(SessionStep step, string requestId, QuestionAnswer answer)
    {
        if (!step.State.Pending.TryGetValue(requestId, out var request))
            return;
        step.State = step.State with { Pending = step.State.Pending.Remove(requestId) };
        if (request is PrivateRequest reading)
        {
            ReadReducer.OnAnswered(step, reading, answer);
            return;
        }

        if (request is not ConsentRequested consent)
        {
            if (request is DialogRequested { TimeoutMs: not null })
                step.Do(new StopDeadline(new Deadline.Dialog(requestId)));
            step.Do(new AnswerAgent(requestId, new DialogAnswer(answer.Outcome == QuestionOutcome.Yes ? answer.Words : null)));
            return;
        }

        if (answer.Outcome == QuestionOutcome.Always)
            Remember(step, consent);
        if (answer.Outcome == QuestionOutcome.LandFirst)
            StageReducer.LandFirst(step, consent);
        else if (answer.Outcome is QuestionOutcome.Yes or QuestionOutcome.Always)
            ToolReducer.Let(step, consent);
        else
            step.Do(new AnswerAgent(requestId, new ConsentAnswer(false, Refusal(consent.Tool, answer))));
    }

    public static void OnAllowance(SessionStep step, AllowanceChanged changed) => step.State = step.State with
    {
        Rules = changed.Add is { } added ? step.State.Rules.Allowing(added) : step.State.Rules.Revoking(changed.RevokeId),
    };

    /// <summary>"Always" means this command by its exact words for a shell, the tool as a whole for any other.</summary>
    private static void Remember(SessionStep step, ConsentRequested request)
    {
        if (!MayBeRemembered(step.State, request))
            return;
        var shell = Allowance.IsShell(request.Tool);
        OnAllowance(step, new AllowanceChanged(new Allowance("", shell ? null : request.Tool, null, shell ? Allowance.CommandOf(request.Input) : null), null));
    }

    private static bool MayBeRemembered(SessionState state, ConsentRequested request) =>
        state.Rules.Trusted && (!Allowance.IsShell(request.Tool) || Allowance.CommandOf(request.Input) is not null);

    public static string Refusal(string tool, QuestionAnswer answer) => answer switch
    {
        { Outcome: QuestionOutcome.NobodyToAsk } => $"Nobody could be asked for consent, so {tool} did not run.",
        { Outcome: QuestionOutcome.TimedOut } => $"Nobody answered in time, so {tool} did not run.",
        { Words.Length: > 0 } => $"The user did not allow {tool}. The user says: {answer.Words}",
        _ => $"The user did not allow {tool}.",
    };

    public static void Ask(SessionStep step, AgentRequest request, Question question)
    {
        step.State = step.State with { Pending = step.State.Pending.Add(request.RequestId, request) };
        step.Do(new AskUser(new QuestionKey.Request(request.RequestId), question));
    }
}
