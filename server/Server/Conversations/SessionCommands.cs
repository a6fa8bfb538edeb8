using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Server.Accounts;
using PiLsp.Server.Commands;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Conversations;

/// <summary><c>pi.status</c>, and what makes a session the current one: new, resumed, switched to, forked, cloned.</summary>
internal sealed class SessionCommands(SessionDesk desk, StatusReport status, AvailabilityDesk availability, SettingsSync settings, RpcConnection rpc)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.status", StatusAsync);
        commands.On("pi.checkAvailability", CheckAsync);
        commands.On("pi.newSession", NewAsync);
        commands.On("pi.resumeSession", ResumeAsync);
        commands.On("pi.switchSession", ResumeAsync);
        commands.On("pi.forkSession", ForkAsync);
        commands.On("pi.cloneSession", CloneAsync);
        commands.On("pi.listForkPoints", ListForkPointsAsync);
    }

    /// <summary>Starts nothing: what is not running is reported as not started.</summary>
    private async Task<JsonElement> StatusAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = arguments.Text("sessionId") is null ? desk.Sessions.Current : desk.Session(arguments);
        return JsonSerializer.SerializeToElement(await status.ReadAsync(session, cancellation), WireJson.Default.StatusReply);
    }

    /// <summary>May start an agent to see whether it can be started, and ends it again.</summary>
    private async Task<JsonElement> CheckAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var refresh = arguments.Flag("refresh");
        await settings.ReadyAsync();
        var known = await availability.CheckAsync(desk.Sessions.Current?.Seat.Agent, refresh, cancellation);
        return JsonSerializer.SerializeToElement(Wire.Availability(known), WireJson.Default.AvailabilityReply);
    }

    private async Task<JsonElement> NewAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        // A session that never spoke is as good as new.
        if (desk.Sessions.Current is { IsClosed: false, Seat: { Agent: null, SessionFile: null }, State.Run: null } unused)
            return await StartAsync(unused, () => { }, cancellation);
        var previous = desk.Sessions.Current;
        var session = desk.NewSession();
        return await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation);
    }

    private async Task<JsonElement> ResumeAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        if (arguments.Text("sessionId") is not null)
        {
            var known = desk.Session(arguments);
            var before = desk.Sessions.Current;
            desk.Sessions.MakeCurrent(known);
            return await StartAsync(known, () => desk.Sessions.MakeCurrent(before ?? known), cancellation);
        }

        var path = arguments.Required("path");
        if (!File.Exists(path))
            throw new RpcException(RpcErrorCodes.RequestFailed, $"There is no session file \"{path}\"; pi.listSessions lists those there are.");
        await settings.ReadyAsync();
        var previous = desk.Sessions.Current;
        if (desk.Having(Path.GetFullPath(path)) is { } open)
        {
            desk.Sessions.MakeCurrent(open);
            return await StartAsync(open, () => desk.Sessions.MakeCurrent(previous ?? open), cancellation);
        }

        var session = desk.NewSession();
        session.Seat.Reserve(Path.GetFullPath(path));
        return await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation);
    }

    private async Task<JsonElement> ForkAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var entry = arguments.Required("entryId");
        string? text = null;
        return await BranchAsync(arguments, async (agent, token) =>
        {
            (var forked, text) = await agent.ForkSessionAsync(entry, token);
            return forked;
        }, () => text is null ? null : PromptText.Words(text), cancellation);
    }

    private async Task<JsonElement> CloneAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        // Of another folder's the agent makes a copy that belongs to this one, while it starts.
        if (arguments.Text("path") is { } path && await desk.IsElsewhereAsync(Path.GetFullPath(path), cancellation))
            return await BranchAsync(arguments, (agent, token) => agent.GetStateAsync(token), () => null, cancellation, copies: true);
        return await BranchAsync(arguments, (agent, token) => agent.CloneSessionAsync(token), () => null, cancellation);
    }

    /// <summary>The session stays as it is; an agent of its own makes another one out of its file.</summary>
    private async Task<JsonElement> BranchAsync(
        CommandArguments arguments, Func<IAgent, CancellationToken, Task<AgentState>> branch, Func<string?> text, CancellationToken cancellation, bool copies = false)
    {
        await settings.ReadyAsync();
        var source = arguments.Text("path") ?? desk.Session(arguments).Seat.SessionFile;
        if (source is null || !File.Exists(source))
            throw new RpcException(RpcErrorCodes.RequestFailed, "This session is not stored yet, so there is nothing to branch off: Pi stores a session with its first answer.");
        var previous = desk.Sessions.Current;
        var session = desk.NewSession();
        session.Seat.Reserve(Path.GetFullPath(source), branch, copies);
        return await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation, text);
    }

    private async Task<JsonElement> ListForkPointsAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        await settings.ReadyAsync();
        var agent = await session.Seat.StartedAsync(cancellation);
        var points = await agent.ListForkPointsAsync(cancellation);
        return JsonSerializer.SerializeToElement(new ForkPointsReply(session.Id, [.. points.Select(p => new ForkPointReply(p.EntryId, PromptText.Words(p.Text)))]), SessionJson.Default.ForkPointsReply);
    }

    /// <param name="failed">Runs on the ordered loop, before anything that the client asks for next.</param>
    private async Task<JsonElement> StartAsync(AgentSession session, Action failed, CancellationToken cancellation, Func<string?>? text = null)
    {
        try
        {
            await session.Seat.StartedAsync(cancellation);
        }
        catch
        {
            rpc.Post(failed);
            throw;
        }

        return Reply(session, text?.Invoke());
    }

    private static JsonElement Reply(AgentSession session, string? text)
    {
        var last = session.Seat.LastState;
        return JsonSerializer.SerializeToElement(
            new SessionReply(session.Id, last?.SessionFile, last?.SessionName, last?.Model?.FullId, last?.Thinking) { Text = text }, WireJson.Default.SessionReply);
    }
}
