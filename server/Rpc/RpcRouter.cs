using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PiLsp.Rpc;

/// <summary>
/// Which handler a method has, and what becomes of its result or exception. Filled by the composition before the
/// connection runs; after that called by the ordered loop alone.
/// </summary>
internal sealed class RpcRouter
{
    private readonly Dictionary<string, RequestRoute> _requests = [];
    private readonly Dictionary<string, NotificationRoute> _notifications = [];
    private readonly HashSet<string> _handledEvenCancelled = [];

    private delegate ValueTask<Action<Utf8JsonWriter>> RequestRoute(ReadOnlyMemory<byte> parameters, CancellationToken cancellation);

    /// <summary>
    /// Asked on the ordered loop before every handler, known or not, with the method and whether it is a request.
    /// An error refuses the request; a notification is dropped.
    /// </summary>
    public Func<string, bool, RpcError?>? Guard { get; set; }

    /// <summary>The handler runs on the ordered loop and holds up all that follows.</summary>
    public void OnRequest<TParams, TResult>(
        string method, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result, Func<TParams?, TResult?> handler) =>
        _requests.Add(method, (json, _) => ValueTask.FromResult(Written(handler(Read(method, json, parameters)), result)));

    /// <summary>
    /// Only what the handler does before its first unfinished await runs on the ordered loop; the rest runs beside it.
    /// The token is cancelled by the peer's <c>$/cancelRequest</c> and by the end of the connection.
    /// </summary>
    /// <param name="evenCancelled">The handler has an answer of its own to a request that was cancelled before its turn.</param>
    public void OnRequestAsync<TParams, TResult>(
        string method, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result,
        Func<TParams?, CancellationToken, Task<TResult?>> handler, bool evenCancelled = false)
    {
        _requests.Add(method, async (json, cancellation) => Written(await handler(Read(method, json, parameters), cancellation), result));
        if (evenCancelled)
            _handledEvenCancelled.Add(method);
    }

    /// <summary>The handler runs on the ordered loop. Missing parameters reach it as those of an empty object.</summary>
    /// <param name="fatal">A failure ends the connection: what is known of the peer would no longer be true.</param>
    public void OnNotification<TParams>(string method, JsonTypeInfo<TParams> parameters, Action<TParams> handler, bool fatal = false) =>
        _notifications.Add(method, new NotificationRoute(
            json => handler(Read(method, json.IsEmpty ? "{}"u8.ToArray() : json, parameters)!), fatal));

    /// <summary>Starts on the loop, ends anywhere, does not fail: whatever happens becomes the one reply.</summary>
    public async Task<byte[]> AnswerAsync(RpcRequest request, Action<string> log, CancellationToken cancellation)
    {
        var method = request.Method;
        try
        {
            if (!_handledEvenCancelled.Contains(method))
                cancellation.ThrowIfCancellationRequested();
            if (Guard?.Invoke(method, true) is { } refusal)
                return RpcWriter.Error(request.Id, refusal);
            if (!_requests.TryGetValue(method, out var route))
                return Error(RpcErrorCodes.MethodNotFound, $"The request '{method}' is unknown.");
            return RpcWriter.Result(request.Id, await route(request.Params, cancellation));
        }
        catch (OperationCanceledException)
        {
            return Error(RpcErrorCodes.RequestCancelled, $"The request '{method}' was cancelled.");
        }
        catch (RpcException e)
        {
            return RpcWriter.Error(request.Id, e.Error);
        }
        catch (Exception e)
        {
            log($"The request '{method}' failed: {e}");
            return Error(RpcErrorCodes.InternalError, e.Message);
        }

        byte[] Error(int code, string message) => RpcWriter.Error(request.Id, new RpcError(code, message));
    }

    /// <summary>Throws <see cref="RpcFatalException"/> and nothing else.</summary>
    public void Handle(RpcNotification notification, Action<string> log)
    {
        var method = notification.Method;
        var route = _notifications.GetValueOrDefault(method);
        try
        {
            if (Guard?.Invoke(method, false) is { } refusal)
                log($"The notification '{method}' is dropped: {refusal.Message}");
            else if (route is not null)
                route.Handle(notification.Params);
            else if (!method.StartsWith("$/", StringComparison.Ordinal))
                log($"The notification '{method}' is unknown and ignored.");
        }
        catch (Exception e) when (route is { Fatal: true })
        {
            throw new RpcFatalException($"The notification '{method}' failed, and nothing after it can be trusted: {e.Message}", e);
        }
        catch (Exception e)
        {
            log($"The notification '{method}' failed: {e}");
        }
    }

    private static T? Read<T>(string method, ReadOnlyMemory<byte> json, JsonTypeInfo<T> type)
    {
        T? read;
        try
        {
            read = json.IsEmpty ? default : JsonSerializer.Deserialize(json.Span, type);
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

    private static Action<Utf8JsonWriter> Written<T>(T? result, JsonTypeInfo<T> type) => writer =>
    {
        if (result is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, result, type);
    };

    private sealed record NotificationRoute(Action<ReadOnlyMemory<byte>> Handle, bool Fatal);
}
