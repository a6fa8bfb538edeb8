using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace PiLsp.Rpc;

/// <summary>
/// A request or a notification that came in. StreamJsonRpc finds one and the same method for all of them, which takes this
/// message as its argument: unknown methods and parameters that do not fit it would answer itself, ahead of what came
/// before them and in its own words.
/// </summary>
internal sealed class RpcCall : JsonRpcRequest
{
    public const string AnyMethod = "*";

    public RpcCall(RequestId id, string name, JsonElement parameters)
    {
        Method = AnyMethod;
        (RequestId, Name, Parameters) = (id, name, parameters);
    }

    /// <summary>The method that the peer calls.</summary>
    public string Name { get; }

    /// <summary>Undefined when there are none.</summary>
    public JsonElement Parameters { get; }

    public override bool TryGetArgumentByNameOrIndex(string? name, int position, Type? typeHint, out object? value)
    {
        value = this;
        return true;
    }
}

/// <summary>Text that is not JSON, or JSON that is not a message. Never leaves the wire.</summary>
internal sealed class RpcBroken(RequestId id, int code, string reason) : JsonRpcMessage
{
    /// <summary>The null id where none could be made out.</summary>
    public RequestId Id { get; } = id;

    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public bool HasMethod { get; init; } = true;

    /// <summary>Then it must not be answered: the id is this side's, and the peer may have its own by that number.</summary>
    public bool LooksLikeResponse { get; init; }
}
