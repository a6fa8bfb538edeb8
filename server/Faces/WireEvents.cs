using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Faces;

/// <summary>A session's canonical events as the protocol has them. Pure.</summary>
internal static class WireEvents
{
    public static SessionEvent Of(string id, long seq, AgentEvent happened) => happened switch
    {
        RunStarted => new RunStartedEvent(id, seq),
        RunSettled e => new RunSettledEvent(
            id, seq, e.StopReason, e.Error, Wire.Next(e.Next), e.Run?.RunId, e.Run is { } run ? Wire.Usage(run.Usage) : null, Wire.Files(e.Run),
            Wire.ChangedByCommands(e.Run), Wire.IsUndoable(e.Run)),
        TurnStarted => new TurnStartedEvent(id, seq),
        TurnEnded => new TurnEndedEvent(id, seq),
        UserMessage e => new UserMessageEvent(id, seq, e.Text),
        TextDelta e => new TextDeltaEvent(id, seq, e.Text),
        ThinkingDelta e => new ThinkingDeltaEvent(id, seq, e.Text),
        MessageCompleted e => new MessageCompletedEvent(
            id, seq, e.Text, e.StopReason, e.Error, Wire.Usage(e.Usage), e.From?.Provider, e.Model, e.From?.Selected),
        UsedBeside e => new UsedBesideEvent(id, seq, e.Kind, Wire.Usage(e.Usage), e.From?.Provider, e.From?.Model),
        ToolStarted e => new ToolStartedEvent(
            id, seq, e.ToolCallId, e.Parent, e.Tool, ToolTitle.Of(e.Tool, e.Input), e.Input.ValueKind == JsonValueKind.Undefined ? null : e.Input),
        ToolProgressed e => new ToolProgressedEvent(id, seq, e.ToolCallId, e.Parent, e.Tool, e.Text),
        ToolEnded e => new ToolEndedEvent(id, seq, e.ToolCallId, e.Parent, e.Tool, e.Text, e.IsError, e.DurationMs),
        ShellStarted e => new BashStartedEvent(id, seq, e.Command, e.IsHidden),
        ShellOutput e => new BashOutputEvent(id, seq, e.Text, e.IsCut ? true : null, e.ReplacesLine && !e.IsCut ? true : null),
        ShellEnded { Result: var r } => new BashEndedEvent(
            id, seq, r.Output, r.ExitCode, r.IsCancelled, r.IsCut, r.FullOutputPath, r.Error, r.Changed, r.Unsaved),
        RetryScheduled e => new RetryScheduledEvent(id, seq, e.Attempt, e.MaxAttempts, e.DelayMs, e.Error),
        RetryEnded e => new RetryEndedEvent(id, seq, e.Success, e.Attempt, e.FinalError),
        CompactionStarted e => new CompactionStartedEvent(id, seq, e.Reason),
        CompactionEnded e => new CompactionEndedEvent(
            id, seq, e.Reason, e.TokensBefore, e.TokensAfter, e.Aborted, e.Error, e.Usage == default ? null : Wire.Usage(e.Usage)),
        QueueChanged e => new QueueChangedEvent(id, seq, e.Steering, e.FollowUp),
        QueueRestored e => new QueueRestoredEvent(id, seq, e.Steering, e.FollowUp),
        StatusLineChanged e => new StatusLineChangedEvent(id, seq, e.Key, e.Text),
        WidgetChanged e => new WidgetChangedEvent(id, seq, e.Key, e.Lines, e.Placement),
        TitleChanged e => new TitleChangedEvent(id, seq, e.Title),
        PromptTextSet e => new PromptTextSetEvent(id, seq, e.Text),
        ThinkingLevelChanged e => new ThinkingLevelChangedEvent(id, seq, e.Level),
        SessionRenamed e => new SessionRenamedEvent(id, seq, e.Name),
        AgentNotice e => new NoticeEvent(id, seq, Wire.Name(e.Level), e.Text),
        _ => throw new InvalidOperationException($"no shape for {happened.GetType().Name}"),
    };
}
