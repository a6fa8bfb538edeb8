using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// A stored conversation (the data of <c>get_messages</c>) as the canonical events that would have told of it, so that
/// whoever folds events needs no second way. Pi does not store where a run ended: a user message after an answer begins
/// the next one. Pure.
/// </summary>
internal sealed class PiHistory
{
    private List<AgentEvent> _events = [];
    private bool _running;
    private bool _answered;

    /// <param name="state">Of an earlier one: goes on where that has stopped.</param>
    public PiHistory(int state = 0) => (_running, _answered) = ((state & 1) > 0, (state & 2) > 0);

    /// <summary>What it takes to go on.</summary>
    public int State => (_running ? 1 : 0) | (_answered ? 2 : 0);

    public static IReadOnlyList<AgentEvent> Read(JsonElement data)
    {
        var history = new PiHistory();
        foreach (var message in data.Items("messages"))
            history.Add(message);
        history.EndRun();
        return history.Take();
    }

    /// <summary>What has come since this was asked last.</summary>
    public IReadOnlyList<AgentEvent> Take()
    {
        var events = _events;
        _events = [];
        return events;
    }

    public void AddCompaction(long? tokensBefore)
    {
        EndRun();
        _events.Add(new CompactionEnded("", tokensBefore, null, Aborted: false, Error: null));
    }

    /// <param name="message">Of an extension: the stored entry has the same fields as the message that is made of it.</param>
    public void AddCustom(JsonElement message)
    {
        if (message.Flag("display") == true && PiEventReader.ContentText(message) is { Length: > 0 } text)
            _events.Add(new AgentNotice(NoticeLevel.Info, text));
    }

    public void Add(JsonElement message)
    {
        switch (message.Text("role"))
        {
            case "user":
                if (_answered)
                    EndRun();
                BeginRun();
                _events.Add(PiEventReader.ReadUser(message));
                break;
            case "assistant":
                BeginRun();
                AddAssistant(message);
                break;
            case "toolResult":
                var call = message.Text("toolCallId") ?? "";
                AddNested(call, message.Child("nestedCalls"));
                _events.Add(new ToolEnded(call, message.Text("toolName")
                    ?? "", PiEventReader.ToolText(message.Text("toolName"), message), message.Flag("isError") == true)
                {
                    DurationMs = message.Whole("durationMs"),
                });
                break;
            case "bashExecution":
                _events.Add(new ShellStarted(message.Text("command") ?? "", message.Flag("excludeFromContext") == true));
                _events.Add(new ShellEnded(
                    new ShellResult(TerminalText.Plain(message.Text("output") ?? ""), (int?)message.Whole("exitCode"), message.Flag("cancelled") == true,
                    message.Flag("truncated") == true, message.Text("fullOutputPath"))));
                break;
            case "compactionSummary":
                AddCompaction(message.Whole("tokensBefore"));
                break;
            case "custom":
                AddCustom(message);
                break;
        }
    }

    /// <summary>What a script has called; Pi stores which calls, not what they gave.</summary>
    private void AddNested(string parent, JsonElement? nested)
    {
        foreach (var call in nested?.Items("calls") ?? [])
        {
            var (id, tool) = (call.Text("id") ?? "", call.Text("name") ?? "");
            // Of the calls of calls, the id begins with that of the one that made it.
            var by = id.LastIndexOf('/') is > 0 and var at ? id[..at] : parent;
            _events.Add(new ToolStarted(id, tool, call.Passable("arguments") ?? PiEventReader.EmptyObject) { Parent = by });
            _events.Add(new ToolEnded(id, tool, call.Text("error") ?? "", call.Text("status") != "ok") { Parent = by, DurationMs = call.Whole("durationMs") });
        }
    }

    private void AddAssistant(JsonElement message)
    {
        foreach (var block in message.Items("content"))
        {
            if (block.Text("type") == "thinking" && block.Text("thinking") is { Length: > 0 } thought)
                _events.Add(new ThinkingDelta(thought));
            else if (block.Text("type") == "text" && block.Text("text") is { Length: > 0 } text)
                _events.Add(new TextDelta(text));
        }

        var completed = PiEventReader.ReadMessage(message) with { From = PiEventReader.ReadAnswer(message, null) };
        _events.Add(completed);
        foreach (var call in message.Items("content").Where(block => block.Text("type") == "toolCall"))
            _events.Add(new ToolStarted(call.Text("id") ?? "", call.Text("name") ?? "", call.Passable("arguments") ?? PiEventReader.EmptyObject));
        _answered = completed.StopReason != "toolUse";
    }

    private void BeginRun()
    {
        if (!_running)
            _events.Add(new RunStarted());
        _running = true;
        _answered = false;
    }

    public void EndRun()
    {
        if (_running)
            _events.Add(new RunSettled());
        _running = false;
        _answered = false;
    }
}
