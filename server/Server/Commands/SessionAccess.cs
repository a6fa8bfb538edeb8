using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Commands;

/// <summary>What the commands work with: the sessions and how new ones are made from the settings. Used on the ordered loop.</summary>
internal sealed class SessionAccess(ServerState state, AgentSetup setup, SessionRegistry sessions)
{
    public SessionRegistry Sessions => sessions;

    /// <summary>The session a command means: by id, or the current one, made if there is none.</summary>
    /// <param name="root">Where one that is made for it works; null: where the one before it did.</param>
    public AgentSession Session(string? id, string? root = null)
    {
        var folder = root ?? RootOf(null, null);
        return sessions.Find(id, one => Initial(one, folder), file => setup.Options(file, folder))
            ?? throw new WrongArgumentException($"there is no session \"{id}\"");
    }

    /// <param name="root">Null: where the current one works.</param>
    public AgentSession NewSession(string? root = null)
    {
        var folder = root ?? RootOf(null, null);
        return sessions.Create(one => Initial(one, folder), file => setup.Options(file, folder));
    }

    /// <summary>The folder of the workspace that the session works in, or that one would which is made for this file.</summary>
    /// <param name="id">Null: the current one.</param>
    public string RootOf(string? id, string? uri) =>
        (id is null ? sessions.Current is { IsClosed: false } current ? current : null : sessions.All.FirstOrDefault(s => s.Id == id))?.State.Root
            ?? state.FolderOf(uri is null ? null : WorkspacePath.FromUri(uri)) ?? state.Root;

    /// <exception cref="WrongArgumentException">It is none of the workspace's.</exception>
    public string FolderBy(string uri) =>
        WorkspacePath.FromUri(uri) is { } path && state.Folders.FirstOrDefault(root => WorkspacePath.SamePath(root, path)) is { } folder
            ? folder
            : throw new WrongArgumentException($"\"folder\" must be one of {string.Join(", ", state.Folders.Select(WorkspacePath.ToUri))}");

    /// <summary>The folder of the workspace that a stored session belongs to; null where it is another's.</summary>
    public string? RootOf(StoredSession? stored) => stored is not { WorkingDirectory: { Length: > 0 } works } ? state.Root
        : state.Folders.FirstOrDefault(root => IsSame(root, works));

    /// <summary>The session that has this file open.</summary>
    public AgentSession? Having(string path) =>
        sessions.All.FirstOrDefault(s => s.Supervisor.SessionFile is { } file && WorkspacePath.SamePath(file, path));

    /// <summary>Where the sessions of a folder are stored: as a running agent says, else as one would.</summary>
    public string StoreOf(string root) =>
        sessions.All.Where(s => WorkspacePath.SamePath(s.State.Root, root)).Select(s => s.Supervisor.LastState?.SessionFile).OfType<string>()
            .Select(Path.GetDirectoryName).LastOrDefault() ?? sessions.Stored.Folder(Options(null, root));

    /// <summary>Where the sessions of each folder are stored; those of several may be in one place.</summary>
    public IReadOnlyList<(string Root, string Store)> Stores() => [.. state.Folders.Select(root => (root, StoreOf(root)))];

    /// <summary>Those of all folders of the workspace, newest first.</summary>
    public async Task<IReadOnlyList<(string Root, StoredSession Session)>> StoredAsync(CancellationToken cancellation)
    {
        var found = new List<(string Root, StoredSession Session)>();
        foreach (var (root, store) in Stores())
            found.AddRange((await sessions.Stored.ListAsync(store, Options(null, root), cancellation)).Select(session => (root, session)));
        return [.. found.DistinctBy(one => one.Session.Path).OrderByDescending(one => one.Session.Modified)];
    }

    /// <summary>The stored conversation belongs to a folder that is none of the workspace's.</summary>
    public async Task<bool> IsElsewhereAsync(string path, CancellationToken cancellation) =>
        RootOf(await sessions.Stored.ReadAsync(path, cancellation)) is null;

    private static bool IsSame(string one, string other) =>
        WorkspacePath.SamePath(WorkspacePath.ResolveLinks(one) ?? one, WorkspacePath.ResolveLinks(other) ?? other);

    /// <summary>The session that holds an edit: ids are unique within one session only, so they carry its id.</summary>
    public AgentSession? Holding(string? editId) => editId is null
        ? sessions.All.FirstOrDefault(s => s.State.Proposals.Any(s.State.IsOpen))
        : sessions.All.FirstOrDefault(s => s.State.Proposals.Any(p => p.Id == editId));

    /// <summary>New settings for the sessions there are.</summary>
    public void SettingsChanged() => sessions.Post(new SettingsChanged(Rules()));

    private SessionState Initial(string id, string root) => new() { Id = id, Root = root, Rules = Rules() };

    private SessionRules Rules() => new()
    {
        ModeSetting = state.Settings.PermissionMode,
        Trusted = state.Settings.WorkspaceTrusted,
        Approval = state.Approval,
        CanAskConsent = state.CanAskConsent,
        ReviewAtEnd = state.Settings.Review == "end",
        LookingTools = state.Settings.LookingTools,
        LookingCommands = state.Settings.LookingCommands == "allow",
        IdleAfter = TimeSpan.FromMinutes(state.Settings.IdleMinutes),
    };

    /// <summary>What a session's agent is started with.</summary>
    public AgentOptions Options(string? sessionFile, string root) => setup.Options(sessionFile, root);
}
