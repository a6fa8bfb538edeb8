using PiLsp.Agents;
using PiLsp.Server.Accounts;
using PiLsp.Server.Editor;

namespace PiLsp.Server.Settings;

/// <summary>What agents are started with: the settings as they are now, and the keys that the client keeps. Any thread.</summary>
internal sealed class AgentSetup(ServerState state, KeyRing ring)
{
    /// <param name="sessionFile">A stored conversation to resume, or null for a new one.</param>
    /// <param name="root">The folder of the workspace that the agent works in.</param>
    public AgentOptions Options(string? sessionFile, string root)
    {
        var s = state.Settings;
        // A stored conversation goes on with its own model.
        var isNew = sessionFile is null;
        return new AgentOptions(
            root, s.Command, s.NodePath, s.ExtraArgs, ring.AddTo(s.Env), isNew ? s.Provider : null, isNew ? s.Model : null, isNew ? s.Thinking : null,
            s.SessionDir, s.SessionTitle, sessionFile, s.TrustProject && s.WorkspaceTrusted, TimeSpan.FromMilliseconds(s.StartTimeoutMs))
        {
            EditorKnowledge = state.Capabilities.EditorKnowledge,
            TrustWorkspace = s.WorkspaceTrusted,
        };
    }

    /// <summary>Where a provider's credential comes from, in the client's words: a key that the client keeps is in the environment for the agent.</summary>
    public string? SourceOf(AgentProvider provider) =>
        provider is { Source: "environment", Label: { } variable } && ring.Has(provider.Id, variable) && !state.Settings.Env.ContainsKey(variable) ? "client"
            : provider.Source;

    /// <summary>Another one when it may be another matter whether a prompt can be sent.</summary>
    public string Fingerprint()
    {
        var o = Probe();
        var policy = state.Settings.ModelPolicy;
        return string.Join('\0', [
            o.Command, o.NodePath, .. o.ExtraArgs, "", .. o.Env.OrderBy(e => e.Key, StringComparer.Ordinal).SelectMany(e => new[] { e.Key, e.Value }),
            "", .. policy.Allow, "", .. policy.Deny, policy.ClaudeSubscription.ToString(),
        ]);
    }

    /// <summary>To see whether it can be started: nothing of it is stored, and no choice of the user's can be in the way.</summary>
    public AgentOptions Probe() =>
        Options(null, state.Root) with { Provider = null, Model = null, Thinking = null, SessionTitle = null, Ephemeral = true };
}
