using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>Makes agents that are Pi. One for the process; any thread.</summary>
/// <param name="gatePath">Absolute path of the gate that Pi loads, as it is laid out beside the server.</param>
internal sealed class PiAgentFactory(PiLocator locator, string gatePath, Action<string> log, TimeProvider time) : IAgentFactory
{
    public ISessionStore Sessions { get; } = new PiSessionStore();

    public IReadOnlyList<string> OwnFolders(AgentOptions options)
    {
        var home = PiSessionFolder.AgentFolder(options);
        string[] folders = [Path.Combine(home, "skills"), Path.Combine(home, "prompts"), Path.Combine(home, "extensions"), Path.Combine(home, "npm"),
            Path.Combine(home, "git"), PiSessionFolder.Full("~/.agents/skills", options)];
        return locator.PackageFolder is { } package ? [.. folders, package] : folders;
    }

    public IAgent Create(AgentOptions options) => new PiAgent(options, locator, gatePath, log, time);
}
