namespace PiLsp.Rpc;

/// <summary>What came in, as far as the envelope goes. Parameters and results stay bytes until somebody knows their type.</summary>
internal abstract record RpcMessage;

/// <param name="Params">JSON, empty when missing or null.</param>
internal sealed record RpcRequest(RpcId Id, string Method, ReadOnlyMemory<byte> Params) : RpcMessage;

/// <param name="Params">JSON, empty when missing or null.</param>
internal sealed record RpcNotification(string Method, ReadOnlyMemory<byte> Params) : RpcMessage;

/// <param name="Result">JSON, empty when missing or null.</param>
/// <param name="IsBare">
/// Neither result nor error. Some clients leave a null result out; with an id that nobody waits for it is a request without a method.
/// </param>
internal sealed record RpcResponse(RpcId? Id, ReadOnlyMemory<byte> Result, RpcError? Error, bool IsBare) : RpcMessage;

/// <summary>Text that is not JSON, or JSON that is not a message.</summary>
/// <param name="Id">Where one could be made out.</param>
/// <param name="LooksLikeResponse">Then it must not be answered: the id is this side's, and the peer may have its own by that number.</param>
internal sealed record RpcBroken(RpcId? Id, RpcError Error, bool HasMethod, bool LooksLikeResponse) : RpcMessage;
