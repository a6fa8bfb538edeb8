using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Sessions;

namespace PiLsp.Server.Conversations;

/// <summary>A transcript's entries as docs/protocol.md gives them. Pure.</summary>
internal static class WireTranscript
{
    public static TranscriptEntryReply Entry(TranscriptEntry entry) => entry switch
    {
        UserEntry u => new(u.Id, "user") { Text = u.Text, Context = u.Context, Images = u.Images > 0 ? u.Images : null },
        SpokenEntry s => new(s.Id, s.IsThinking ? "thinking" : "assistant") { Text = s.Text, State = Name(s.IsDone ? EntryState.Done : EntryState.Running), Model = s.Model, Provider = s.From?.Provider, SelectedModel = s.From?.Selected },
        ToolEntry t => new(t.Id, "tool")
        {
            ToolCallId = t.ToolCallId,
            ParentToolCallId = t.Parent,
            DurationMs = t.DurationMs,
            Tool = t.Tool,
            Title = t.Title,
            Input = t.Input.ValueKind == JsonValueKind.Undefined ? null : t.Input,
            State = Name(t.State),
            Output = t.Output,
            Truncated = t.IsCut ? true : null,
        },
        ShellEntry s => new(s.Id, "bash")
        {
            Command = s.Command,
            ExcludeFromContext = s.IsHidden ? true : null,
            State = Name(s.Result is null ? EntryState.Running : s.Result is { Error: null, IsCancelled: false, ExitCode: 0 } ? EntryState.Done : EntryState.Failed),
            Output = s.Output,
            Truncated = s.IsCut ? true : null,
            ExitCode = s.Result?.ExitCode,
            Cancelled = s.Result is { IsCancelled: true } ? true : null,
            FullOutputPath = s.Result?.FullOutputPath,
            Error = s.Result?.Error,
        },
        RetryEntry r => new(r.Id, "retry") { Attempt = r.Attempt, MaxAttempts = r.MaxAttempts, Error = r.Error, State = Name(r.State) },
        CompactionEntry c => new(c.Id, "compaction") { Reason = c.Reason, State = Name(c.State), TokensBefore = c.TokensBefore, TokensAfter = c.TokensAfter, Error = c.Error },
        NoticeEntry n => new(n.Id, "notice") { Level = Wire.Name(n.Level), Text = n.Text },
        RunEntry r => new(r.Id, "run") { StopReason = r.StopReason, Error = r.Error, Usage = Wire.Usage(r.Usage) },
        _ => throw new InvalidOperationException($"no shape for {entry.GetType().Name}"),
    };

    private static string Name(EntryState state) => state switch
    {
        EntryState.Running => "running",
        EntryState.Done => "done",
        _ => "failed",
    };
}
