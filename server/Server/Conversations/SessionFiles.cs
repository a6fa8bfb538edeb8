using System.Globalization;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Sessions.Running;
using PiLsp.Sessions.Transcripts;
using PiLsp.Workspace;

namespace PiLsp.Server.Conversations;

/// <summary>The workspace's stored sessions: listed, named, deleted, restored, exported. Synchronous parts run on the ordered loop.</summary>
internal sealed class SessionFiles(SessionAccess desk, SettingsSync settings, RpcConnection rpc, TimeProvider time)
{
    /// <summary>So much of a first message is told, as of a stored one.</summary>
    private const int MostWords = 200;

    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.ListSessions, ListAsync);
        commands.On(WireCommands.RenameSession, RenameAsync);
        commands.On(WireCommands.DeleteSession, DeleteAsync);
        commands.On(WireCommands.RestoreSession, RestoreAsync);
        commands.On(WireCommands.ExportSession, ExportAsync);
        commands.On(WireCommands.ResumeCommand, ResumeLineAsync);
    }

    private async Task<ListSessionsResult> ListAsync(NoArgument argument, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var (root, current) = (desk.RootOf(null, null), desk.Sessions.Current);
        var stores = desk.Stores();
        var open = desk.Sessions.All.Where(s => s.Supervisor.SessionFile is not null).ToList();
        var stored = await Task.Run(
            () =>
            {
                foreach (var (_, store) in stores)
                    new DeletedSessions(store, time).Empty();
                return desk.StoredAsync(cancellation);
            },
            cancellation);
        var titles = stored.ToDictionary(s => WorkspacePath.KeyOf(s.Session.Path), s => SessionTitle.Of(s.Session));
        var replies = stored.Select(s => Reply(
            s.Session, open.FirstOrDefault(o => WorkspacePath.SamePath(o.Supervisor.SessionFile!, s.Session.Path)), current,
            s.Session.Parent is { } parent ? titles.GetValueOrDefault(WorkspacePath.KeyOf(parent)) : null,
            stores.Count > 1 ? WorkspacePath.ToUri(s.Root) : null)).ToList();
        // Those that Pi has not written yet come first: nothing is newer.
        var unwritten = open.Where(o =>
            !stored.Any(s => WorkspacePath.SamePath(o.Supervisor.SessionFile!, s.Session.Path)) && !File.Exists(o.Supervisor.SessionFile));
        replies.InsertRange(0, unwritten.Select(o => Unwritten(o, current, stores.Count > 1)));
        return new ListSessionsResult(desk.StoreOf(root), replies);
    }

    private async Task<RenamedSession> RenameAsync(RenameSessionArgument argument, CancellationToken cancellation)
    {
        var name = argument.Name.Trim();
        if (name.Length == 0 || name.Any(char.IsControl))
            throw new WrongArgumentException("\"name\" must be one line of text");
        await settings.ReadyAsync();
        var path = await WithAgentAsync(new SessionChoice(argument.SessionId, argument.Path), async (agent, file) =>
        {
            await agent.RenameSessionAsync(name, cancellation);
            return file;
        }, cancellation);
        return new RenamedSession(path, name);
    }

    private async Task<ExportedSession> ExportAsync(ExportSessionArgument argument, CancellationToken cancellation)
    {
        if (argument.Output is { } output && !Path.IsPathFullyQualified(output))
            throw new WrongArgumentException("\"output\" must be an absolute path");
        await settings.ReadyAsync();
        var path = await WithAgentAsync(new SessionChoice(argument.SessionId, argument.Path), (agent, _) =>
            agent.ExportSessionAsync(argument.Output, cancellation), cancellation);
        return new ExportedSession(path);
    }

    private async Task<DeletedSession> DeleteAsync(DeleteSessionArgument argument, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var path = PathOf(new SessionChoice(argument.SessionId, argument.Path));
        await RequireStoredAsync(path, cancellation);
        await CloseAsync(path);

        if (!File.Exists(path))
            throw Failed($"There is no session file \"{path}\" any more; nothing was deleted.");
        string? moved = null;
        if (argument.Permanently == true)
            File.Delete(path);
        else
            moved = new DeletedSessions(Path.GetDirectoryName(path)!, time).Take(path);
        return new DeletedSession(path, moved);
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
                    open.State.Run is not null ? "The session is running; stop it first."
                    : open.State.Shell is not null ? "A shell command of yours is running in the session; stop it first."
                    : open.State.SignIns > 0 ? "The session's Pi carries out a sign-in; finish or cancel that first."
                    : "The session waits for you: decide its edits and questions first."));
            else
                closed.SetResult(desk.Sessions.CloseAsync(open));
        });
        await await closed.Task;
    }

    private async Task<SessionPath> RestoreAsync(PathArgument argument, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var path = Path.GetFullPath(argument.Path);
        var store = desk.Stores().Select(s => s.Store).FirstOrDefault(
            s => WorkspacePath.SamePath(Path.GetDirectoryName(path) ?? "", s)
                || WorkspacePath.SamePath(Path.GetDirectoryName(path) ?? "", new DeletedSessions(s, time).Folder))
            ?? throw Failed($"{path} is none of this workspace's sessions.");
        var deleted = Path.Combine(new DeletedSessions(store, time).Folder, Path.GetFileName(path));
        var back = Path.Combine(store, Path.GetFileName(path));
        if (await desk.Sessions.Stored.ReadAsync(deleted, cancellation) is null)
            throw Failed($"There is no deleted session {deleted}.");
        if (await desk.Sessions.Stored.ReadAsync(back, cancellation) is not null)
            throw Failed($"{back} is there already.");
        // What a Pi that still had it open wrote afterwards goes on from where the deleted file ends.
        if (File.Exists(back))
            await new DeletedSessions(store, time).RejoinAsync(deleted, back, cancellation);
        else
            File.Move(deleted, back);
        return new SessionPath(back);
    }

    private async Task<ResumeLine> ResumeLineAsync(ResumeCommandArgument argument, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var path = PathOf(new SessionChoice(argument.SessionId, argument.Path));
        if (!File.Exists(path))
            throw Failed("This session is not stored yet: Pi stores a session with its first answer.");
        var words = desk.Sessions.Stored.ResumeWords(path);
        return new ResumeLine(ResumeCommand.Line(words, argument.Shell ?? ResumeCommand.OwnShell), [.. words.Skip(1)], path);
    }

    /// <summary>The agent that has the session open, or one started for this alone.</summary>
    private async Task<T> WithAgentAsync<T>(SessionChoice choice, Func<IAgent, string, Task<T>> work, CancellationToken cancellation)
    {
        var path = choice.Path is null && desk.Session(choice.SessionId).Supervisor.SessionFile is null ? null : PathOf(choice);
        var session = path is null ? desk.Session(choice.SessionId) : desk.Having(path);
        if (session is not null)
        {
            var agent = await session.Supervisor.StartedAsync(cancellation);
            var result = await work(agent, session.Supervisor.SessionFile ?? "");
            session.Supervisor.Note(await agent.GetStateAsync(cancellation));
            return result;
        }

        await RequireStoredAsync(path!, cancellation);
        var root = desk.RootOf(await desk.Sessions.Stored.ReadAsync(path!, cancellation)) ?? desk.RootOf(null, null);
        await using var own = desk.Sessions.CreateAgent(desk.Options(path, root));
        await own.StartAsync(cancellation);
        return await work(own, path!);
    }

    /// <summary>By <c>path</c>, by <c>sessionId</c>, or the current session's.</summary>
    private string PathOf(SessionChoice choice) => Path.GetFullPath(choice.Path ?? desk.Session(choice.SessionId).Supervisor.SessionFile
        ?? throw Failed("This session is not stored yet: Pi stores a session with its first answer."));

    /// <summary>Only what lies in the session folder itself, is no link and begins like a session, is a session of ours.</summary>
    private async Task RequireStoredAsync(string path, CancellationToken cancellation)
    {
        var stores = desk.Stores().Select(s => s.Store).Distinct().ToList();
        if (!stores.Exists(store => WorkspacePath.SamePath(Path.GetDirectoryName(path) ?? "", store)) || !path.EndsWith(".jsonl", StringComparison.Ordinal))
            throw Failed($"{path} is none of this workspace's sessions, which are in {string.Join(", ", stores)}.");
        if (new FileInfo(path).LinkTarget is not null)
            throw Failed($"{path} is a link, and is left alone.");
        if (await desk.Sessions.Stored.ReadAsync(path, cancellation) is null)
            throw Failed($"There is no session file \"{path}\"; look in the list of sessions.");
        if (await desk.IsElsewhereAsync(path, cancellation))
            throw Failed($"{path} is a session of another folder; the list of sessions has those of this one.");
    }

    private static StoredSessionReply Reply(StoredSession stored, AgentSession? open, AgentSession? current, string? forkedFrom, string? folder) => new(
        stored.Path, open?.Id, open is null ? "stored" : StateOf(open), open is not null && open == current, stored.Title,
        PromptText.FirstWords(stored.FirstWords),
        stored.Modified.ToString("O", CultureInfo.InvariantCulture), stored.Size, stored.Messages, stored.Model, stored.Usage.TotalTokens, stored.Usage.Cost,
        stored.Parent, forkedFrom, folder);

    /// <summary>Pi stores it with the first answer: until then it is called by what is under way.</summary>
    private static StoredSessionReply Unwritten(AgentSession session, AgentSession? current, bool namesFolder)
    {
        var (name, words) = (session.Supervisor.LastState?.SessionName, session.Transcript.Entries.OfType<UserEntry>().FirstOrDefault()?.Text);
        words = words is null ? null : ShortText.Of(words.Trim(), MostWords);
        return new StoredSessionReply(
            session.Supervisor.SessionFile!, session.Id, StateOf(session), session == current, name, PromptText.FirstWords(words), null, 0, 0,
            session.Supervisor.LastState?.Model?.FullId, 0, 0, null,
            WorkspaceFolder: namesFolder ? WorkspacePath.ToUri(session.State.Root) : null,
            Loading: name is null && words is null && session.State.Run is not null ? true : null);
    }

    private static string StateOf(AgentSession session) =>
        !session.State.Pending.IsEmpty || session.State.Proposals.Any(session.State.IsOpen) ? "waiting"
        : session.State.Run is not null || session.State.Compacting || session.State.Shell is not null ? "running"
        : session.Supervisor.Agent is null ? "sleeping" : "idle";

    private static RpcException Failed(string why) => new(RpcErrorCodes.RequestFailed, why);
}
