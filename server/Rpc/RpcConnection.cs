using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using PiLsp.Transport;

namespace PiLsp.Rpc;

/// <summary>
/// One JSON-RPC connection: a reader, an ordered loop that runs the handlers, and the output's one writer.
/// The reader completes responses and cancellations itself; everything else waits its turn on the loop.
/// Every public member may be called from any thread; <paramref name="log"/> is.
/// </summary>
/// <param name="input">Stays the caller's to close.</param>
/// <param name="output">Closed when the connection ends.</param>
internal sealed class RpcConnection(Stream input, Stream output, RpcRouter router, Action<string> log, TimeProvider? time = null)
{
    /// <summary>How long an ended connection waits for handlers to notice and for the peer to take what is queued.</summary>
    private static readonly TimeSpan _drainTime = TimeSpan.FromSeconds(2);

    private readonly OutboundQueue _outbound = new(output, new ContentLengthFraming());
    private readonly Channel<Action> _mailbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly OutgoingRequests _outgoing = new();
    private readonly IncomingRequests _incoming = new();

    /// <summary>Bytes that the peer has not taken yet.</summary>
    public long PendingBytes => _outbound.PendingBytes;

    /// <summary>
    /// Serves until the input ends, the peer stops reading, or the token is cancelled. What came before is still handled,
    /// running handlers are cancelled and their replies sent. Fails when the framing or a fatal notification fails. Called once.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var loop = Task.Run(RunLoopAsync, CancellationToken.None);
        var reading = Task.Run(() => ReadAsync(stop.Token), CancellationToken.None);
        Task first = Task.WhenAny(reading, loop, _outbound.Completion);
        await WithoutThrowing(first.WaitAsync(cancellation));

        if (_outbound.Completion.IsFaulted)
            log($"The peer takes no more messages: {_outbound.Completion.Exception.InnerException?.Message}");
        // Not awaited below: a read from a console cannot be interrupted.
        await stop.CancelAsync();
        _outgoing.Close();
        await EndAsync(loop);

