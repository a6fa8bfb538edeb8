using System.Collections.Immutable;
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
        if (ruling.Verdict == Verdict.Ask && !StageReducer.Staged(step.State).Any() && LookedAt(step.State, request) is { } paths)
            GoOnLooking(step, request, paths);
        else
            On(step, request, ruling);
    }

    private static void On(SessionStep step, ConsentRequested request, Ruling ruling)
    {
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
                    Always(step.State, request), staged)
                {
                    Parent = request.Parent,
                });
    }

    /// <summary>What a command that only looks would read, where the user lets such commands pass; null for any other call.</summary>
    private static ImmutableList<string>? LookedAt(SessionState state, ConsentRequested request)
    {
        if (!state.Rules.LookingCommands || !state.Rules.Trusted || request.Tool != "bash" || request.Source is not ("builtin:bash" or "<builtin:bash>"))
            return null;
        if (Allowance.CommandOf(request.Input) is not { } command || LookingCommands.PathsOf(command) is not { } paths)
            return null;
        return [.. paths.Where(p => p.Length > 0).Select(p => Path.Combine(state.Root, p))];
    }

    private static void GoOnLooking(SessionStep step, ConsentRequested request, ImmutableList<string> paths)
    {
        if (paths.IsEmpty)
            On(step, request, Ruling.Allow);
        else
            step.Load(new Loading.ForCommand(request, paths));
    }

    /// <summary>What would be asked about if the agent read it is asked about here, too.</summary>
    public static void OnLooked(SessionStep step, Loading.ForCommand looking, LoadedFile file)
    {
        if (file.ErrorMessage is not null || (file.Private is { } @private && !ReadReducer.IsAllowed(step.State, @private)))
            On(step, looking.Consent, Ruling.Ask);
        else
            GoOnLooking(step, looking.Consent, looking.Paths.RemoveAt(0));
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
        step.State = step.State.WithoutPending(requestId);
        step.Do(new WithdrawQuestion(new QuestionKey.Request(requestId)));
        step.Do(new AnswerAgent(requestId, new DialogAnswer(null)));
    }

    public static void OnPutAside(SessionStep step, string requestId, Question question)
    {
        if (step.State.Pending.ContainsKey(requestId))
            step.State = step.State with { PutAside = step.State.PutAside.SetItem(requestId, question) };
    }

    /// <summary>In the order in which they were asked first, as far as the agent counts its requests.</summary>
    public static void AskAgain(SessionStep step)
    {
        var staged = StageReducer.Staged(step.State).Count();
        foreach (var (requestId, question) in step.State.PutAside)
            step.Do(new AskUser(
                new QuestionKey.Request(requestId), question is ConsentQuestion { Private: null } consent ? consent with { StagedEdits = staged } : question));
        step.State = step.State with { PutAside = step.State.PutAside.Clear() };
    }

    public static void OnAnswered(SessionStep step, string requestId, QuestionAnswer answer)
    {
        if (!step.State.Pending.TryGetValue(requestId, out var request))
            return;
        step.State = step.State.WithoutPending(requestId);
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
        if (Always(step.State, request) is null)
            return;
        var shell = Allowance.IsShell(request.Tool);
        OnAllowance(step, new AllowanceChanged(new Allowance("", shell ? null : request.Tool, null, shell ? Allowance.CommandOf(request.Input) : null), null));
    }

    /// <summary>
    /// What "always" would cover, in words that follow it. Null where nothing may be loosened, where the call cannot be told from others by
    /// its words, and where the same words may run something else tomorrow.
    /// </summary>
    private static string? Always(SessionState state, ConsentRequested request)
    {
        if (!state.Rules.Trusted)
            return null;
        if (!Allowance.IsShell(request.Tool))
            return $"every call of {ShownText.Name(request.Tool)}, whatever it is given, until this session is closed";
        return Allowance.CommandOf(request.Input) is { } command && !FetchedCode.IsRunBy(command)
            ? "this command in exactly these words, until this session is closed" : null;
    }

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
