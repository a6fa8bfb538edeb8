using PiLsp.Agents;
using PiLsp.Sessions;

namespace PiLsp.Headless;

/// <summary>How a run is shown while it goes on and when it is over. Events come one at a time, from the session's loop.</summary>
internal interface IAskView
{
    /// <summary>Bytes that wait for their reader.</summary>
    long PendingBytes { get; }

    void OnEvent(string sessionId, AgentEvent e);

    /// <summary>After the last event; nothing comes behind it.</summary>
    void Finish(AskOutcome outcome);
}

/// <summary>How an ask ended.</summary>
/// <param name="Result">Null when it came to no run, or the run was lost.</param>
/// <param name="Error">Why it failed, for people; null when there is an answer.</param>
/// <param name="Model">The one that was asked, <c>provider/id</c>.</param>
/// <param name="SessionFile">Where the conversation is stored; null where nothing is.</param>
internal sealed record AskOutcome(string SessionId, AskResult? Result, string? Error, string? Model, string? SessionFile, string? ResumeLine)
{
    public bool IsAborted { get; init; }

    public string StopReason => IsAborted ? "aborted" : Error is not null ? "error" : Result?.StopReason ?? "error";

    public int ExitCode => Error is null ? 0 : 1;
}
