using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>From the session's records to those of the wire. Pure.</summary>
internal static class Wire
{
    public static AvailabilityReply Availability(Availability known)
    {
        var name = known.State.ToString();
        return new AvailabilityReply(char.ToLowerInvariant(name[0]) + name[1..], known.Message, known.Next, known.Tried);
    }

    /// <summary>The models that answered, where one of them is another than was set; else null.</summary>
    public static IReadOnlyList<string>? AnsweredBy(IReadOnlyList<ModelAnswer> answers) =>
        answers.Any(a => a.Selected is not null) ? [.. answers.Select(a => a.FullId).Distinct()] : null;

    public static UsageReply Usage(AgentUsage u) => new(u.Input, u.Output, u.CacheRead, u.CacheWrite, u.TotalTokens, u.Cost);

    /// <param name="onTop">The same seen from what is staged below it (<see cref="StageReducer.OnTop"/>).</param>
    public static EditReply Edit(string sessionId, string root, EditProposal p, PositionEncoding encoding, EditProposal? onTop = null)
    {
        var present = p.View.Present;
        var document = TextDocument.Of(present);
        var @base = TextDocument.Of(p.Base);
        var open = p.Status == ProposalStatus.Open;
        var hunks = new List<HunkReply>(p.Hunks.Count);
        foreach (var original in p.Hunks)
        {
            var fate = p.Fates.GetValueOrDefault(original.Id)?.Kind;
            // What is decided is shown as it was proposed: the view's hunks are not those of the present text any more.
            if (open && p.View.Hunks.FirstOrDefault(h => h.Id == original.Id) is { } hunk)
                hunks.Add(new HunkReply(hunk.Id, document.RangeOf(hunk.Start, hunk.Length, encoding), hunk.OldText, hunk.NewText, Name(fate)));
            else if (onTop?.View.Hunks.FirstOrDefault(h => h.Id == original.Id) is { } above)
                hunks.Add(new HunkReply(above.Id, PlaceOf(p, above, document, encoding), above.OldText, above.NewText, Name(fate)));
            else if (open && p.View.Clashes.FirstOrDefault(c => c.Original.Id == original.Id) is { } clash)
                hunks.Add(new HunkReply(original.Id, document.RangeOf(clash.Start, clash.Length, encoding), clash.PresentText, original.NewText, Name(fate ?? FateKind.Clashed)));
            else
                hunks.Add(new HunkReply(original.Id, @base.RangeOf(original.Start, original.Length, encoding), original.OldText, original.NewText, Name(fate)));
        }

        var diff = (onTop ?? p).Diff(WorkspacePath.Shown(root, p.Path));
        return new EditReply(p.Id, sessionId, p.Uri, p.Tool, p.ToolCallId, EditReducer.Name(p.Status), present.Version, hunks, (onTop ?? p).NewText, diff, p.Reason) { Careful = p.Caution };
    }

    /// <summary>What the list tells of a decided edit: it is told again with every list, and whoever wants its texts asks for them.</summary>
    public static EditReply Decided(string sessionId, EditProposal p) =>
        new(p.Id, sessionId, p.Uri, p.Tool, p.ToolCallId, EditReducer.Name(p.Status), p.View.Present.Version, null, null, null, p.Reason);

    /// <summary>Where a hunk that goes on top of a staged one is in the buffer, which does not have its lines yet.</summary>
    public static Lsp.Range PlaceOf(EditProposal p, Hunk onTop, TextDocument document, PositionEncoding encoding) =>
        p.View.Clashes.FirstOrDefault(c => c.Original.Id == onTop.Id) is { } clash ? document.RangeOf(clash.Start, clash.Length, encoding)
            : document.RangeOf(Math.Min(onTop.Start, document.Text.Length), 0, encoding);

