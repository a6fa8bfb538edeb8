using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>A question that only the gate can answer. Asked by one caller, answered by the reader.</summary>
internal sealed class PiChallenge(string secret)
{
    private readonly TaskCompletionSource<GateHello> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Secret => secret;

    public Task<GateHello> Outcome => _outcome.Task;

    public void Pass(GateHello hello) => _outcome.TrySetResult(hello);

    public void Fail(AgentException reason) => _outcome.TrySetException(reason);
}
