using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.VisualStudio.Threading;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace PiLsp.Rpc;

/// <summary>
/// One JSON-RPC connection, which StreamJsonRpc carries: a reader, an ordered loop that runs the handlers, and the output's
/// one writer. The reader completes responses and cancellations itself; everything else waits its turn on the loop.
/// Every public member may be called from any thread; the log is.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What is to be disposed of is when RunAsync ends.")]
internal sealed class RpcConnection
{
    /// <summary>How long an ended connection waits for handlers to notice and for the peer to take what is queued.</summary>
    private static readonly TimeSpan _drainTime = TimeSpan.FromSeconds(2);

    // Not sticky: what follows a handler's await does not come back onto it.
    private readonly NonConcurrentSynchronizationContext _loop = new(sticky: false);
    private readonly CancellationTokenSource _ended = new();
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly RpcWire _wire;
    private readonly Peer _peer;

    /// <param name="input">Stays the caller's to close.</param>
    /// <param name="output">Closed when the connection ends.</param>
    public RpcConnection(Stream input, Stream output, RpcRouter router, Action<string> log, TimeProvider? time = null)
    {
        (_log, _time) = (log, time ?? TimeProvider.System);
        _loop.UnhandledException += (_, e) => log($"A posted action failed: {e}");
        _wire = new RpcWire(input, output, log);
        _peer = new Peer(_wire, log) { SynchronizationContext = _loop, CancellationStrategy = _wire };
        _peer.TraceSource.Switch.Level = SourceLevels.Off;
        // As a delegate it would cost 0.4 MB of native code.
        _peer.AddLocalRpcMethod(RpcCall.AnyMethod, typeof(RpcRouter).GetMethod(nameof(RpcRouter.HandleAsync))!, router);
    }

    /// <summary>Bytes that the peer has not taken yet.</summary>
    public long PendingBytes => _wire.PendingBytes;

    /// <summary>
    /// Serves until the input ends, the peer stops reading, or the token is cancelled. What came before is still handled,
    /// running handlers are cancelled and their replies sent. Fails when the framing or a fatal notification fails. Called once.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _peer.StartListening();
        Task first = Task.WhenAny(_wire.Input, _wire.Output, _peer.Completion);
        await WithoutThrowing(first.WaitAsync(cancellation));

        if (_wire.Output.IsFaulted)
            _log($"The peer takes no more messages: {_wire.Output.Exception.InnerException?.Message}");
        _wire.StopReading();
        await _ended.CancelAsync();
        await EndAsync();

        await _peer.Completion;
        if (_wire.Input.IsCompleted)
            await _wire.Input;
    }

    /// <summary>
    /// Sends a request, while the connection runs. Cancelling ends the wait at once and tells the peer. An error reply is an
    /// <see cref="RpcException"/>, the end of the connection an <see cref="RpcConnectionClosedException"/>. The message is
    /// queued before this returns.
    /// </summary>
    public async Task<TResult?> RequestAsync<TParams, TResult>(
        string method, TParams parameters, JsonTypeInfo<TParams> paramsType, JsonTypeInfo<TResult> resultType, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        try
        {
            if (_ended.IsCancellationRequested)
                throw new RpcConnectionClosedException();
            // The peer may take its time to answer a request that is cancelled.
            var result = await _peer.AskAsync(method, RpcFormatter.Written(parameters, paramsType), cancellation).WaitAsync(waiting.Token);
            return RpcFormatter.Read(result, resultType);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw _ended.IsCancellationRequested ? new RpcConnectionClosedException()
                : new RpcException(RpcErrorCodes.RequestCancelled, $"The peer cancelled the request '{method}'.");
        }
        catch (ConnectionLostException)
        {
            throw new RpcConnectionClosedException();
        }
        catch (RemoteRpcException e)
        {
            throw new RpcException((int?)e.ErrorCode ?? RpcErrorCodes.InternalError, e.Message, e.ErrorData as JsonElement?);
        }
        catch (JsonException e)
        {
            throw new RpcException(RpcErrorCodes.InternalError, $"The answer to '{method}' does not fit at '{e.Path ?? "$"}'.", inner: e);
        }
    }

    /// <summary>Sends a notification; after the end of the connection it goes nowhere.</summary>
    public void Notify<TParams>(string method, TParams parameters, JsonTypeInfo<TParams> paramsType) =>
        _wire.Notify(method, RpcFormatter.Written(parameters, paramsType));

    /// <summary>Runs the action on the ordered loop, after what is queued there; never inside this call.</summary>
    public void Post(Action action) => _loop.Post(static action => ((Action)action!)(), action);

    private async Task EndAsync()
    {
        using var handlersDeadline = new CancellationTokenSource(_drainTime, _time);

        // First what was received is handled, then what is still running is cancelled. The loop goes on meanwhile,
        // because a handler on its way out may post to it.
        await Within(handlersDeadline, CaughtUpAsync());
        await Within(handlersDeadline, _wire.CancelAllAsync());
        await Within(handlersDeadline, CaughtUpAsync());
        _peer.Dispose();

        // Its own deadline: a handler that hangs must not cost the others their replies.
        using var peerDeadline = new CancellationTokenSource(_drainTime, _time);
        await Within(peerDeadline, _wire.CompleteAsync());
        if (handlersDeadline.IsCancellationRequested || peerDeadline.IsCancellationRequested)
            _log("The connection ended without waiting longer for its handlers and its peer.");

        static Task Within(CancellationTokenSource deadline, Task task) => WithoutThrowing(task.WaitAsync(deadline.Token));
    }

    private Task CaughtUpAsync()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(reached.SetResult);
        return reached.Task;
    }

    private static async Task WithoutThrowing(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>StreamJsonRpc with our ids, errors and failures.</summary>
    private sealed class Peer(RpcWire wire, Action<string> log) : JsonRpc(wire)
    {
        private long _lastId;

        public Task<JsonElement> AskAsync(string method, Action<Utf8JsonWriter>? parameters, CancellationToken cancellation) =>
            InvokeCoreAsync<JsonElement>(
                new RequestId(Interlocked.Increment(ref _lastId)), method, parameters is null ? null : [parameters], cancellation, isParameterObject: true);

        protected override bool IsFatalException(Exception ex) => ex is RpcFatalException;

        /// <summary>The peer gets no stack trace; what it cannot get, or need not, is logged.</summary>
        protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception)
        {
            var call = (RpcCall)request;
            if (exception is not RpcException)
                log($"The {(call.IsNotification ? "notification" : "request")} '{call.Name}' failed: {exception}");
            else if (call.IsNotification)
                log(exception.Message);
            return base.CreateErrorDetails(call, exception as RpcException ?? new RpcException(RpcErrorCodes.InternalError, exception.Message));
        }
    }
}
