namespace PiLsp.Agents;

/// <summary>What an agent does with its stored conversations. The gate proves itself again after every change of them.</summary>
internal interface IAgentConversations
{
    /// <summary>A new conversation with everything before this message of the user's, whose text comes back to be written anew.</summary>
    Task<(AgentState State, string? Text)> ForkSessionAsync(string entryId, CancellationToken cancellation);

    /// <summary>A new conversation with all of this one.</summary>
    Task<AgentState> CloneSessionAsync(CancellationToken cancellation);

    /// <summary>The user's messages that a fork can begin at, oldest first.</summary>
    Task<IReadOnlyList<ForkPoint>> ListForkPointsAsync(CancellationToken cancellation);

    Task RenameSessionAsync(string name, CancellationToken cancellation);

    /// <param name="path">Where to; null leaves the choice to the agent.</param>
    /// <returns>The HTML file.</returns>
    Task<string> ExportSessionAsync(string? path, CancellationToken cancellation);
}

internal sealed record ForkPoint(string EntryId, string Text);

/// <summary>The agent's stored conversations, looked at without starting it. Safe from any thread.</summary>
internal interface ISessionStore
{
    /// <summary>The directory that a session started with these options is stored in.</summary>
    string Folder(AgentOptions options);

    /// <summary>Those of the directory that belong to the options' working directory, newest first; unreadable ones are left out.</summary>
    Task<IReadOnlyList<StoredSession>> ListAsync(string folder, AgentOptions options, CancellationToken cancellation);

    /// <summary>Null for a file that is no session.</summary>
    Task<StoredSession?> ReadAsync(string path, CancellationToken cancellation);

    /// <summary>What opens a stored conversation in a terminal: the program, and its arguments.</summary>
    IReadOnlyList<string> ResumeWords(string path);
}

/// <summary>A stored conversation, as its file tells it.</summary>
/// <param name="FirstWords">The beginning of the user's first message that was answered; of a fork of its own first one, if it has any.</param>
/// <param name="Model">The one that answered last, <c>provider/id</c>.</param>
/// <param name="Messages">Of the user and the assistant.</param>
/// <param name="Parent">The file that this one was forked or cloned from.</param>
internal sealed record StoredSession(
    string Path, string Id, string WorkingDirectory, DateTimeOffset Modified, long Size, string? Title, string? FirstWords, string? Model,
    int Messages, AgentUsage Usage, string? Parent);
