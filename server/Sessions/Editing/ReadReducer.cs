using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Running;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Editing;

/// <summary>Reading, and what is read only when the user allows it: asked once for each call, in every mode. Pure.</summary>
internal static class ReadReducer
{
    /// <param name="allowed">What the user has allowed for this call.</param>
    public static void OnLoaded(SessionStep step, FileReadRequested read, PrivateFile? allowed, LoadedFile file)
    {
        // What an edit reads stays here: it goes into a proposal, which the user sees.
        var isThere = file.Bytes is not null || file.Snapshot is { Exists: true };
        if (read.Tool != "read" || !isThere || file.Private is not { } @private || @private == allowed || IsAllowed(step.State, @private))
            EditReducer.OnReadLoaded(step, read, file);
        else
            Ask(step, read, read.Path, @private);
    }

    public static void OnLooked(SessionStep step, LookRequested look, LoadedFile file)
    {
        if (file.ErrorMessage is { } problem)
            step.Do(new AnswerAgent(look.RequestId, new ConsentAnswer(false, problem)));
        else if (file.Private is not { } @private || IsAllowed(step.State, @private))
            step.Do(new AnswerAgent(look.RequestId, new ConsentAnswer(true, null)));
        else
            Ask(step, look, look.Path, @private);
    }

    public static void OnSifted(SessionStep step, PathsSifted sifted) => step.Do(new AnswerAgent(
        sifted.Request.RequestId, new SiftAnswer([.. sifted.Private.Where(p => !IsAllowed(step.State, p.File)).Select(p => p.Path)])));

    public static void OnAnswered(SessionStep step, PrivateRequest asked, QuestionAnswer answer)
    {
        if (answer.Outcome == QuestionOutcome.Always && step.State.Rules.Trusted)
            ConsentReducer.OnAllowance(step, new AllowanceChanged(new Allowance("", null, null, null) { ReadPath = asked.File.Real }, null));
        if (answer.Outcome is not (QuestionOutcome.Yes or QuestionOutcome.Always))
            Refuse(step, asked.Request, ConsentReducer.Refusal($"{asked.Tool} of {step.Named(asked.Path)}", answer));
        else if (asked.Request is FileReadRequested read)
            // Read anew: the answer may have taken its time. What it leads to by then must be what was asked about.
            step.Load(new Loading.ForRead(read) { Allowed = asked.File });
        else
            step.Do(new AnswerAgent(asked.RequestId, new ConsentAnswer(true, null)));
    }

    private static void Ask(SessionStep step, ToolRequest request, string path, PrivateFile file)
    {
        var shown = step.Named(path);
        // What it leads to is what is asked about.
        var what = WorkspacePath.SamePath(path, file.Real) || step.Named(file.Real) == shown ? shown : $"{shown} -> {step.Named(file.Real)}";
        if (step.State.Run is { Aborting: true })
            Refuse(step, request, "Not read: the run was stopped.");
        else if (!step.State.Rules.CanAskConsent)
            Refuse(step, request, $"{what} {file.Why}: reading it needs the user's consent, and nobody can be asked here. It was not read.");
        else
            ConsentReducer.Ask(step, new PrivateRequest(request, path, file),
                new ConsentQuestion(
                    step.State.Id, request.ToolCallId, request.Tool, "pi", what, ToolInput(path),
                    step.State.Rules.Trusted ? "reading this one file, until this session is closed" : null, 0)
                { Private = file.Why });
    }

    private static JsonElement ToolInput(string path) =>
        JsonSerializer.SerializeToElement(new ReadInput(path), ReadJson.Default.ReadInput);

    private static void Refuse(SessionStep step, AgentRequest request, string why) => step.Do(new AnswerAgent(
        request.RequestId, request is FileReadRequested ? new FileErrorAnswer("EACCES", why) : new ConsentAnswer(false, why)));

    public static bool IsAllowed(SessionState state, PrivateFile file) => state.Rules.EffectiveAllowances.Any(a => a.CoversRead(file.Real));
}

/// <summary>What a question about reading says as the tool's input.</summary>
internal sealed record ReadInput(string Path);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReadInput))]
internal sealed partial class ReadJson : JsonSerializerContext;
