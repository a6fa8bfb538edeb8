using System.Globalization;
using System.Text;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// Turns Pi's events into the canonical ones: each fact once, whatever Pi repeats. Holds where the run is.
/// Owned by one <see cref="PiAgent"/>, called by its reader only.
/// </summary>
internal sealed class PiEventReader(Action<AgentEvent> emit)
{
    private bool _running;
    private bool _inTurn;

    public void Read(PiDelta delta) => emit(delta.IsThinking ? new ThinkingDelta(delta.Text) : new TextDelta(delta.Text));

    public void Read(PiEvent record)
    {
        var body = record.Body;
        switch (record.Type)
        {
            case "agent_start":
                StartRun();
                break;
            case "agent_settled":
                // A run that failed before it began settles all the same, and somebody waits for that.
                StartRun();
                EndTurn();
                _running = false;
                emit(new RunSettled());
                break;
            case "turn_start":
                EndTurn();
                _inTurn = true;
                emit(new TurnStarted());
                break;
            case "turn_end":
                EndTurn();
                break;
            case "message_end" when body.Child("message") is { } message && message.Text("role") == "assistant":
                emit(ReadMessage(message));
                break;
            case "message_end" when body.Child("message") is { } message && message.Text("role") == "user":
                emit(ReadUser(message));
                break;
            case "tool_execution_start":
                emit(new ToolStarted(body.Text("toolCallId") ?? "", body.Text("toolName") ?? "", body.Child("args") ?? EmptyObject));
                break;
            case "tool_execution_update":
                emit(new ToolProgressed(body.Text("toolCallId") ?? "", body.Text("toolName") ?? "", ContentText(body.Child("partialResult"))));
                break;
            case "tool_execution_end":
                emit(new ToolEnded(body.Text("toolCallId") ?? "", body.Text("toolName") ?? "", ContentText(body.Child("result")), body.Flag("isError") == true));
                break;
            case "auto_retry_start":
                emit(new RetryScheduled(Small(body, "attempt"), Small(body, "maxAttempts"), body.Whole("delayMs") ?? 0, body.Text("errorMessage") ?? ""));
                break;
            case "auto_retry_end":
                emit(new RetryEnded(body.Flag("success") == true, Small(body, "attempt"), body.Text("finalError")));
                break;
            case "summarization_retry_scheduled":
                emit(new AgentNotice(NoticeLevel.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"Summarizing the conversation failed and is tried again ({Small(body, "attempt")} of {Small(body, "maxAttempts")}): {body.Text("errorMessage")}")));
                break;
            case "compaction_start":
                emit(new CompactionStarted(body.Text("reason") ?? ""));
                break;
            case "compaction_end":
                var result = body.Child("result");
                emit(new CompactionEnded(body.Text("reason") ?? "", result?.Whole("tokensBefore"), result?.Whole("estimatedTokensAfter"),
                    body.Flag("aborted") == true, body.Text("errorMessage")));
                break;
            case "queue_update":
                emit(new QueueChanged(body.Texts("steering"), body.Texts("followUp")));
                break;
            case "thinking_level_changed" when body.Text("level") is { } level:
                emit(new ThinkingLevelChanged(level));
                break;
            case "session_info_changed":
                emit(new SessionRenamed(body.Text("name")));
                break;
            case "extension_error":
                emit(new AgentNotice(NoticeLevel.Error, $"The Pi extension {body.Text("extensionPath")} failed in {body.Text("event")}: {body.Text("error")}"));
                break;
        }
    }

    /// <summary>A notice of an extension; its other one-way messages decorate a terminal that is not there.</summary>
    public void Read(PiUiRequest request)
    {
        if (request.Method != "notify" || request.Body.Text("message") is not { Length: > 0 } message) return;
        var level = request.Body.Text("notifyType") switch
        {
            "error" => NoticeLevel.Error,
            "warning" => NoticeLevel.Warning,
            _ => NoticeLevel.Info,
        };
        emit(new AgentNotice(level, message));
    }

    public static readonly JsonElement EmptyObject = JsonElement.Parse("{}"u8);

    private void StartRun()
    {
        if (_running) return;
        _running = true;
        emit(new RunStarted());
    }

    private void EndTurn()
    {
        if (!_inTurn) return;
        _inTurn = false;
        emit(new TurnEnded());
    }

    public static UserMessage ReadUser(JsonElement message) =>
        new(ContentText(message), message.Items("content").Count(block => block.Text("type") == "image"));

    public static MessageCompleted ReadMessage(JsonElement message) => new(
        ContentText(message),
        message.Text("stopReason") ?? "",
        message.Text("errorMessage"),
        message.Child("usage") is { } usage ? PiStateReader.ReadUsage(usage) : default,
        message.Text("model"));

    /// <summary>The text blocks of a message or a tool's result, one after the other; no thinking, no images.</summary>
    public static string ContentText(JsonElement? holder)
    {
        if (holder is not { } element) return "";
        if (element.Text("content") is { } plain) return plain;
        string? first = null;
        StringBuilder? joined = null;
        foreach (var block in element.Items("content"))
        {
            if (block.Text("type") != "text" || block.Text("text") is not { } text) continue;
            if (first is null) first = text;
            else (joined ??= new StringBuilder(first)).Append(text);
        }

        return joined?.ToString() ?? first ?? "";
    }

    private static int Small(JsonElement body, string name) => (int)Math.Clamp(body.Whole(name) ?? 0, 0, int.MaxValue);
}
