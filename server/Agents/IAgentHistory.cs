namespace PiLsp.Agents;

/// <summary>
/// The conversation that an agent goes on with, as the events that would have told of it, oldest first: told in parts, time and
/// again and from any of them on, so that nobody has to hold all of it. Any thread.
/// </summary>
internal interface IAgentHistory : IDisposable
{
    /// <summary>The parts from there on. May read the disk as it goes.</summary>
    /// <exception cref="IOException">It cannot be read, or is another by now.</exception>
    IEnumerable<HistoryPart> From(HistoryPlace place);
}

/// <summary>Between two parts of a history; only the one who told it knows more of it. The default is the beginning.</summary>
internal readonly record struct HistoryPlace(int Part, int State);

/// <param name="Next">The place behind it.</param>
/// <param name="Size">About as many bytes.</param>
internal readonly record struct HistoryPart(IReadOnlyList<AgentEvent> Events, HistoryPlace Next, long Size);

/// <summary>One that is in the memory anyway.</summary>
internal sealed class ToldHistory(IReadOnlyList<AgentEvent> events) : IAgentHistory
{
    public IEnumerable<HistoryPart> From(HistoryPlace place) => place.Part == 0 ? [new HistoryPart(events, new HistoryPlace(1, 0), 0)] : [];

    public void Dispose()
    {
    }
}
