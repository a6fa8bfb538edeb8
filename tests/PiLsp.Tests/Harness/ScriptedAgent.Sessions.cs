using PiLsp.Agents;

namespace PiLsp.Tests.Harness;

// Conversations are nothing that a scripted agent keeps.
internal sealed partial class ScriptedAgent
{
    public Task<(AgentState State, string? Text)> ForkSessionAsync(string entryId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<AgentState> CloneSessionAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyList<ForkPoint>> ListForkPointsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ForkPoint>>([]);

    public string? Name { get; private set; }

    public Task RenameSessionAsync(string name, CancellationToken cancellation)
    {
        Name = name;
        return Task.CompletedTask;
    }

    public Task<QueuedTexts> ClearQueueAsync(CancellationToken cancellation) => Task.FromResult(QueuedTexts.None);

    public Task RunShellAsync(string command, bool isHidden, Action begun, CancellationToken cancellation) =>
        throw new AgentException("This agent has no shell.");

    public Task AbortRetryAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation) => throw new NotSupportedException();

    public IReadOnlyList<AgentCommand> Commands { get; set; } = [];

    public Task<IReadOnlyList<AgentCommand>> ListCommandsAsync(CancellationToken cancellation) => Task.FromResult(Commands);

    public Task<string> ExportSessionAsync(string? path, CancellationToken cancellation) => Task.FromResult(path ?? "session.html");
}

internal sealed class NoSessions : ISessionStore
{
    public IReadOnlyList<string> ResumeWords(string path) => [];

    public string Folder(AgentOptions options) => Path.Combine(Path.GetTempPath(), "pilsp-no-sessions");

    public Task<IReadOnlyList<StoredSession>> ListAsync(string folder, AgentOptions options, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StoredSession>>([]);

    public Task<StoredSession?> ReadAsync(string path, CancellationToken cancellation) => Task.FromResult<StoredSession?>(null);
}
