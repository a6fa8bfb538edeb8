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
    public AgentSession Session(string? id) =>
        sessions.Find(id, Initial, setup.Options) ?? throw new WrongArgumentException($"there is no session \"{id}\"");

    public AgentSession NewSession() => sessions.Create(Initial, setup.Options);

    /// <summary>The session that has this file open.</summary>
    public AgentSession? Having(string path) =>
        sessions.All.FirstOrDefault(s => s.Supervisor.SessionFile is { } file && WorkspacePath.SamePath(file, path));

    /// <summary>Where this workspace's sessions are stored: as a running agent says, else as one would.</summary>
    public string Folder() =>
        sessions.All.Select(s => s.Supervisor.LastState?.SessionFile).OfType<string>().Select(Path.GetDirectoryName).LastOrDefault()
            ?? sessions.Stored.Folder(Options(null));

    /// <summary>The stored conversation belongs to another folder.</summary>
    public async Task<bool> IsElsewhereAsync(string path, CancellationToken cancellation) =>
        await sessions.Stored.ReadAsync(path, cancellation) is { WorkingDirectory: { Length: > 0 } folder }
        && !WorkspacePath.SamePath(WorkspacePath.ResolveLinks(folder) ?? folder, WorkspacePath.ResolveLinks(state.Root) ?? state.Root);

    /// <summary>The session that holds an edit: ids are unique within one session only, so they carry its id.</summary>
    public AgentSession? Holding(string? editId) => editId is null
        ? sessions.All.FirstOrDefault(s => s.State.Proposals.Any(s.State.IsOpen))
        : sessions.All.FirstOrDefault(s => s.State.Proposals.Any(p => p.Id == editId));

    /// <summary>New settings for the sessions there are.</summary>
    public void SettingsChanged() => sessions.Post(new SettingsChanged(Rules()));

    private SessionState Initial(string id) => new() { Id = id, Root = state.Root, Rules = Rules() };

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
    public AgentOptions Options(string? sessionFile) => setup.Options(sessionFile);
}