    public static PiEventParams Event(string sessionId, long seq, AgentEvent e)
    {
        PiEventParams Of(string type) => new(sessionId, seq, type);
        return e switch
        {
            RunStarted => Of("runStarted"),
            RunSettled s => Of("runSettled") with { StopReason = s.StopReason, Error = s.Error },
            TurnStarted => Of("turnStarted"),
            TurnEnded => Of("turnEnded"),
            UserMessage u => Of("userMessage") with { Text = u.Text },
            TextDelta d => Of("textDelta") with { Text = d.Text },
            ThinkingDelta d => Of("thinkingDelta") with { Text = d.Text },
            MessageCompleted m => Of("messageCompleted") with { Text = m.Text, StopReason = m.StopReason, Error = m.Error, Usage = Usage(m.Usage), Model = m.Model, Provider = m.From?.Provider, SelectedModel = m.From?.Selected },
            UsedBeside u => Of("usedBeside") with { Kind = u.Kind, Usage = Usage(u.Usage), Provider = u.From?.Provider, Model = u.From?.Model },
            ToolStarted t => Of("toolStarted") with { ToolCallId = t.ToolCallId, Tool = t.Tool, Title = ToolTitle.Of(t.Tool, t.Input), Input = t.Input.ValueKind == System.Text.Json.JsonValueKind.Undefined ? null : t.Input, ParentToolCallId = t.Parent },
            ToolProgressed t => Of("toolProgressed") with { ToolCallId = t.ToolCallId, ParentToolCallId = t.Parent, Tool = t.Tool, Text = t.Text },
            ToolEnded t => Of("toolEnded") with { ToolCallId = t.ToolCallId, Tool = t.Tool, Text = t.Text, IsError = t.IsError, ParentToolCallId = t.Parent, DurationMs = t.DurationMs },
            ShellStarted s => Of("bashStarted") with { Command = s.Command, ExcludeFromContext = s.IsHidden },
            ShellOutput s => Of("bashOutput") with { Text = s.Text, Truncated = s.IsCut ? true : null, ReplacesLine = s.ReplacesLine && !s.IsCut ? true : null },
            ShellEnded { Result: var r } => Of("bashEnded") with
            {
                Text = r.Output,
                ExitCode = r.ExitCode,
                Cancelled = r.IsCancelled,
                Truncated = r.IsCut,
                FullOutputPath = r.FullOutputPath,
                Error = r.Error,
                Changed = r.Changed,
                Unsaved = r.Unsaved,
            },
            RetryScheduled r => Of("retryScheduled") with { Attempt = r.Attempt, MaxAttempts = r.MaxAttempts, DelayMs = r.DelayMs, Error = r.Error },
            RetryEnded r => Of("retryEnded") with { Success = r.Success, Attempt = r.Attempt, Error = r.FinalError },
            CompactionStarted c => Of("compactionStarted") with { Reason = c.Reason },
            CompactionEnded c => Of("compactionEnded") with { Reason = c.Reason, TokensBefore = c.TokensBefore, TokensAfter = c.TokensAfter, Aborted = c.Aborted, Error = c.Error, Usage = c.Usage == default ? null : Usage(c.Usage) },
            QueueChanged q => Of("queueChanged") with { Steering = q.Steering, FollowUp = q.FollowUp },
            QueueRestored q => Of("queueRestored") with { Steering = q.Steering, FollowUp = q.FollowUp },
            StatusLineChanged s => Of("statusLineChanged") with { Key = s.Key, Text = s.Text },
            WidgetChanged w => Of("widgetChanged") with { Key = w.Key, Lines = w.Lines, Placement = w.Placement },
            TitleChanged t => Of("titleChanged") with { Title = t.Title },
            PromptTextSet p => Of("promptTextSet") with { Text = p.Text },
            ThinkingLevelChanged t => Of("thinkingLevelChanged") with { Level = t.Level },
            SessionRenamed s => Of("sessionRenamed") with { Name = s.Name },
            AgentNotice n => Of("notice") with { Level = Name(n.Level), Text = n.Text },
            _ => Of(e.GetType().Name),
        };
    }

    public static string Name(NoticeLevel level) => level switch
    {
        NoticeLevel.Error => "error",
        NoticeLevel.Warning => "warning",
        _ => "info",
    };

    private static string? Name(FateKind? fate) => fate switch
    {
        null => null,
        FateKind.Landed => "landed",
        FateKind.Changed or FateKind.ChangedSince => "changed",
        FateKind.Rejected => "rejected",
        FateKind.LeftOut => "leftOut",
        FateKind.Clashed => "clashed",
        _ => "notApplied",
    };
}
