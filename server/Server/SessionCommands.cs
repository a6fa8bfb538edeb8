using System.Globalization;
using System.Text.Json;
using PiLsp.Rpc;
using PiLsp.Sessions;

namespace PiLsp.Server;

/// <summary><c>pi.status</c>, <c>pi.newSession</c>, <c>pi.listSessions</c>, <c>pi.resumeSession</c>.</summary>
internal sealed class SessionCommands(SessionDesk desk, StatusReport status, SettingsSync settings, RpcConnection rpc)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.status", StatusAsync);
        commands.On("pi.newSession", NewAsync);
        commands.On("pi.listSessions", ListAsync);
        commands.On("pi.resumeSession", ResumeAsync);
    }

    /// <summary>Starts nothing: what is not running is reported as not started.</summary>
    private async Task<JsonElement> StatusAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = arguments.Text("sessionId") is null ? desk.Sessions.Current : desk.Session(arguments);
        return JsonSerializer.SerializeToElement(await status.ReadAsync(session, cancellation), WireJson.Default.StatusReply);
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
        var path = arguments.Required("path");
        if (!File.Exists(path))
            throw new RpcException(RpcErrorCodes.RequestFailed, $"There is no session file \"{path}\"; pi.listSessions lists those there are.");
        await settings.ReadyAsync();
        var previous = desk.Sessions.Current;
        if (desk.Sessions.All.FirstOrDefault(s => s.Seat.SessionFile is { } file && Path.GetFullPath(file) == Path.GetFullPath(path)) is { } open)
        {
            desk.Sessions.MakeCurrent(open);
            return await StartAsync(open, () => desk.Sessions.MakeCurrent(previous ?? open), cancellation);
        }

        var session = desk.NewSession();
        session.Seat.Reserve(Path.GetFullPath(path));
        return await StartAsync(session, () => desk.Sessions.GiveUp(session, previous), cancellation);
    }

    /// <param name="failed">Runs on the ordered loop, before anything that the client asks for next.</param>
    private async Task<JsonElement> StartAsync(AgentSession session, Action failed, CancellationToken cancellation)
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

        return Reply(session);
    }

    private async Task<JsonElement> ListAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        await session.Seat.StartedAsync(cancellation);
        // Pi keeps the sessions of one directory beside one another; where it keeps them is its own affair.
        var folder = session.Seat.LastState?.SessionFile is { } file ? Path.GetDirectoryName(file) : null;
        var stored = new List<StoredSessionReply>();
        if (folder is not null && Directory.Exists(folder))
        {
            foreach (var info in new DirectoryInfo(folder).EnumerateFiles("*.jsonl").OrderByDescending(f => f.LastWriteTimeUtc))
            {
                var (title, words) = await StoredSession.PeekAsync(info.FullName, cancellation);
                stored.Add(new StoredSessionReply(
                    info.FullName, title, info.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture), info.Length, words,
                    Current: desk.Sessions.All.Any(s => s.Seat.SessionFile == info.FullName)));
            }
        }

        return JsonSerializer.SerializeToElement(new SessionsReply(stored), WireJson.Default.SessionsReply);
    }

    private static JsonElement Reply(AgentSession session)
    {
        var last = session.Seat.LastState;
        return JsonSerializer.SerializeToElement(
            new SessionReply(session.Id, last?.SessionFile, last?.SessionName, last?.Model?.FullId, last?.Thinking), WireJson.Default.SessionReply);
    }
}