        if (loop.IsFaulted)
            await loop;
        if (reading.IsFaulted)
            await reading;
    }

    /// <summary>
    /// Sends a request. Cancelling ends the wait at once and tells the peer. An error reply is an <see cref="RpcException"/>,
    /// the end of the connection an <see cref="RpcConnectionClosedException"/>. The message is queued before this returns.
    /// </summary>
    public async Task<TResult?> RequestAsync<TParams, TResult>(
        string method, TParams parameters, JsonTypeInfo<TParams> paramsType, JsonTypeInfo<TResult> resultType, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var id = _outgoing.NextId();
        var message = RpcWriter.Request(id, method, parameters, paramsType);
        var answer = _outgoing.Open(id);
        if (!_outbound.TryEnqueue(message))
            _outgoing.Fail(id, new RpcConnectionClosedException());

        using var registration = cancellation.Register(() =>
        {
            if (_outgoing.TryCancel(id, cancellation))
                _outbound.TryEnqueue(RpcWriter.CancelRequest(id));
        });
        var response = await answer;
        if (response.Error is { } error)
            throw new RpcException(error.Code, error.Message, error.Data);
        try
        {
            return response.Result.IsEmpty ? default : JsonSerializer.Deserialize(response.Result.Span, resultType);
        }
        catch (JsonException e)
        {
            throw new RpcException(RpcErrorCodes.InternalError, $"The answer to '{method}' does not fit at '{e.Path ?? "$"}'.", inner: e);
        }
    }

    /// <summary>Sends a notification; after the end of the connection it goes nowhere.</summary>
    public void Notify<TParams>(string method, TParams parameters, JsonTypeInfo<TParams> paramsType) =>
        _outbound.TryEnqueue(RpcWriter.Notification(method, parameters, paramsType));

    /// <summary>Runs the action on the ordered loop, after what is queued there; never inside this call. Dropped after the end.</summary>
    public void Post(Action action) => _mailbox.Writer.TryWrite(() =>
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            log($"A posted action failed: {e}");
        }
    });

    private async Task RunLoopAsync()
    {
        try
        {
            await foreach (var action in _mailbox.Reader.ReadAllAsync())
                action();
        }
        finally
        {
            _mailbox.Writer.TryComplete();
        }
    }

    private async Task EndAsync(Task loop)
    {
        using var handlersDeadline = new CancellationTokenSource(_drainTime, time ?? TimeProvider.System);

        // First what was received is handled, then what is still running is cancelled. The loop goes on meanwhile,
        // because a handler on its way out may post to it. A loop that failed has nothing to wait for.
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _mailbox.Writer.TryWrite(reached.SetResult);
        await Within(handlersDeadline, Task.WhenAny(reached.Task, loop));
        await Within(handlersDeadline, Task.WhenAny(_incoming.CancelAllAsync(), loop));
        _mailbox.Writer.TryComplete();
        await Within(handlersDeadline, loop);

        // Its own deadline: a handler that hangs must not cost the others their replies.
        using var peerDeadline = new CancellationTokenSource(_drainTime, time ?? TimeProvider.System);
        await Within(peerDeadline, _outbound.CompleteAsync());
        if (handlersDeadline.IsCancellationRequested || peerDeadline.IsCancellationRequested)
            log("The connection ended without waiting longer for its handlers and its peer.");

        static Task Within(CancellationTokenSource deadline, Task task) => WithoutThrowing(task.WaitAsync(deadline.Token));
    }

    private static async Task WithoutThrowing(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var record in new RecordReader(input, new ContentLengthFraming(log)).ReadAllAsync(stop))
            {
                if (stop.IsCancellationRequested)
                    return;
                Receive(record);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (IOException e)
        {
            log($"The input broke off: {e.Message}");
        }
    }

    private void Receive(ReadOnlySequence<byte> record)
    {
        switch (RpcParser.Parse(record))
        {
            case RpcResponse response when _outgoing.TryComplete(response):
                break;
            case RpcResponse { IsBare: true, Id: { } id }:
                Refuse(id, new RpcError(RpcErrorCodes.InvalidRequest, "A message needs a method, a result or an error."));
                break;
            case RpcResponse response:
                log($"A response to the unknown request {response.Id?.ToString() ?? "null"} is dropped.");
                break;
            case RpcRequest request:
                Accept(request);
                break;
            case RpcNotification { Method: "$/cancelRequest" } cancel:
                if (RpcParser.ReadId(cancel.Params) is { } cancelled)
                    _incoming.Cancel(cancelled);
                break;
            case RpcNotification notification:
                _mailbox.Writer.TryWrite(() => router.Handle(notification, log));
                break;
            case RpcBroken broken:
                Answer(broken);
                break;
        }
    }

    private void Answer(RpcBroken broken)
    {
        log(broken.Error.Message);
        if (!broken.HasMethod && broken.Id?.Number is { } own
            && _outgoing.Fail(own, new RpcException(broken.Error.Code, $"The answer cannot be read. {broken.Error.Message}")))
            return;
        if (!broken.LooksLikeResponse)
            Refuse(broken.Id, broken.Error);
    }

    /// <summary>An id in flight is not echoed: its request is going to be answered by its handler.</summary>
    private void Refuse(RpcId? id, RpcError error) =>
        _outbound.TryEnqueue(RpcWriter.Error(id is { } known && _incoming.Contains(known) ? null : id, error));

    private void Accept(RpcRequest request)
    {
        if (_incoming.TryOpen(request.Id) is not { } cancellation)
        {
            var error = new RpcError(RpcErrorCodes.InvalidRequest, $"The id {request.Id} belongs to a request that is still in flight.");
            _outbound.TryEnqueue(RpcWriter.Error(request.Id, error));
            return;
        }

        _mailbox.Writer.TryWrite(() => _ = HandleAsync(request, cancellation.Token));
    }

    /// <summary>Starts on the loop, ends anywhere.</summary>
    private async Task HandleAsync(RpcRequest request, CancellationToken cancellation)
    {
        var reply = await router.AnswerAsync(request, log, cancellation);
        _incoming.Close(request.Id);
        _outbound.TryEnqueue(reply);
        _incoming.Finished();
    }
}
