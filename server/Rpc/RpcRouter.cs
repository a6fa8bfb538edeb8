using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PiLsp.Rpc;

/// <summary>
/// Which handler a method has. Filled by the composition before the connection runs; after that called by the ordered
/// loop alone.
/// </summary>
internal sealed class RpcRouter
{
    private static readonly JsonElement _noMembers = JsonElement.Parse("{}"u8);

    private readonly Dictionary<string, RequestRoute> _requests = [];
    private readonly Dictionary<string, NotificationRoute> _notifications = [];
    private readonly HashSet<string> _handledEvenCancelled = [];
    private bool _failed;

    private delegate ValueTask<Action<Utf8JsonWriter>?> RequestRoute(JsonElement parameters, CancellationToken cancellation);

    /// <summary>
    /// Asked on the ordered loop before every handler, known or not, with the method and whether it is a request.
    /// An error refuses the request; a notification is dropped.
    /// </summary>
    public Func<string, bool, RpcException?>? Guard { get; set; }

    /// <summary>The handler runs on the ordered loop and holds up all that follows.</summary>
    public void OnRequest<TParams, TResult>(
        string method, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result, Func<TParams?, TResult?> handler) =>
        _requests.Add(method, (json, _) => ValueTask.FromResult(RpcFormatter.Written(handler(Read(method, json, parameters)), result)));

    /// <summary>
    /// Only what the handler does before its first unfinished await runs on the ordered loop; the rest runs beside it.
    /// The token is cancelled by the peer's <c>$/cancelRequest</c> and by the end of the connection.
    /// </summary>
    /// <param name="evenCancelled">The handler has an answer of its own to a request that was cancelled before its turn.</param>
    public void OnRequestAsync<TParams, TResult>(
        string method, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result,
        Func<TParams?, CancellationToken, Task<TResult?>> handler, bool evenCancelled = false)
    {
        _requests.Add(method, async (json, cancellation) => RpcFormatter.Written(await handler(Read(method, json, parameters), cancellation), result));
        if (evenCancelled)
            _handledEvenCancelled.Add(method);
    }

    /// <summary>The handler runs on the ordered loop. Missing parameters reach it as those of an empty object.</summary>
    /// <param name="fatal">A failure ends the connection: what is known of the peer would no longer be true.</param>
    public void OnNotification<TParams>(string method, JsonTypeInfo<TParams> parameters, Action<TParams> handler, bool fatal = false) =>
        _notifications.Add(method, new NotificationRoute(
            json => handler(Read(method, json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? _noMembers : json, parameters)!), fatal));

    /// <summary>
    /// Starts on the loop, ends anywhere. What it throws becomes the one reply. Public because StreamJsonRpc calls it by reflection.
    /// </summary>
    /// <returns>Writes the result; null for null.</returns>
    public async Task<Action<Utf8JsonWriter>?> HandleAsync(RpcCall call, CancellationToken cancellation)
    {
        var method = call.Name;
        if (_failed)
            return null;
        if (call.IsNotification)
        {
            Handle(method, call.Parameters);
            return null;
        }

        try
        {
            if (!_handledEvenCancelled.Contains(method))
                cancellation.ThrowIfCancellationRequested();
            if (Guard?.Invoke(method, true) is { } refusal)
                throw refusal;
            if (!_requests.TryGetValue(method, out var route))
                throw new RpcException(RpcErrorCodes.MethodNotFound, $"The request '{method}' is unknown.");
            return await route(call.Parameters, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(RpcErrorCodes.RequestCancelled, $"The request '{method}' was cancelled.");
        }
    }

    private void Handle(string method, JsonElement parameters)
    {
        if (Guard?.Invoke(method, false) is { } refusal)
            throw refusal;
        if (!_notifications.TryGetValue(method, out var route))
        {
            if (!method.StartsWith("$/", StringComparison.Ordinal))
                throw new RpcException(RpcErrorCodes.MethodNotFound, $"The notification '{method}' is unknown and ignored.");
            return;
        }

        try
        {
            route.Handle(parameters);
        }
        catch (Exception e) when (route.Fatal)
        {
            _failed = true;
            throw new RpcFatalException($"The notification '{method}' failed, and nothing after it can be trusted: {e.Message}", e);
        }
    }

    private static T? Read<T>(string method, JsonElement json, JsonTypeInfo<T> type)
    {
        T? read;
        try
        {
            read = RpcFormatter.Read(json, type);
        }
        catch (JsonException e)
        {
            throw new RpcException(
                RpcErrorCodes.InvalidParams, $"The parameters of '{method}' do not fit at '{e.Path ?? "$"}'.", inner: e);
        }

        return RequiredMembers.Missing(read, type) switch
        {
            null => read,
            "" => throw new RpcException(RpcErrorCodes.InvalidParams, $"The parameters of '{method}' are missing."),
            var path => throw new RpcException(RpcErrorCodes.InvalidParams, $"The parameters of '{method}' lack '{path}'."),
        };
    }

    private sealed record NotificationRoute(Action<JsonElement> Handle, bool Fatal);
}
