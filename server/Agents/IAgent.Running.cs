namespace PiLsp.Agents;

/// <summary>What can be done about a run besides ending it, and about the conversation's length.</summary>
internal partial interface IAgent
{
    /// <summary>Takes what waits in the queue out of it.</summary>
    Task<QueuedTexts> ClearQueueAsync(CancellationToken cancellation);

    /// <summary>Does not try again what failed; the run ends with that failure.</summary>
    Task AbortRetryAsync(CancellationToken cancellation);

    /// <summary>Sums up the older part of the conversation. Cancelling stops that and leaves everything as it was.</summary>
    Task<Compaction> CompactAsync(string? instructions, CancellationToken cancellation);

    /// <summary>What a prompt that begins with a slash can call: commands of extensions, prompt templates, skills.</summary>
    Task<IReadOnlyList<AgentCommand>> ListCommandsAsync(CancellationToken cancellation);
}

/// <summary>Messages that were sent into a run and not delivered yet, each list in its order.</summary>
internal sealed record QueuedTexts(IReadOnlyList<string> Steering, IReadOnlyList<string> FollowUp)
{
    public static QueuedTexts None { get; } = new([], []);

    public bool IsEmpty => Steering.Count == 0 && FollowUp.Count == 0;
}

/// <summary>Tokens are estimates.</summary>
internal sealed record Compaction(long? TokensBefore, long? TokensAfter, string Summary, AgentUsage Usage);

/// <param name="Source"><c>extension</c>, <c>prompt</c> or <c>skill</c>.</param>
internal sealed record AgentCommand(string Name, string? Description, string Source);

/// <summary>A prompt as the agent gets it.</summary>
internal sealed record AgentPrompt(string Text, IReadOnlyList<AgentImage> Images)
{
    public static implicit operator AgentPrompt(string text) => new(text, []);
}

internal sealed record AgentImage(string MimeType, string Base64);
