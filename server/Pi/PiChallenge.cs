using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>A question that only the gate can answer. Asked by one caller, answered by the reader.</summary>
internal sealed class PiChallenge(string secret)
{
    private readonly TaskCompletionSource<GateReport> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Secret => secret;

    public Task<GateReport> Outcome => _outcome.Task;

    public void Pass(GateReport report) => _outcome.TrySetResult(report);

    public void Fail(AgentException reason) => _outcome.TrySetException(reason);
}
