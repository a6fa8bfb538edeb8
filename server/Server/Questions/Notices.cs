using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;

namespace PiLsp.Server.Questions;

/// <summary>The one way of a <c>window/showMessage</c>: without secrets, and with nothing in it that would not be seen.</summary>
internal static class Notices
{
    public static void Tell(this RpcConnection rpc, MessageType type, string message) =>
        rpc.Notify("window/showMessage", new ShowMessageParams(type, ShownText.Told(message)), LspJson.Default.ShowMessageParams);
}
