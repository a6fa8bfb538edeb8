using System.Globalization;
using System.Text;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// Turns Pi's events into the canonical ones: each fact once, whatever Pi repeats. Holds where the run is.
/// Owned by one <see cref="PiAgent"/>, called by its reader only.
/// </summary>
internal sealed class PiEventReader(Action<AgentEvent> emit)
{
    /// <summary>Pi's own tools that show files, whose lines no program writes over.</summary>
    private static readonly string[] FileTools = ["read", "edit", "write", "grep", "find", "ls"];

    private bool _running;
    private bool _inTurn;
    private TerminalText _shell = new();
    private volatile string? _selected;

    public bool IsRunning => _running;

    /// <summary>The full id of the model that is set, as the agent said last; any thread.</summary>
    public string? Selected
    {
        set => _selected = value;
    }

    /// <summary>How many tool calls of an id run: a vendor's server may give several the same, or none at all.</summary>
    private readonly Dictionary<string, int> _executing = [];

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
                _executing.Clear();
                emit(new RunSettled { WasAborted = body.Flag("aborted") == true });
                break;
            case "turn_start":
                EndTurn();
                _inTurn = true;
                emit(new TurnStarted());
                break;
            case "turn_end":
                EndTurn();
                break;
            case "message_start" when body.Child("message") is { } message && ReadAnswer(message, _selected) is { } answer:
                emit(new MessageStarted(answer));
                break;
            case "message_end" when body.Child("message") is { } message && message.Text("role") == "assistant":
                emit(ReadMessage(message) with { From = ReadAnswer(message, _selected) });
                break;
            case "message_end" when body.Child("message") is { } message && message.Text("role") == "user":
                var read = ReadUser(message);
                emit(read);
                if (PiPictures.LeftOut(read.Text) is { } left)
                    emit(new AgentNotice(NoticeLevel.Warning, left));
                break;
            case "tool_execution_start":
                var started = body.Text("toolCallId") ?? "";
                _executing[started] = _executing.GetValueOrDefault(started) + 1;
                emit(new ToolStarted(started, body.Text("toolName") ?? "", body.Passable("args") ?? EmptyObject) { Parent = body.Text("parentToolCallId") });
                break;
            case "tool_execution_update":
                emit(new ToolProgressed(
                    body.Text("toolCallId") ?? "", body.Text("toolName") ?? "", ToolText(body.Text("toolName"), body.Child("partialResult")))
                { Parent = body.Text("parentToolCallId") });
                break;
            case "tool_execution_end":
                var ended = body.Text("toolCallId") ?? "";
                if (_executing.Remove(ended, out var running) && running > 1)
                    _executing[ended] = running - 1;
                emit(new ToolEnded(ended, body.Text("toolName") ?? "", ToolText(body.Text("toolName"), body.Child("result")), body.Flag("isError") == true)
                {
                    SharesId = running > 1,
                    Parent = body.Text("parentToolCallId"),
                    DurationMs = body.Whole("durationMs"),
                });
                break;
            case "entry_appended" when body.Child("entry") is { } entry && entry.Text("type") == "usage" && entry.Child("usage") is { } used:
                emit(new UsedBeside(entry.Text("kind") ?? "", PiStateReader.ReadUsage(used), ReadAnswer(entry, null)));
                break;
            case "bash_execution_update" when body.Text("delta") is { Length: > 0 } output:
                if (_shell.Read(output) is { Text: var text, ReplacesLine: var replaces } && (text.Length > 0 || replaces))
                    emit(new ShellOutput(text, ReplacesLine: replaces));
                break;
            case "auto_retry_start":
                emit(new RetryScheduled(Small(body, "attempt"), Small(body, "maxAttempts"), body.Whole("delayMs") ?? 0, body.Text("errorMessage") ?? ""));
                break;
            case "auto_retry_end":
                emit(new RetryEnded(body.Flag("success") == true, Small(body, "attempt"), body.Text("finalError")));
                break;
            case "summarization_retry_scheduled":
                emit(new AgentNotice(NoticeLevel.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"Summarizing the conversation failed and is tried again ({Small(body, "attempt")} of {Small(body, "maxAttempts")}): " +
                        $"{body.Text("errorMessage")}")));
                break;
            case "compaction_start":
                emit(new CompactionStarted(body.Text("reason") ?? ""));
                break;
            case "compaction_end":
                var result = body.Child("result");
                emit(new CompactionEnded(body.Text("reason") ?? "", result?.Whole("tokensBefore"), result?.Whole("estimatedTokensAfter"),
                    body.Flag("aborted") == true, body.Text("errorMessage"))
                {
                    Usage = result?.Child("usage") is { } spent ? PiStateReader.ReadUsage(spent) : default,
                });
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

    /// <summary>What an extension says without waiting for an answer. Colours are for a terminal, which is not there.</summary>
    public void Read(PiUiRequest request)
    {
        var body = request.Body;
        switch (request.Method)
        {
            case "notify" when body.Text("message") is { Length: > 0 } message:
                var level = body.Text("notifyType") switch
                {
                    "error" => NoticeLevel.Error,
                    "warning" => NoticeLevel.Warning,
                    _ => NoticeLevel.Info,
                };
                emit(new AgentNotice(level, TerminalText.Plain(message), IsForUser: true));
                break;
            case "setStatus" when body.Text("statusKey") is { } key:
                emit(new StatusLineChanged(key, body.Text("statusText") is { } status ? TerminalText.Plain(status) : null));
                break;
            case "setWidget" when body.Text("widgetKey") is { } key:
                emit(new WidgetChanged(key, body.Child("widgetLines") is null ? null : [.. body.Texts("widgetLines").Select(line => TerminalText.Plain(line))],
                    body.Text("widgetPlacement") == "belowEditor" ? "belowEditor" : "aboveEditor"));
                break;
            case "setTitle" when body.Text("title") is { } title:
                emit(new TitleChanged(TerminalText.Plain(title)));
                break;
            case "set_editor_text" when body.Text("text") is { } text:
                emit(new PromptTextSet(text));
                break;
        }
    }

    /// <summary>The user's next command begins its output anew.</summary>
    public void StartShell() => _shell = new TerminalText();

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

    /// <summary>A virtual model is only selected: each message names the model that it was sent to.</summary>
    public static ModelAnswer? ReadAnswer(JsonElement message, string? selected) =>
        message.Text("provider") is not { Length: > 0 } provider || message.Text("model") is not { Length: > 0 } model ? null
            : new ModelAnswer(provider, model, selected is null || selected == $"{provider}/{model}" ? null : selected);

    public static MessageCompleted ReadMessage(JsonElement message) => new(
        ContentText(message),
        message.Text("stopReason") ?? "",
        message.Text("errorMessage"),
        message.Child("usage") is { } usage ? PiStateReader.ReadUsage(usage) : default,
        message.Text("model"))
    {
        Next = message.Text("stopReason") == "error" ? PiProviderErrors.RemediesOf(message.Text("errorMessage") ?? "", message.Text("provider")) : [],
    };

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

    /// <summary>A tool's result to be read by people: what a program wrote for a terminal is taken out of it here, once for everybody.</summary>
    public static string ToolText(string? tool, JsonElement? result) => TerminalText.Plain(ContentText(result), writesOver: Array.IndexOf(FileTools, tool) < 0);

    private static int Small(JsonElement body, string name) => (int)Math.Clamp(body.Whole(name) ?? 0, 0, int.MaxValue);
}
