using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Prompting;

/// <summary><c>pi.abort</c>, <c>pi.bash</c>, <c>pi.setQueue</c>, <c>pi.clearQueue</c>, <c>pi.compact</c>. Synchronous parts run on the ordered loop.</summary>
internal sealed class RunCommands(SessionDesk desk, SettingsSync settings)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.abort", AbortAsync);
        commands.On("pi.bash", BashAsync);
        commands.On("pi.setQueue", SetQueueAsync);
        commands.On("pi.clearQueue", ClearQueueAsync);
        commands.On("pi.compact", CompactAsync);
    }

    private async Task<JsonElement> AbortAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var what = arguments.Text("what") ?? "run";
        if (what is not ("run" or "retry" or "bash"))
            throw arguments.Bad("\"what\" must be one of run, retry, bash");
        var session = arguments.Text("sessionId") is null ? desk.Sessions.Current : desk.Session(arguments);
        if (session is null)
            return Reply(new AbortReply(false, null));
        if (what == "bash")
            return Reply(new AbortReply(await session.StopShellAsync().WaitAsync(cancellation), null));
        if (what == "retry")
        {
            if (session.State.Run is null || session.Seat.Agent is not { } agent)
                return Reply(new AbortReply(false, null));
            await agent.AbortRetryAsync(cancellation);
            return Reply(new AbortReply(true, null));
        }

        // Whoever stops waiting has stopped the run all the same.
        var restored = await session.AbortAsync("pi.abort").WaitAsync(cancellation);
        return Reply(new AbortReply(restored is not null, restored is { IsEmpty: false } ? Wire(restored) : null));
    }

    /// <summary>The user's own command: no mode and no question stands before it, as none does before his terminal.</summary>
    private async Task<JsonElement> BashAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var command = arguments.Required("command");
        if (string.IsNullOrWhiteSpace(command))
            throw arguments.Bad("\"command\" is empty");
        var hidden = arguments.Flag("excludeFromContext");
        await settings.ReadyAsync();
        var session = desk.Session(arguments);
        var r = await session.RunShellAsync(command, hidden, cancellation);
        return JsonSerializer.SerializeToElement(
            new BashReply(session.Id, r.Output, r.ExitCode, r.IsCancelled, r.IsCut, r.FullOutputPath, r.Changed, r.Unsaved), RunningJson.Default.BashReply);
    }

    private async Task<JsonElement> SetQueueAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var steering = arguments.Texts("steering") ?? [];
        var followUp = arguments.Texts("followUp") ?? [];
        var (session, agent) = Running(arguments);
        var before = await agent.ClearQueueAsync(cancellation);
        var waited = before.Steering.Concat(before.FollowUp).ToList();
        // The agent gives back texts only; what a session sent with them, it knows.
        await session.HandledAsync();
        var pictures = session.State.QueuedPictures.ToList();
        var unsent = new Queue<(string Text, PromptDelivery Delivery)>(
            [.. steering.Select(t => (t, PromptDelivery.Steer)), .. followUp.Select(t => (t, PromptDelivery.FollowUp))]);
        try
        {
            // Not to be cancelled halfway: what was taken out has to be in again.
            for (; unsent.TryPeek(out var next); unsent.Dequeue())
                await agent.PromptAsync(Whole(next.Text, waited, pictures), next.Delivery, CancellationToken.None);
        }
        catch (AgentException e)
        {
            session.Post(new AgentSaid(new QueueRestored(
                [.. unsent.Where(u => u.Delivery == PromptDelivery.Steer).Select(u => u.Text)],
                [.. unsent.Where(u => u.Delivery == PromptDelivery.FollowUp).Select(u => u.Text)])));
            throw new AgentException($"Not everything could be queued again; the rest was given back to you: {e.Message}", e);
        }

        // What came into the queue after the client had looked is gone from it as well; the client gets to know.
        var old = Wire(before);
        var removed = new QueueReply([.. old.Steering.Except(steering).Except(followUp)], [.. old.FollowUp.Except(followUp).Except(steering)]);
        return JsonSerializer.SerializeToElement(new QueueReply(steering, followUp) { Removed = removed }, RunningJson.Default.QueueReply);
    }

    private async Task<JsonElement> ClearQueueAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var (_, agent) = Running(arguments);
        var queued = await agent.ClearQueueAsync(cancellation);
        return JsonSerializer.SerializeToElement(Wire(queued), RunningJson.Default.QueueReply);
    }

    private async Task<JsonElement> CompactAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var instructions = arguments.Text("instructions");
        var session = desk.Session(arguments);
        await settings.ReadyAsync();
        if (session.State.Run is not null)
            throw new AgentException("Pi is working in this session; compact it when the run has ended, or stop it first (pi.abort).");
        var agent = await session.Seat.StartedAsync(cancellation);
        var done = await agent.CompactAsync(instructions, cancellation);
        return JsonSerializer.SerializeToElement(
            new CompactReply(session.Id, done.TokensBefore, done.TokensAfter, done.Summary, Server.Wire.Usage(done.Usage)), RunningJson.Default.CompactReply);
    }

    private (AgentSession Session, IAgent Agent) Running(CommandArguments arguments)
    {
        var session = desk.Session(arguments);
        return session is { State.Run: not null, Seat.Agent: { } agent } ? (session, agent)
            : throw new RpcException(RpcErrorCodes.RequestFailed, "Pi does not work in this session, so nothing is queued there.");
    }

    /// <summary>A text that was queued before keeps what was put behind it for the model, and its pictures; each of them once.</summary>
    private static AgentPrompt Whole(string words, List<string> waited, List<QueuedPictures> pictures)
    {
        if (waited.FindIndex(t => PromptText.Words(t) == words) is var at && at < 0)
            return words;
        var text = waited[at];
        waited.RemoveAt(at);
        if (pictures.FindIndex(p => p.Text == text) is var with && with < 0)
            return text;
        var images = pictures[with].Images;
        pictures.RemoveAt(with);
        return new AgentPrompt(text, images);
    }

    private static QueueReply Wire(QueuedTexts queued) => new([.. queued.Steering.Select(PromptText.Words)], [.. queued.FollowUp.Select(PromptText.Words)]);

    private static JsonElement Reply(AbortReply reply) => JsonSerializer.SerializeToElement(reply, RunningJson.Default.AbortReply);
}
