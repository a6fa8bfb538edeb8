using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Accounts;
using PiLsp.Server.Commands;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Server.Conversations;

/// <summary><c>pi.status</c>, and what makes a session the current one: new, resumed, switched to, forked, cloned.</summary>
internal sealed class SessionCommands(SessionAccess desk, StatusReport status, AvailabilityMonitor availability, SettingsSync settings, RpcConnection rpc)
{
    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.Status, StatusAsync);
        commands.On(WireCommands.CheckAvailability, CheckAsync);
        commands.On(WireCommands.NewSession, NewAsync);
        commands.On(WireCommands.ResumeSession, ResumeAsync);
        commands.On(WireCommands.SwitchSession, ResumeAsync);
        commands.On(WireCommands.ForkSession, ForkAsync);
        commands.On(WireCommands.CloneSession, CloneAsync);
        commands.On(WireCommands.ListForkPoints, ListForkPointsAsync);
    }

    /// <summary>Starts nothing: what is not running is reported as not started.</summary>
    private Task<Status> StatusAsync(SessionArgument argument, CancellationToken cancellation) =>
        status.ReadAsync(argument.SessionId is null ? desk.Sessions.Current : desk.Session(argument.SessionId), cancellation);

    /// <summary>May start an agent to see whether it can be started, and ends it again.</summary>
    private async Task<AvailabilityReply> CheckAsync(CheckAvailabilityArgument argument, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        return Wire.Availability(await availability.CheckAsync(desk.Sessions.Current?.Supervisor.Agent, argument.Refresh ?? false, cancellation));
    }

    private async Task<OpenedSession> NewAsync(NewSessionArgument argument, CancellationToken cancellation)
    {
        var root = argument.Folder is null ? desk.RootOf(null, null) : desk.FolderBy(argument.Folder);
        await settings.ReadyAsync();
        // A session that never spoke is as good as new.
        if (desk.Sessions.Current is { IsClosed: false, Supervisor: { Agent: null, SessionFile: null }, State.Run: null } unused
            && WorkspacePath.SamePath(unused.State.Root, root))
            return await StartAsync(unused, () => { }, cancellation);
        var previous = desk.Sessions.Current;
        var session = desk.NewSession(root);
        return await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation);
    }

    private async Task<OpenedSession> ResumeAsync(SessionChoice argument, CancellationToken cancellation)
    {
        if (argument.SessionId is { } id)
        {
            var known = desk.Session(id);
            var before = desk.Sessions.Current;
            desk.Sessions.MakeCurrent(known);
            return await StartAsync(known, () => desk.Sessions.MakeCurrent(before ?? known), cancellation);
        }

        var path = argument.Path is { Length: > 0 } given ? given : throw new WrongArgumentException("\"path\" is missing");
        if (!File.Exists(path))
            throw new RpcException(RpcErrorCodes.RequestFailed, $"There is no session file \"{path}\"; look in the list of sessions.");
        await settings.ReadyAsync();
        var previous = desk.Sessions.Current;
        if (desk.Having(Path.GetFullPath(path)) is { } open)
        {
            desk.Sessions.MakeCurrent(open);
            return await StartAsync(open, () => desk.Sessions.MakeCurrent(previous ?? open), cancellation);
        }

        // One of another folder's is refused by the agent, with its words.
        var session = desk.NewSession(desk.RootOf(await desk.Sessions.Stored.ReadAsync(path, cancellation)));
        session.Supervisor.Reserve(Path.GetFullPath(path));
        var resumed = await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation);
        await desk.Sessions.ReturnAsync(session, cancellation);
        return resumed;
    }

    private async Task<OpenedSession> ForkAsync(ForkSessionArgument argument, CancellationToken cancellation)
    {
        string? text = null;
        return await BranchAsync(new SessionChoice(argument.SessionId, argument.Path), async (agent, token) =>
        {
            (var forked, text) = await agent.ForkSessionAsync(argument.EntryId, token);
            return forked;
        }, () => text is null ? null : PromptText.Words(text), cancellation);
    }

    private async Task<OpenedSession> CloneAsync(SessionChoice argument, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        // Of another folder's the agent makes a copy that belongs to this one, while it starts.
        if (argument.Path is { } path && await desk.IsElsewhereAsync(Path.GetFullPath(path), cancellation))
            return await BranchAsync(argument, (agent, token) => agent.GetStateAsync(token), () => null, cancellation, copies: true);
        return await BranchAsync(argument, (agent, token) => agent.CloneSessionAsync(token), () => null, cancellation);
    }

    /// <summary>The session stays as it is; an agent of its own makes another one out of its file.</summary>
    private async Task<OpenedSession> BranchAsync(
        SessionChoice argument, Func<IAgent, CancellationToken, Task<AgentState>> branch, Func<string?> text, CancellationToken cancellation, bool copies =
            false)
    {
        await settings.ReadyAsync();
        var source = argument.Path ?? desk.Session(argument.SessionId).Supervisor.SessionFile;
        if (source is null || !File.Exists(source))
            throw new RpcException(
                RpcErrorCodes.RequestFailed, "This session is not stored yet, so there is nothing to branch off: Pi stores a session with its first answer.");
        var previous = desk.Sessions.Current;
        var session = desk.NewSession(desk.RootOf(await desk.Sessions.Stored.ReadAsync(source, cancellation)));
        session.Supervisor.Reserve(Path.GetFullPath(source), branch, copies);
        return await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation, text);
    }

    private async Task<ListForkPointsResult> ListForkPointsAsync(SessionArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        await settings.ReadyAsync();
        var agent = await session.Supervisor.StartedAsync(cancellation);
        var points = await agent.ListForkPointsAsync(cancellation);
        return new ListForkPointsResult(session.Id, [.. points.Select(p => new ForkPointReply(p.EntryId, PromptText.Words(p.Text)))]);
    }

    /// <param name="failed">Runs on the ordered loop, before anything that the client asks for next.</param>
    private async Task<OpenedSession> StartAsync(AgentSession session, Action failed, CancellationToken cancellation, Func<string?>? text = null)
    {
        try
        {
            await session.Supervisor.StartedAsync(cancellation);
        }
        catch
        {
            rpc.Post(failed);
            throw;
        }

        var last = session.Supervisor.LastState;
        var stored = last?.SessionFile is { } file ? await desk.Sessions.Stored.ReadAsync(file, cancellation) : null;
        var title = stored is null ? last?.SessionName : SessionTitle.Of(stored);
        return new OpenedSession(session.Id, last?.SessionFile, last?.SessionName, last?.Model?.FullId, last?.Thinking, text?.Invoke(), title);
    }
}
