using System.Globalization;

namespace PiLsp.Sessions;

/// <summary>What is to have happened by a time. Equal for the same thing, by which it is stopped; prints as it is told in a log. Immutable.</summary>
internal abstract record Deadline
{
    /// <summary>The client's answer to an edit that it was sent.</summary>
    internal sealed record Answer(int Delivery) : Deadline;

    /// <summary>The report of a text that shows what the client said it applied.</summary>
    internal sealed record Landed(int Delivery) : Deadline;

    /// <summary>What became of an edit whose tool was stopped.</summary>
    internal sealed record Outcome(string EditId) : Deadline;

    /// <summary>The user's answer to a question that the agent waits for no longer than it said.</summary>
    internal sealed record Dialog(string RequestId) : Deadline;

    /// <summary>The end of a run that was told to stop.</summary>
    internal sealed record Abort : Deadline;

    /// <summary>The end of a shell command that was told to stop.</summary>
    internal sealed record Shell : Deadline;

    /// <summary>Somebody who uses the agent.</summary>
    internal sealed record Idle : Deadline;

    /// <summary>The loop's own: text that waits to be told with what comes right after it.</summary>
    internal sealed record Events : Deadline;

    /// <summary>The loop's own: a list that a slow client was not told.</summary>
    internal sealed record Edits : Deadline;

    public sealed override string ToString() => this switch
    {
        Answer a => string.Create(CultureInfo.InvariantCulture, $"answer:{a.Delivery}"),
        Landed l => string.Create(CultureInfo.InvariantCulture, $"landed:{l.Delivery}"),
        Outcome o => $"outcome:{o.EditId}",
        Dialog d => $"dialog:{d.RequestId}",
        _ => GetType().Name.ToLowerInvariant(),
    };
}

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
