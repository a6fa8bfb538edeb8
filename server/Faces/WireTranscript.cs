using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Faces;

/// <summary>A transcript's entries as docs/protocol.md gives them. Pure.</summary>
internal static class WireTranscript
{
    public static Entry Entry(TranscriptEntry entry) => entry switch
    {
        UserEntry u => new UserEntryReply(u.Id, u.Text, u.Context, u.Images > 0 ? u.Images : null),
        SpokenEntry { IsThinking: true } s => new ThinkingEntry(s.Id, s.Text, Spoken(s), s.From?.Provider, s.Model, s.From?.Selected),
        SpokenEntry s => new AssistantEntry(s.Id, s.Text, Spoken(s), s.From?.Provider, s.Model, s.From?.Selected),
        ToolEntry t => new ToolEntryReply(
            t.Id, t.ToolCallId, t.Parent, t.Tool, t.Title, t.Input.ValueKind == JsonValueKind.Undefined ? null : t.Input, Name(t.State), t.Output,
            t.IsCut ? true : null, t.DurationMs),
        ShellEntry s => new BashEntry(
            s.Id, s.Command, s.IsHidden ? true : null,
            Name(s.Result is null ? EntryState.Running : s.Result is { Error: null, IsCancelled: false, ExitCode: 0 } ? EntryState.Done : EntryState.Failed),
            s.Output, s.IsCut ? true : null, s.Result?.ExitCode, s.Result is { IsCancelled: true } ? true : null, s.Result?.FullOutputPath, s.Result?.Error),
        RetryEntry r => new RetryEntryReply(r.Id, r.Attempt, r.MaxAttempts, r.Error, Name(r.State)),
        CompactionEntry c => new CompactionEntryReply(c.Id, c.Reason, Name(c.State), c.TokensBefore, c.TokensAfter, c.Error),
        NoticeEntry n => new NoticeEntryReply(n.Id, Wire.Name(n.Level), n.Text),
        RunEntry r => new RunEntryReply(r.Id, r.StopReason, r.Error, Wire.Usage(r.Usage), Wire.Next(r.Next), r.Run?.RunId, Wire.Files(r.Run),
            Wire.ChangedByCommands(r.Run), Wire.IsUndoable(r.Run)),
        _ => throw new InvalidOperationException($"no shape for {entry.GetType().Name}"),
    };

    private static string Spoken(SpokenEntry entry) => Name(entry.IsDone ? EntryState.Done : EntryState.Running);

    private static string Name(EntryState state) => state switch
    {
        EntryState.Running => "running",
        EntryState.Done => "done",
        _ => "failed",
    };
}
