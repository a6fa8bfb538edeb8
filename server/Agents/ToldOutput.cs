namespace PiLsp.Agents;

/// <summary>
/// What an agent says about itself (errors, notices, titles; a vendor's 401 repeats the key it was given), fit for people:
/// without secrets and with nothing that hides. Every session passes all of its agent's outputs through this, so errors,
/// events, transcripts and the model's own retries have it alike. Answers, thinking and results of tools are content and
/// stay as they are. Pure.
/// </summary>
internal static class ToldOutput
{
    public static AgentOutput Of(AgentOutput said) => said is AgentEvent e ? Of(e)
        : said is AgentExited exited ? exited with { Reason = ShownText.Told(exited.Reason) } : said;

    public static AgentEvent Of(AgentEvent said) => said switch
    {
        MessageCompleted { Error: { } error } message => message with { Error = ShownText.Told(error) },
        RetryScheduled retry => retry with { Error = ShownText.Told(retry.Error) },
        RetryEnded { FinalError: { } error } retry => retry with { FinalError = ShownText.Told(error) },
        CompactionEnded { Error: { } error } compaction => compaction with { Error = ShownText.Told(error) },
        ShellEnded { Result.Error: { } error } shell => new ShellEnded(shell.Result with { Error = ShownText.Told(error) }),
        AgentNotice notice => notice with { Text = ShownText.Told(notice.Text) },
        StatusLineChanged { Text: { } text } line => line with { Text = ShownText.OnOneLine(text) },
        WidgetChanged { Lines: { } lines } widget => widget with { Lines = [.. lines.Select(ShownText.Visible)] },
        TitleChanged title => new TitleChanged(ShownText.OnOneLine(title.Title)),
        _ => said,
    };
}
