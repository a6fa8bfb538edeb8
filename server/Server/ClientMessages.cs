using PiLsp.Protocol;
using PiLsp.Rpc;

namespace PiLsp.Server;

/// <summary>Sends the protocol's own requests and notifications. Any thread.</summary>
internal static class ClientMessages
{
    public static Task<TResult?> RequestAsync<TParams, TResult>(
        this RpcConnection rpc, ServerRequest<TParams, TResult> request, TParams parameters, CancellationToken cancellation) =>
        rpc.RequestAsync(request.Method, parameters, request.Params, request.Result, cancellation);

    public static void Notify<TParams>(this RpcConnection rpc, ServerNotification<TParams> notification, TParams parameters) =>
        rpc.Notify(notification.Method, parameters, notification.Params);
}
