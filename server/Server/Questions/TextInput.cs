using PiLsp.Agents;
using PiLsp.Protocol;
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
        var result = await rpc.InputAsync(new InputParams(title, placeholder, Secret: secret ? true : null), cancellation);
        return result?.Value;
    }
}
