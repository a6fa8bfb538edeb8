namespace PiLsp.Sessions;

/// <summary>What a question to the user is about; by this it is answered and taken back. Prints as it is told in a log. Immutable.</summary>
internal abstract record QuestionKey
{
    /// <summary>A proposal.</summary>
    internal sealed record Edit(string EditId) : QuestionKey;

    /// <summary>All that a run has staged.</summary>
    internal sealed record Review(string RunId) : QuestionKey;

    /// <summary>A request of the agent's that waits for the answer.</summary>
    internal sealed record Request(string RequestId) : QuestionKey;

    public sealed override string ToString() => this switch
    {
        Edit e => $"edit:{e.EditId}",
        Review r => $"review:{r.RunId}",
        _ => ((Request)this).RequestId,
    };
}
