using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;

namespace PiLsp.Headless;

/// <summary>For programs: every canonical event as <c>pi/event</c> gives it, one JSON object in a line, and the result last.</summary>
internal sealed class AskJson(AskStreams streams, bool verbose) : IAskView
{
    private long _seq;

    public long PendingBytes => streams.PendingBytes;

    public void OnEvent(string sessionId, AgentEvent e)
    {
        // Counted here: what is left out leaves no gap.
        if (e is not ThinkingDelta || verbose)
            streams.Out(JsonSerializer.SerializeToUtf8Bytes(WireEvents.Of(sessionId, ++_seq, e), ProtocolJson.Default.SessionEvent));
    }

    public void Finish(AskOutcome outcome)
    {
        var result = outcome.Result;
        streams.Out(JsonSerializer.SerializeToUtf8Bytes(
            new AskFinalReply(
                "result", outcome.SessionId, result?.Text ?? "", outcome.StopReason, outcome.Error, Wire.Usage(result?.Usage ?? default),
                [.. (result?.Edits ?? []).Select(e => new EditOutcome(e.Uri, EditReducer.Name(e.Status)))],
                outcome.Model, Wire.AnsweredBy(result?.AnsweredBy ?? []), outcome.SessionFile, outcome.ResumeLine),
            HeadlessJson.Default.AskFinalReply));
        if (outcome.Error is { } error)
            streams.Err($"pilsp ask: {Redaction.Redact(error.ReplaceLineEndings(" "))}\n");
    }
}

/// <param name="Type"><c>result</c>, which is no type of an event.</param>
internal sealed record AskFinalReply(
    string Type, string SessionId, string Text, string StopReason, string? Error, Usage Usage, IReadOnlyList<EditOutcome> Edits,
    string? Model, IReadOnlyList<string>? AnsweredBy, string? SessionFile, string? ResumeCommand);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AskFinalReply))]
internal sealed partial class HeadlessJson : JsonSerializerContext;
