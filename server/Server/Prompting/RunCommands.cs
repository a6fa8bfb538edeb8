using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Server.Prompting;

/// <summary><c>pi.abort</c>, <c>pi.bash</c>, <c>pi.setQueue</c>, <c>pi.clearQueue</c>, <c>pi.compact</c>. Synchronous parts run on the ordered loop.</summary>
internal sealed class RunCommands(SessionAccess desk, SettingsSync settings)
{
    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.Abort, AbortAsync);
        commands.On(WireCommands.Bash, BashAsync);
        commands.On(WireCommands.SetQueue, SetQueueAsync);
        commands.On(WireCommands.ClearQueue, ClearQueueAsync);
        commands.On(WireCommands.Compact, CompactAsync);
    }

    private async Task<AbortResult> AbortAsync(AbortArgument argument, CancellationToken cancellation)
    {
        var session = argument.SessionId is null ? desk.Sessions.Current : desk.Session(argument.SessionId);
        if (session is null)
            return new AbortResult(false, null);
        if (argument.What == AbortedThing.Bash)
            return new AbortResult(await session.StopShellAsync().WaitAsync(cancellation), null);
        if (argument.What == AbortedThing.Retry)
        {
            if (session.State.Run is null || session.Supervisor.Agent is not { } agent)
                return new AbortResult(false, null);
            await agent.AbortRetryAsync(cancellation);
            return new AbortResult(true, null);
        }

        // Whoever stops waiting has stopped the run all the same.
        var restored = await session.AbortAsync("pi.abort").WaitAsync(cancellation);
        return new AbortResult(restored is not null, restored is { IsEmpty: false } ? Texts(restored) : null);
    }

    /// <summary>The user's own command: no mode and no question stands before it, as none does before his terminal.</summary>
    private async Task<BashResult> BashAsync(BashArgument argument, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(argument.Command))
            throw new WrongArgumentException("\"command\" is empty");
        await settings.ReadyAsync();
        var session = desk.Session(argument.SessionId);
        var r = await session.RunShellAsync(argument.Command, argument.ExcludeFromContext ?? false, cancellation);
        return new BashResult(session.Id, r.Output, r.ExitCode, r.IsCancelled, r.IsCut, r.FullOutputPath, r.Changed, r.Unsaved);
    }

    private async Task<SetQueueResult> SetQueueAsync(SetQueueArgument argument, CancellationToken cancellation)
    {
        var steering = argument.Steering ?? [];
        var followUp = argument.FollowUp ?? [];
        var (session, agent) = Running(argument.SessionId);
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
        var old = Texts(before);
        var removed = new WaitingTexts([.. old.Steering.Except(steering).Except(followUp)], [.. old.FollowUp.Except(followUp).Except(steering)]);
        return new SetQueueResult(steering, followUp, removed);
    }

    private async Task<WaitingTexts> ClearQueueAsync(SessionArgument argument, CancellationToken cancellation)
    {
        var (_, agent) = Running(argument.SessionId);
        return Texts(await agent.ClearQueueAsync(cancellation));
    }

    private async Task<CompactResult> CompactAsync(CompactArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        await settings.ReadyAsync();
        if (session.State.Run is not null)
            throw new AgentException("Pi is working in this session; compact it when the run has ended, or stop it first.");
        var agent = await session.Supervisor.StartedAsync(cancellation);
        var done = await agent.CompactAsync(argument.Instructions, cancellation);
        return new CompactResult(session.Id, done.TokensBefore, done.TokensAfter, done.Summary, Wire.Usage(done.Usage));
    }

    private (AgentSession Session, IAgent Agent) Running(string? sessionId)
    {
        var session = desk.Session(sessionId);
        return session is { State.Run: not null, Supervisor.Agent: { } agent } ? (session, agent)
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

    private static WaitingTexts Texts(QueuedTexts queued) => new([.. queued.Steering.Select(PromptText.Words)], [.. queued.FollowUp.Select(PromptText.Words)]);
}
