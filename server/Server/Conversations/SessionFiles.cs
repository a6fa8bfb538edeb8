using System.Globalization;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Conversations;

/// <summary>The workspace's stored sessions: listed, named, deleted, restored, exported. Synchronous parts run on the ordered loop.</summary>
internal sealed class SessionFiles(SessionDesk desk, SettingsSync settings, RpcConnection rpc, TimeProvider time)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.listSessions", ListAsync);
        commands.On("pi.renameSession", RenameAsync);
        commands.On("pi.deleteSession", DeleteAsync);
        commands.On("pi.restoreSession", RestoreAsync);
        commands.On("pi.exportSession", ExportAsync);
        commands.On("pi.resumeCommand", ResumeLineAsync);
    }

    private async Task<JsonElement> ListAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var (folder, options, current) = (desk.Folder(), desk.Options(null), desk.Sessions.Current);
        var open = desk.Sessions.All.Where(s => s.Seat.SessionFile is not null).ToList();
        var stored = await Task.Run(
            () =>
            {
                new DeletedSessions(folder, time).Empty();
                return desk.Sessions.Stored.ListAsync(folder, options, cancellation);
            },
            cancellation);
        var replies = stored.Select(s => Reply(s, open.FirstOrDefault(o => WorkspacePath.SamePath(o.Seat.SessionFile!, s.Path)), current)).ToList();
        // Those that Pi has not written yet come first: nothing is newer.
        var unwritten = open.Where(o => !stored.Any(s => WorkspacePath.SamePath(o.Seat.SessionFile!, s.Path)) && !File.Exists(o.Seat.SessionFile));
        replies.InsertRange(0, unwritten.Select(o => new SessionEntryReply(
            o.Seat.SessionFile!, o.Id, StateOf(o), o == current, o.Seat.LastState?.SessionName, null, null, 0, 0, o.Seat.LastState?.Model?.FullId, 0, 0, null)));
        return JsonSerializer.SerializeToElement(new SessionsReply(folder, replies), SessionJson.Default.SessionsReply);
    }

    private async Task<JsonElement> RenameAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var name = arguments.Required("name").Trim();
        if (name.Length == 0 || name.Any(char.IsControl))
            throw arguments.Bad("\"name\" must be one line of text");
        await settings.ReadyAsync();
        var path = await WithAgentAsync(arguments, async (agent, file) =>
        {
            await agent.RenameSessionAsync(name, cancellation);
            return file;
        }, cancellation);
        return JsonSerializer.SerializeToElement(new RenamedReply(path, name), SessionJson.Default.RenamedReply);
    }

    private async Task<JsonElement> ExportAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var output = arguments.Text("output");
        if (output is not null && !Path.IsPathFullyQualified(output))
            throw arguments.Bad("\"output\" must be an absolute path");
        await settings.ReadyAsync();
        var path = await WithAgentAsync(arguments, (agent, _) => agent.ExportSessionAsync(output, cancellation), cancellation);
        return JsonSerializer.SerializeToElement(new ExportedReply(Path.GetFullPath(path, desk.Options(null).WorkingDirectory)), SessionJson.Default.ExportedReply);
    }

    private async Task<JsonElement> DeleteAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var permanently = arguments.Flag("permanently");
        await settings.ReadyAsync();
        var path = PathOf(arguments);
        await RequireStoredAsync(path, cancellation);
        await CloseAsync(path);

        if (!File.Exists(path))
            throw Failed($"There is no session file \"{path}\" any more; nothing was deleted.");
        string? moved = null;
        if (permanently)
            File.Delete(path);
        else
            moved = new DeletedSessions(Path.GetDirectoryName(path)!, time).Take(path);
        return JsonSerializer.SerializeToElement(new DeletedReply(path, moved), SessionJson.Default.DeletedReply);
    }

    /// <summary>Looked at and closed on the ordered loop, so that nobody asks the session for anything in between.</summary>
    private async Task CloseAsync(string path)
    {
        var closed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(() =>
        {
            if (desk.Having(path) is not { } open)
                closed.SetResult(Task.CompletedTask);
            else if (SleepReducer.IsBusy(open.State))
                closed.SetException(Failed(
                    open.State.Run is not null ? "The session is running; stop it first (pi.abort)."
                    : open.State.Shell is not null ? "A shell command of yours is running in the session; stop it first (pi.abort with what \"bash\")."
                    : open.State.SignIns > 0 ? "The session's Pi carries out a sign-in; finish or cancel that first."
                    : "The session waits for you: decide its edits and questions first."));
            else
                closed.SetResult(desk.Sessions.CloseAsync(open));
        });
        await await closed.Task;
    }

    private async Task<JsonElement> RestoreAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var path = Path.GetFullPath(arguments.Required("path"));
        var deleted = Path.Combine(new DeletedSessions(desk.Folder(), time).Folder, Path.GetFileName(path));
        var back = Path.Combine(desk.Folder(), Path.GetFileName(path));
        if (!WorkspacePath.SamePath(path, deleted) && !WorkspacePath.SamePath(path, back))
            throw Failed($"{path} is none of this workspace's sessions.");
        if (await desk.Sessions.Stored.ReadAsync(deleted, cancellation) is null)
            throw Failed($"There is no deleted session {deleted}.");
        if (await desk.Sessions.Stored.ReadAsync(back, cancellation) is not null)
            throw Failed($"{back} is there already.");
        // What a Pi that still had it open wrote afterwards goes on from where the deleted file ends.
        if (File.Exists(back))
            await new DeletedSessions(desk.Folder(), time).RejoinAsync(deleted, back, cancellation);
        else
            File.Move(deleted, back);
        return JsonSerializer.SerializeToElement(new RestoredReply(back), SessionJson.Default.RestoredReply);
    }

    private async Task<JsonElement> ResumeLineAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var shell = arguments.Text("shell") ?? ResumeCommand.OwnShell;
        if (!ResumeCommand.Shells.Contains(shell))
            throw arguments.Bad($"\"shell\" must be one of {string.Join(", ", ResumeCommand.Shells)}");
        await settings.ReadyAsync();
        var path = PathOf(arguments);
        if (!File.Exists(path))
            throw Failed("This session is not stored yet: Pi stores a session with its first answer.");
        return JsonSerializer.SerializeToElement(new ResumeCommandReply(ResumeCommand.Line(path, shell), ["--session", path], path), SessionJson.Default.ResumeCommandReply);
    }

    /// <summary>The agent that has the session open, or one started for this alone.</summary>
    private async Task<T> WithAgentAsync<T>(CommandArguments arguments, Func<IAgent, string, Task<T>> work, CancellationToken cancellation)
    {
        var path = arguments.Text("path") is null && desk.Session(arguments).Seat.SessionFile is null ? null : PathOf(arguments);
        var session = path is null ? desk.Session(arguments) : desk.Having(path);
        if (session is not null)
        {
            var agent = await session.Seat.StartedAsync(cancellation);
            var result = await work(agent, session.Seat.SessionFile ?? "");
            session.Seat.Note(await agent.GetStateAsync(cancellation));
            return result;
        }

        await RequireStoredAsync(path!, cancellation);
        await using var own = desk.Sessions.CreateAgent(desk.Options(path));
        await own.StartAsync(cancellation);
        return await work(own, path!);
    }

    /// <summary>By <c>path</c>, by <c>sessionId</c>, or the current session's.</summary>
    private string PathOf(CommandArguments arguments) => Path.GetFullPath(arguments.Text("path") ?? desk.Session(arguments).Seat.SessionFile
        ?? throw Failed("This session is not stored yet: Pi stores a session with its first answer."));

    /// <summary>Only what lies in the session folder itself, is no link and begins like a session, is a session of ours.</summary>
    private async Task RequireStoredAsync(string path, CancellationToken cancellation)
    {
        var folder = desk.Folder();
        if (!WorkspacePath.SamePath(Path.GetDirectoryName(path) ?? "", folder) || !path.EndsWith(".jsonl", StringComparison.Ordinal))
            throw Failed($"{path} is none of this workspace's sessions, which are in {folder}.");
        if (new FileInfo(path).LinkTarget is not null)
            throw Failed($"{path} is a link, and is left alone.");
        if (await desk.Sessions.Stored.ReadAsync(path, cancellation) is null)
            throw Failed($"There is no session file \"{path}\"; pi.listSessions lists those there are.");
        if (await desk.IsElsewhereAsync(path, cancellation))
            throw Failed($"{path} is a session of another folder; pi.listSessions lists those of this one.");
    }

    private static SessionEntryReply Reply(StoredSession stored, AgentSession? open, AgentSession? current) => new(
        stored.Path, open?.Id, open is null ? "stored" : StateOf(open), open is not null && open == current, stored.Title, stored.FirstWords,
        stored.Modified.ToString("O", CultureInfo.InvariantCulture), stored.Size, stored.Messages, stored.Model, stored.Usage.TotalTokens, stored.Usage.Cost,
        stored.Parent);

    private static string StateOf(AgentSession session) =>
        !session.State.Open.IsEmpty || session.State.Proposals.Any(p => p.Status == ProposalStatus.Open) ? "waiting"
        : session.State.Run is not null || session.State.Compacting || session.State.Shell is not null ? "running"
        : session.Seat.Agent is null ? "sleeping" : "idle";

    private static RpcException Failed(string why) => new(RpcErrorCodes.RequestFailed, why);
}
