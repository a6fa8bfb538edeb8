using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Server.Commands;
using PiLsp.Server.Conversations;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;
using PiLsp.Sessions.Waiting;

namespace PiLsp.Server.Prompting;

/// <summary><c>pi.ask</c>. Its synchronous part runs on the ordered loop, after every earlier <c>didChange</c>.</summary>
internal sealed class AskCommands(
    SessionAccess desk, SettingsSync settings, Func<string, PromptContext> contextIn, SlashCommands slash, TranscriptDocuments transcripts, DetachedRuns runs)
{
    /// <summary>Messages reach a session in the order in which they were asked, however long the files and pictures of one take.</summary>
    private readonly Turns _asked = new();

    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.Ask, AskAsync);
    }

    private async Task<AskAnswer> AskAsync(AskArgument argument, CancellationToken cancellation)
    {
        var prompt = argument.Prompt;
        var delivery = argument.Deliver switch
        {
            AskDelivery.Steer => PromptDelivery.Steer,
            AskDelivery.FollowUp => PromptDelivery.FollowUp,
            _ => PromptDelivery.Start,
        };
        var wait = argument.Wait ?? true;
        if (!wait)
            cancellation.ThrowIfCancellationRequested();
        if (SlashWords.Find(prompt) is var (name, rest))
            return await slash.RunAsync(name, rest, argument.SessionId, cancellation);
        using var turn = _asked.Take(argument.SessionId ?? "");
        // Buffers are looked at now: what comes after this is not what the user has asked about.
        var root = desk.RootOf(argument.SessionId, argument.TextDocument?.Uri);
        var context = new ResolveContextArgument(prompt, argument.TextDocument, argument.Range, argument.Attachments);
        var resolving = contextIn(root).ResolveAsync(context, cancellation);
        await settings.ReadyAsync();
        var session = desk.Session(argument.SessionId, root);
        // Cancelled before anything has begun, it is a run that was stopped, and nothing is started for it.
        await ((Task)resolving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await turn.ComesAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (wait && cancellation.IsCancellationRequested)
            return Reply(session.Id, new AskResult("", "aborted", null, default, [], null));
        cancellation.ThrowIfCancellationRequested();
        var items = await resolving;
        if (PromptContext.LeftOut(items) is { } left)
            session.Post(new AgentSaid(new AgentNotice(NoticeLevel.Warning, ShownText.Told(left))));
        var whole = PromptContext.Prompt(prompt, items);
        if (!wait)
        {
            var beginning = runs.BeginAsync(session, whole, delivery);
            turn.Dispose();
            var runId = await beginning;
            if (argument.Transcript == true)
                await transcripts.ShowAsync(session, takeFocus: false);
            return new AskStarted(session.Id, runId);
        }

        var (_, done) = session.Ask(whole, delivery, cancellation);
        turn.Dispose();
        if (argument.Transcript == true)
            await transcripts.ShowAsync(session, takeFocus: false);
        return Reply(session.Id, await done);
    }

    private static AskSettled Reply(string sessionId, AskResult result) => new(
        sessionId, result.Text, result.StopReason, result.Error, Wire.Usage(result.Usage),
        [.. result.Edits.Select(e => new EditOutcome(e.Uri, EditReducer.Name(e.Status)))], result.RunId)
    {
        AnsweredBy = Wire.AnsweredBy(result.AnsweredBy),
        Next = Wire.Next(result.Next),
    };
}
