using System.Globalization;
using System.Text;
using PiLsp.Agents;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Running;

namespace PiLsp.Sessions.Transcripts;

/// <summary>
/// A transcript as a Markdown document for editors that have no view of their own: thinking is left out. Pure, but that what is stored is read.
/// </summary>
internal static class TranscriptMarkdown
{
    private const int MaxOutputLines = 20;

    /// <summary>The beginning, up to what is told here; it does not change any more.</summary>
    /// <exception cref="IOException">What is stored cannot be read any more.</exception>
    public static string Head(StoredTranscript? stored)
    {
        var text = new StringBuilder("# Pi\n");
        foreach (var entry in stored?.All() ?? [])
            Append(text, entry);
        return text.ToString();
    }

    /// <summary>What comes behind the beginning and does not change any more either.</summary>
    /// <exception cref="IOException">It cannot be read any more.</exception>
    public static string Past(PastEntries past, int start)
    {
        var text = new StringBuilder();
        foreach (var entry in past.Range(start, past.Count - start))
            Append(text, entry);
        return text.ToString();
    }

    public static string Write(Transcript transcript, string head)
    {
        var text = new StringBuilder(head);
        foreach (var entry in transcript.Entries)
            Append(text, entry);
        if (transcript.IsRunning)
            text.Append("\n*Pi is working …*\n");
        return text.ToString();
    }

    private static void Append(StringBuilder to, TranscriptEntry entry)
    {
        switch (entry)
        {
            case UserEntry user:
                to.Append("\n## You\n\n");
                MarkdownText.AppendQuoted(to, user.Text);
                if (user.Images > 0)
                    to.Append(CultureInfo.InvariantCulture, $"\n*{EditReducer.Count(user.Images, "image")}*\n");
                break;
            case SpokenEntry { IsThinking: false } said when said.Text.Trim().Length > 0:
                to.Append("\n## Pi\n\n");
                if (said.From is { Selected: { } selected } from)
                    to.Append(CultureInfo.InvariantCulture, $"*{MarkdownText.Span(from.FullId)} answered for {MarkdownText.Span(selected)}:*\n\n");
                MarkdownText.AppendContained(to, said.Text.Trim('\n', '\r'));
                break;
            case ToolEntry tool:
                to.Append(CultureInfo.InvariantCulture,
                    $"\n{(tool.Parent is null ? "###" : "####")} {MarkdownText.Span(tool.Title)}{Word(tool.State)}{ToolTitle.Took(tool.DurationMs)}\n");
                if (ConsentText.Script(tool.Tool, tool.Input) is { } script)
                    MarkdownText.AppendFenced(to.Append('\n'), Shortened(script), "js");
                if (tool.Output.Trim().Length > 0)
                    MarkdownText.AppendFenced(to.Append('\n'), Shortened(tool.Output));
                break;
            case ShellEntry shell:
                to.Append(CultureInfo.InvariantCulture, $"\n### {MarkdownText.Span($"! {ToolTitle.Line(shell.Command)}")}{Word(shell.Result)}\n");
                if (shell.Output.Trim().Length > 0)
                    MarkdownText.AppendFenced(to.Append('\n'), Shortened(shell.Output));
                break;
            case RetryEntry retry:
                to.Append(CultureInfo.InvariantCulture, $"\n*Retry {retry.Attempt} of {retry.MaxAttempts}:* {MarkdownText.Span(retry.Error)}\n");
                break;
            case CompactionEntry compaction:
                to.Append(CultureInfo.InvariantCulture, $"\n*The conversation was compacted{Compacted(compaction)}*\n");
                break;
            case NoticeEntry notice:
                to.Append(CultureInfo.InvariantCulture, $"\n*{notice.Level}:*\n\n");
                MarkdownText.AppendQuoted(to, notice.Text);
                break;
            case RunEntry run:
                to.Append(CultureInfo.InvariantCulture, $"\n---\n\n*{Ended(run)}*\n");
                if (run.Error is { } error)
                    MarkdownText.AppendQuoted(to.Append('\n'), error);
                break;
        }
    }

    private static string Word(EntryState state) => state switch
    {
        EntryState.Running => " …",
        EntryState.Failed => " – failed",
        _ => "",
    };

    private static string Word(ShellResult? result) => result switch
    {
        null => " …",
        { Error: not null } => " – failed",
        { IsCancelled: true } => " – stopped",
        { ExitCode: { } code and not 0 } => string.Create(CultureInfo.InvariantCulture, $" – exit code {code}"),
        _ => "",
    };

    private static string Compacted(CompactionEntry c) => c switch
    {
        { State: EntryState.Running } => " …",
        { State: EntryState.Failed } => ": failed",
        { TokensBefore: { } before, TokensAfter: { } after } => string.Create(CultureInfo.InvariantCulture, $", {before:N0} tokens to {after:N0}"),
        _ => "",
    };

    private static string Ended(RunEntry run)
    {
        var what = run.StopReason switch
        {
            "stop" or "handled" => "Done",
            "aborted" => "Stopped",
            "error" => "Failed",
            "length" => "The answer was cut off: it reached the model's limit",
            // The agent's own word, which comes from the model's provider.
            var other => $"Ended ({new string([.. other.Where(char.IsLetterOrDigit)])})",
        };
        var tokens = run.Usage.TotalTokens > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {run.Usage.TotalTokens:N0} tokens") : "";
        return what + tokens + (run.Usage.Cost >= 0.0001m ? string.Create(CultureInfo.InvariantCulture, $" · ${run.Usage.Cost:0.####}") : "");
    }

    /// <summary>What a tool said last matters most, what it said first says what it was about.</summary>
    private static string Shortened(string output)
    {
        var lines = output.TrimEnd().Split('\n');
        return lines.Length <= MaxOutputLines ? output.TrimEnd()
            : string.Join('\n', [.. lines[..(MaxOutputLines / 2)], $"… {lines.Length - MaxOutputLines} lines left out …", .. lines[^(MaxOutputLines / 2)..]]);
    }
}
