using System.Text.Json;
using StreamJsonRpc;

namespace PiLsp.Rpc;

/// <summary>The codes of JSON-RPC 2.0 and of the Language Server Protocol.</summary>
internal static class RpcErrorCodes
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;
    public const int ServerNotInitialized = -32002;
    public const int RequestCancelled = -32800;
    public const int RequestFailed = -32803;
}

/// <summary>Thrown by a handler: becomes the error reply. Thrown by a request: the error that the peer answered.</summary>
internal sealed class RpcException : LocalRpcException
{
    public RpcException(int code, string message, JsonElement? data = null, Exception? inner = null)
        : base(message, inner) => (ErrorCode, ErrorData) = (code, data);

    public int Code => ErrorCode;
}

/// <summary>The connection ended before the peer answered; no answer can come any more.</summary>
internal sealed class RpcConnectionClosedException() : Exception("The connection is closed.");

/// <summary>A notification that must not be missed could not be handled; what is known of the peer is no longer true.</summary>
internal sealed class RpcFatalException(string message, Exception inner) : Exception(message, inner);
