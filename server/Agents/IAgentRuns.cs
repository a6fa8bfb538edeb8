namespace PiLsp.Agents;

/// <summary>What can be done about a run besides ending it, and about the conversation's length.</summary>
internal interface IAgentRuns
{
    /// <summary>Takes what waits in the queue out of it.</summary>
    Task<QueuedTexts> ClearQueueAsync(CancellationToken cancellation);

    /// <summary>Does not try again what failed; the run ends with that failure.</summary>
    Task AbortRetryAsync(CancellationToken cancellation);

    /// <summary>Sums up the older part of the conversation. Cancelling stops that and leaves everything as it was.</summary>
    Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation);

    /// <summary>Completes when all that the agent has said so far is handled by whoever reads it; never when it is read no more.</summary>
    Task HandledAsync() => Task.CompletedTask;

    /// <summary>
    /// Runs a command that the user typed, in the agent's shell and directory, also during a run. The output comes as
    /// <see cref="ShellOutput"/>, the end as <see cref="ShellEnded"/>, before this returns. Cancelling ends the command.
    /// </summary>
    /// <param name="isHidden">The model does not read of it with the next prompt.</param>
    /// <param name="begun">Called once the agent has the command: from then on it may have changed something.</param>
    Task RunShellAsync(string command, bool isHidden, Action begun, CancellationToken cancellation);

    /// <summary>What a prompt that begins with a slash can call: commands of extensions, prompt templates, skills.</summary>
    Task<IReadOnlyList<AgentCommand>> ListCommandsAsync(CancellationToken cancellation);
}

/// <summary>Messages that were sent into a run and not delivered yet, each list in its order.</summary>
internal sealed record QueuedTexts(IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp)
{
    public static QueuedTexts None { get; } = new([], []);

    public bool IsEmpty => Steering.Count == 0 && FollowUp.Count == 0;
}

/// <summary>How a shell command of the user's ended.</summary>
/// <param name="Output">Its end, where it is long.</param>
/// <param name="ExitCode">Null for a command that was stopped.</param>
/// <param name="FullOutputPath">Where all of the output is, when it is long.</param>
/// <param name="Error">Why it could not be run, or its end was not heard of.</param>
internal sealed record ShellResult(
    string Output, int? ExitCode, bool IsCancelled = false, bool IsCut = false, string? FullOutputPath = null, string? Error = null)
{
    /// <summary>Files of the workspace that it changed, as shown to people.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    /// <summary>Files whose unsaved text in the editor it could not see.</summary>
    public IReadOnlyList<string> Unsaved { get; init; } = [];
}

/// <summary>Tokens are estimates.</summary>
internal sealed record Compaction(long? TokensBefore, long? TokensAfter, string Summary, AgentUsage Usage);

/// <param name="Source"><c>extension</c>, <c>prompt</c> or <c>skill</c>.</param>
internal sealed record AgentCommand(string Name, string? Description, string Source);

/// <summary>A prompt as the agent gets it.</summary>
internal sealed record AgentPrompt(string Text, IReadOnlyList<AgentImage> Images)
{
    /// <summary>Called right before the agent gets the prompt, with what it is set to; fails where it must not get it.</summary>
    public Func<AgentState, CancellationToken, ValueTask>? Check { get; init; }

    /// <summary>The agent goes on from where it is, whatever others have written to the stored conversation.</summary>
    public bool MayBeBehind { get; init; }

    public static implicit operator AgentPrompt(string text) => new(text, []);
}

/// <param name="MimeType">As the bytes say.</param>
internal sealed record AgentImage(string MimeType, string Base64)
{
    /// <summary>For people.</summary>
    public string Name { get; init; } = "a picture";

    public int Width { get; init; }

    public int Height { get; init; }
}
