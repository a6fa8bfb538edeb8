using System.Globalization;
using System.Text;
using PiLsp.Agents;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Headless;

/// <summary>For people and scripts: the answer on stdout, everything else on stderr, a line for each thing that happens.</summary>
internal sealed class AskProse(AskStreams streams, bool verbose) : IAskView
{
    /// <summary>As the model reads it of an edit and of a tool.</summary>
    private const string NobodyToAsk = "no way to ask for it";

    private readonly Dictionary<string, string> _titles = [];
    private ModelAnswer? _answering;
    private bool _inThought;
    private string? _lastError;
    private bool _refused;

    public long PendingBytes => streams.PendingBytes;

    public void OnEvent(string sessionId, AgentEvent e)
    {
        if (_inThought && e is not ThinkingDelta)
            EndThought();
        switch (e)
        {
            case ThinkingDelta thought when verbose:
                Think(thought.Text);
                break;
            case MessageCompleted { From: { Selected: { } selected } from } message when from != _answering:
                _answering = from;
                Say($"model   {from.FullId} answers for {selected}");
                OnEvent(sessionId, message);
                break;
            // The last message is the answer; what comes before a tool call would be lost.
            case MessageCompleted { StopReason: "toolUse", Text.Length: > 0 } message when verbose:
                Say($"says    {message.Text}");
                break;
            case ToolStarted tool:
                // What a script calls stands under it.
                _titles[tool.ToolCallId] = Indent(tool.Parent) + ToolTitle.Of(tool.Tool, tool.Input);
                Say($"start   {_titles[tool.ToolCallId]}");
                break;
            case ToolEnded tool:
                _titles.Remove(tool.ToolCallId, out var title);
                _refused |= tool.IsError && tool.Text.Contains(NobodyToAsk, StringComparison.Ordinal);
                Say(tool.IsError ? $"failed  {title ?? tool.Tool}: {FirstLine(tool.Text)}" : $"done    {title ?? tool.Tool}{ToolTitle.Took(tool.DurationMs)}");
                break;
            case RetryScheduled retry:
                Say(string.Create(CultureInfo.InvariantCulture,
                    $"retry   {retry.Attempt} of {retry.MaxAttempts} in {retry.DelayMs / 1000.0:0.#} s: {FirstLine(retry.Error)}"));
                break;
            case CompactionStarted compaction:
                Say($"start   compacting the conversation ({compaction.Reason})");
                break;
            case CompactionEnded { Error: { } error }:
                Say($"failed  compacting the conversation: {FirstLine(error)}");
                break;
            case CompactionEnded ended:
                Say(ended.Aborted ? "failed  compacting the conversation: stopped" : $"done    compacting the conversation{Tokens(ended)}");
                break;
            case AgentNotice notice:
                _lastError = notice.Level == NoticeLevel.Error ? notice.Text : _lastError;
                Say($"{notice.Level switch { NoticeLevel.Error => "error  ", NoticeLevel.Warning => "warning", _ => "note   " }} {notice.Text}");
                break;
        }
    }

    public void Finish(AskOutcome outcome)
    {
        if (_inThought)
            EndThought();
        if (outcome.Error is { } error && error != _lastError)
            Say($"pilsp ask: {error}");
        if (outcome is { Error: null, Result: { } result })
        {
            if (result.Text.Length > 0)
                streams.Out(result.Text.EndsWith('\n') ? result.Text : result.Text + "\n");
            else
                Say(result.StopReason == "handled" ? "note    an extension of Pi dealt with the prompt" : "note    the answer has no text");
            if (result.StopReason == "length")
                Say("warning the answer was cut off: the model's limit is reached");
        }

        if (_refused)
            Say("note    some of this was refused because nobody can be asked here; --permission-mode says what is allowed");
        if (outcome.Result is { Usage: var usage } && usage != default)
            Say(string.Create(CultureInfo.InvariantCulture,
                $"usage   {usage.Input} tokens in, {usage.Output} out, {usage.CacheRead} from cache, {usage.CacheWrite} to cache; ${usage.Cost:0.00####}"));
        if (outcome.ResumeLine is { } line)
            streams.Err($"resume  {line}\n");
    }

    private string Indent(string? parent) =>
        parent is null ? "" : _titles.GetValueOrDefault(parent, "").TakeWhile(c => c == ' ').Count() is var outer ? new string(' ', outer + 2) : "";

    private static string Tokens(CompactionEnded ended) =>
        ended is { TokensBefore: { } before, TokensAfter: { } after } ? $": {before} tokens before, {after} after" : "";

    private void Think(string text)
    {
        if (!_inThought)
            streams.Err("thinks  ");
        _inThought = true;
        streams.Err(Plain(text));
    }

    private void EndThought()
    {
        _inThought = false;
        streams.Err("\n");
    }

    private void Say(string line) =>
        streams.Err(Redaction.Redact(Plain(line.ReplaceLineEndings("\n")).Replace("\n", "\n        ", StringComparison.Ordinal)) + "\n");

    private static string FirstLine(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end]).ToString();
    }

    /// <summary>What a model or a tool writes must not speak to the terminal.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsControl(c) || c is '\n' or '\t')
                plain.Append(c);
        }

        return plain.ToString();
    }
}
