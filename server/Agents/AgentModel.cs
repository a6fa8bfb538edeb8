namespace PiLsp.Agents;

/// <summary>Tokens and cost (US dollars) of one or several model calls.</summary>
internal readonly record struct AgentUsage(long Input, long Output, long CacheRead, long CacheWrite, long TotalTokens, decimal Cost)
{
    public static AgentUsage operator +(AgentUsage a, AgentUsage b) => new(
        a.Input + b.Input, a.Output + b.Output, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite,
        a.TotalTokens + b.TotalTokens, a.Cost + b.Cost);
}

/// <summary>A model as the agent lists it. Cost in US dollars per million tokens.</summary>
internal sealed record AgentModel(
    string Provider, string Id, string Name, bool Reasoning, long ContextWindow, IReadOnlyList<string> Input,
    decimal InputCost, decimal OutputCost)
{
    public string FullId => $"{Provider}/{Id}";
}

/// <param name="Usable">Those that may be used.</param>
/// <param name="Hidden">Those that may not, each with the reason.</param>
internal sealed record SortedModels(IReadOnlyList<AgentModel> Usable, IReadOnlyList<(AgentModel Model, string Reason)> Hidden)
{
    /// <summary>Why there may be more of them than the agent could read; null when it could read everything.</summary>
    public ConfigProblem? ConfigProblem { get; init; }

    /// <summary>Whether the agent has this one, usable or not.</summary>
    public bool Knows(AgentModel model) => Usable.Any(m => m.FullId == model.FullId) || Hidden.Any(e => e.Model.FullId == model.FullId);
}

/// <summary>What the agent is set to right now.</summary>
internal sealed record AgentState(
    AgentModel? Model, string Thinking, string SessionId, string? SessionFile, string? SessionName, bool IsStreaming);

/// <param name="ContextTokens">Null right after a compaction, until the agent knows.</param>
internal sealed record AgentStats(AgentUsage Usage, long? ContextTokens, long? ContextWindow, double? ContextPercent);

/// <summary>What the gate proved before the first prompt: which tools are in force and where each comes from.</summary>
/// <param name="KeepsPictures">Pictures go to the vendor as they are, however large.</param>
/// <param name="ConfigProblem">Why the agent could not read its models or credentials; it goes on without them.</param>
internal sealed record GateReport(string AgentVersion, IReadOnlyList<GateTool> Tools, ConfigProblem? ConfigProblem = null, bool KeepsPictures = false);

/// <param name="Reason">In the agent's own words.</param>
/// <param name="StopsAll">No prompt can be sent, whatever models there are.</param>
internal sealed record ConfigProblem(string Reason, bool StopsAll);

internal sealed record GateTool(string Name, string Source, bool Active);

internal enum PromptDelivery { Start, Steer, FollowUp }

/// <summary>What the agent has done with a prompt.</summary>
internal enum PromptFate
{
    /// <summary>An extension of the agent has dealt with it, and no run follows.</summary>
    Handled,

    /// <summary>
    /// A run begins with it, and ends with <see cref="RunSettled"/>. So it is also with a message that came too late for the run it was sent into.
    /// </summary>
    Started,

    /// <summary>It waits for its turn in the run that is under way.</summary>
    Queued,
}
