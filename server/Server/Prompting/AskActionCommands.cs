using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Conversations;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Server.Prompting;

/// <summary>
/// <c>pi.askAbout</c>, <c>pi.fixDiagnostics</c>, <c>pi.doComment</c>: what <see cref="AskActions"/> offers. They answer
/// at once, because nobody looks at the answer: what comes of it is in the transcript, the edits and the progress.
/// </summary>
internal sealed class AskActionCommands(ServerState state, SessionAccess desk, SettingsSync settings, TranscriptDocuments transcripts, DetachedRuns runs)
{
    private const string Explain = "Explain this: what it does, how it works, and what is wrong with it, if anything is. Do not change anything.";

    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.AskAbout, (argument, _) => StartAsync(argument.SessionId, argument.TextDocument, root => About(argument, root)));
        commands.On(WireCommands.FixDiagnostics, (argument, _) => StartAsync(argument.SessionId, argument.TextDocument, root => Fix(argument, root)));
        commands.On(WireCommands.DoComment, (argument, _) => StartAsync(argument.SessionId, argument.TextDocument, root => Comment(argument, root)));
    }

    private async Task<AskedAction> StartAsync(string? sessionId, TextDocumentIdentifier near, Func<string, string> ask)
    {
        // The text is taken as it is now.
        var root = desk.RootOf(sessionId, near.Uri);
        var prompt = ask(root);
        await settings.ReadyAsync();
        var session = desk.Session(sessionId, root);
        // Whoever chooses an action does not know, or care, that Pi is still at work on the one before.
        var delivery = session.State.Run is null ? Agents.PromptDelivery.Start : Agents.PromptDelivery.FollowUp;
        var runId = await runs.BeginAsync(session, prompt, delivery);
        // A client that gets the events has a view of its own.
        var transcript = state.Capabilities.Events || state.Settings.Transcript == "off" ? null : (await transcripts.ShowAsync(session, takeFocus: false)).Uri;
        return new AskedAction(session.Id, runId, transcript);
    }

    private string About(AskAboutArgument argument, string root)
    {
        var document = Document(argument.TextDocument);
        var (start, end) = argument.Range;
        var shown = Shown(document, root);
        var prompt = argument.Prompt is { Length: > 0 } words ? words : Explain;
        var (from, to) = (document.OffsetAt(start, state.Capabilities.Encoding), document.OffsetAt(end, state.Capabilities.Encoding));
        var selection = document.Text[Math.Min(from, to)..Math.Max(from, to)];
        if (start.Line != end.Line)
            return AskContext.Append(prompt, new AskedFile(shown, (start.Line, end.Line), selection));
        // Without a selection Helix sends the character under the cursor and Eglot the word: they mean more by it.
        var (first, last) = TextRegion.At(document, start.Line);
        var what = selection.Trim().Length > 1 ? $"They point at {MarkdownText.Span(selection)} in this" : "They point at this";
        return AskContext.About(prompt, shown, what, (first, last), LinesOf(document, first, last));
    }

    private string Fix(FixDiagnosticsArgument argument, string root)
    {
        var document = Document(argument.TextDocument);
        var problems = argument.Diagnostics;
        if (problems.Count == 0)
            throw new WrongArgumentException("\"diagnostics\" is missing");
        var prompt = problems.Count == 1 ? $"Fix this problem in {Shown(document, root)}: {AskedProblem.Describe(problems[0])}"
            : $"Fix these {problems.Count} problems in {Shown(document, root)}:\n{string.Join('\n', problems.Select(p => $"- {AskedProblem.Describe(p)}"))}";
        var first = Math.Min(problems.Min(p => p.Range.Start.Line), document.LineCount - 1);
        var last = Math.Min(problems.Max(p => p.Range.End.Line), document.LineCount - 1);
        return AskContext.About(prompt, Shown(document, root), "The lines in question", (first, last), LinesOf(document, first, last));
    }

    private string Comment(DoCommentArgument argument, string root)
    {
        var document = Document(argument.TextDocument);
        // Found again in the text as it is now: its words may have changed since the menu was opened.
        var offset = document.OffsetAt(argument.Range.Start, state.Capabilities.Encoding);
        if (Comments.At(document.Text, offset, CommentSyntax.Of(document.LanguageId, document.Path)) is not { } comment)
            throw new RpcException(RpcErrorCodes.RequestFailed,
                $"There is no comment at this place of {Shown(document, root)} any more; put the cursor on it and choose the action again.");
        var first = document.Lines.LineAt(comment.Start);
        var last = document.Lines.LineAt(comment.End);
        // What the comment is about stands below it.
        var below = last + 1 < document.LineCount ? TextRegion.At(document, last + 1).Last : last;
        // Words of a file are no words of the user's: at the beginning of a prompt a slash would run a command of Pi's.
        return AskContext.About(
            $"Do what this comment says: {comment.Words}", Shown(document, root),
            $"The comment is at {AskContext.Lines(first, last)}; do it there. The comment with what follows it",
            (first, below), LinesOf(document, first, below));
    }

    private TextDocument Document(TextDocumentIdentifier named) =>
        state.Documents.FindByUri(named.Uri) ?? throw new RpcException(RpcErrorCodes.RequestFailed, $"{named.Uri} is not open in the editor.");

    /// <summary>Of a buffer without a file the model is told how to reach it.</summary>
    private string Shown(TextDocument document, string root)
    {
        var shown = state.Shown(document.Place, root);
        return document.Path is null ? $"{shown} ({VirtualPath.Note(document.Uri).TrimEnd('.')})" : shown;
    }

    private static string LinesOf(TextDocument document, int first, int last) =>
        string.Join('\n', Enumerable.Range(first, last - first + 1).Select(line => TextRegion.TextOf(document, line)));
}
