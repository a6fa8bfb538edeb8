using PiLsp.Agents;
using PiLsp.Rpc;

namespace PiLsp.Server.Questions;

/// <summary>Asks the user for a text, where the client can (<c>experimental.pi.input</c>): LSP itself has no such request. Any thread.</summary>
internal sealed class TextInput(ServerState state, RpcConnection rpc)
{
    public bool IsPossible => state.Capabilities.Input;

    /// <summary>Null when the user gives up.</summary>
    public async Task<string?> AskAsync(string title, string? placeholder, bool secret, CancellationToken cancellation)
    {
        if (!IsPossible)
            throw new AgentException($"This editor cannot ask for a text (\"{title}\").");
        var result = await rpc.RequestAsync(
            "pi/input", new PiInputParams(title, placeholder, null, null, secret ? true : null),
            ProviderJson.Default.PiInputParams, ProviderJson.Default.PiInputResult, cancellation);
        return result?.Value;
    }
}
