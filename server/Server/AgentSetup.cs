using PiLsp.Agents;

namespace PiLsp.Server;

/// <summary>What agents are started with: the settings as they are now, and the keys that the client keeps. Any thread.</summary>
internal sealed class AgentSetup(ServerState state, KeyRing ring)
{
    /// <param name="sessionFile">A stored conversation to go on with, or null for a new one.</param>
    public AgentOptions Options(string? sessionFile)
    {
        var s = state.Settings;
        // A stored conversation goes on with its own model.
        var isNew = sessionFile is null;
        return new AgentOptions(
            state.Root, s.Command, s.NodePath, s.ExtraArgs, ring.AddTo(s.Env), isNew ? s.Provider : null, isNew ? s.Model : null, isNew ? s.Thinking : null,
            s.SessionDir, s.SessionTitle, sessionFile, s.TrustProject && s.WorkspaceTrusted, TimeSpan.FromMilliseconds(s.StartTimeoutMs))
        {
            EditorKnowledge = state.Capabilities.EditorKnowledge,
        };
    }

    /// <summary>To see whether it can be started: nothing of it is stored, and no choice of the user's can be in the way.</summary>
    public AgentOptions Probe() =>
        Options(null) with { Provider = null, Model = null, Thinking = null, SessionTitle = null, Ephemeral = true };
}
