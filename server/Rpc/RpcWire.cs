using System.Buffers;
using System.Text.Json;
using PiLsp.Transport;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace PiLsp.Rpc;

/// <summary>
/// Reads and writes for StreamJsonRpc, and keeps from it what would end the connection: what is no message, an id that is in
/// flight already, an answer to nothing. Cancellations are seen here, ahead of all that waits. Read by one caller at a time,
/// written by any thread; <paramref name="log"/> is called by the reader.
/// </summary>
internal sealed class RpcWire(Stream input, Stream output, Action<string> log) : IJsonRpcMessageHandler, ICancellationStrategy
{
    private readonly OutboundQueue _outbound = new(output, new ContentLengthFraming());
    private readonly TaskCompletionSource _inputEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    /// <summary>The peer's requests without a reply. Under the lock, as is the queueing of replies.</summary>
    private readonly Dictionary<RequestId, CancellationTokenSource> _incoming = [];

    /// <summary>Our requests that the peer owes an answer, cancelled or not. Under the lock.</summary>
    private readonly HashSet<RequestId> _outgoing = [];

    private IAsyncEnumerator<ReadOnlySequence<byte>>? _records;
    private volatile bool _deaf;
    private bool _ending;

    public bool CanRead => true;

    public bool CanWrite => true;

    public IJsonRpcMessageFormatter Formatter { get; } = new RpcFormatter();

    /// <summary>Bytes that the peer has not taken yet.</summary>
    public long PendingBytes => _outbound.PendingBytes;

    /// <summary>Ends when the input has, and fails when it can be read no longer.</summary>
    public Task Input => _inputEnd.Task;

    /// <summary>Ends or fails when nothing can be written any more.</summary>
    public Task Output => _outbound.Completion;

    /// <summary>The end of the input is told when all requests are answered: StreamJsonRpc drops the replies that come after it.</summary>
    public async ValueTask<JsonRpcMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _records ??= new RecordReader(input, new ContentLengthFraming(log)).ReadAllAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
            while (await _records.MoveNextAsync() && !_deaf)
            {
                if (Sift(Formatter.Deserialize(_records.Current)) is { } message)
                    return message;
            }

            _inputEnd.TrySetResult();
        }
        catch (IOException e)
        {
            log($"The input broke off: {e.Message}");
            _inputEnd.TrySetResult();
        }
        catch (FramingException e)
        {
            _inputEnd.TrySetException(e);
        }

        await _answered.Task.WaitAsync(cancellationToken);
        return null;
    }

    /// <summary>A reply ends its request: the peer may use the id again as soon as it has it.</summary>
    public ValueTask WriteAsync(JsonRpcMessage jsonRpcMessage, CancellationToken cancellationToken)
    {
        var bytes = ToBytes(jsonRpcMessage);
        lock (_lock)
        {
            if (jsonRpcMessage is JsonRpcRequest request)
            {
                // Before it is sent: the answer may be there at once.
                _outgoing.Add(request.RequestId);
                if (!_outbound.TryEnqueue(bytes))
                    throw new RpcConnectionClosedException();
            }
            else if (jsonRpcMessage is IJsonRpcMessageWithId reply)
            {
                _incoming.Remove(reply.RequestId);
                if (!cancellationToken.IsCancellationRequested)
                    _outbound.TryEnqueue(bytes);
                SeeWhetherAnswered();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>After the end it goes nowhere. What fails in writing the parameters is thrown.</summary>
    public void Notify(string method, Action<Utf8JsonWriter>? parameters) => Send(new JsonRpcRequest { Method = method, Arguments = parameters });

    /// <summary>What comes in from now on is dropped.</summary>
    public void StopReading() => _deaf = true;

    /// <summary>Cancels every request of the peer; ends when all are answered.</summary>
    public Task CancelAllAsync()
    {
        lock (_lock)
        {
            _ending = true;
            foreach (var cancellation in _incoming.Values)
                Cancel(cancellation);
            SeeWhetherAnswered();
        }

        return _answered.Task;
    }

    /// <summary>Writes what is queued and closes the output.</summary>
    public Task CompleteAsync() => _outbound.CompleteAsync();

    void ICancellationStrategy.CancelOutboundRequest(RequestId requestId) => Notify("$/cancelRequest", writer =>
    {
        writer.WriteStartObject();
        RpcFormatter.WriteId(writer, requestId);
        writer.WriteEndObject();
    });

    void ICancellationStrategy.OutboundRequestEnded(RequestId requestId)
    {
        // The answer ends it.
    }

    void ICancellationStrategy.IncomingRequestStarted(RequestId requestId, CancellationTokenSource cancellationTokenSource)
    {
        lock (_lock)
        {
            _incoming.Add(requestId, cancellationTokenSource);
            if (_ending)
                Cancel(cancellationTokenSource);
        }
    }

    void ICancellationStrategy.IncomingRequestEnded(RequestId requestId)
    {
        // The reply ends it, which comes after this.
    }

    /// <summary>What is for StreamJsonRpc to handle; everything else is dealt with here.</summary>
    private JsonRpcMessage? Sift(JsonRpcMessage message)
    {
        lock (_lock)
        {
            switch (message)
            {
                case RpcCall { Name: "$/cancelRequest", IsNotification: true } cancel:
                    // An id that is not in flight was answered already, which is no error.
                    if (_incoming.TryGetValue(RpcFormatter.ToId(RpcFormatter.Member(cancel.Parameters, "id"u8)), out var cancelled))
                        Cancel(cancelled);
                    return null;
                case RpcCall call when _incoming.ContainsKey(call.RequestId):
                    Send(Error(call.RequestId, RpcErrorCodes.InvalidRequest, $"The id {call.RequestId} belongs to a request that is still in flight."));
                    return null;
                case RpcCall:
                    return message;
                case IJsonRpcMessageWithId answer when _outgoing.Remove(answer.RequestId):
                    return message;
                // Some clients leave a null result out; without anyone who waits for it, it is a request without a method.
                case JsonRpcResult { Result: JsonElement { ValueKind: JsonValueKind.Undefined }, RequestId: var id }:
                    return Answer(new RpcBroken(id, RpcErrorCodes.InvalidRequest, "A message needs a method, a result or an error."));
                case IJsonRpcMessageWithId answer:
                    log($"A response to the unknown request {answer.RequestId} is dropped.");
                    return null;
                case RpcBroken broken:
                    return Answer(broken);
                default:
                    return null;
            }
        }
    }

    private JsonRpcError? Answer(RpcBroken broken)
    {
        if (!broken.HasMethod && _outgoing.Remove(broken.Id))
            return Error(broken.Id, broken.Code, $"The answer cannot be read. {broken.Reason}");
        log(broken.Reason);
        // An id in flight is not echoed: its request is going to be answered by its handler.
        if (!broken.LooksLikeResponse)
            Send(Error(broken.Id.IsEmpty || _incoming.ContainsKey(broken.Id) ? RequestId.Null : broken.Id, broken.Code, broken.Reason));
        return null;
    }

    private static JsonRpcError Error(RequestId id, int code, string message) =>
        new() { RequestId = id, Error = new() { Code = (JsonRpcErrorCode)code, Message = message } };

    private void Send(JsonRpcMessage message) => _outbound.TryEnqueue(ToBytes(message));

    private ReadOnlyMemory<byte> ToBytes(JsonRpcMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        Formatter.Serialize(bytes, message);
        return bytes.WrittenMemory;
    }

    /// <summary>The token changes now, callbacks run elsewhere: handlers must not run inside the reader.</summary>
    private static void Cancel(CancellationTokenSource cancellation) => _ = cancellation.CancelAsync();

    private void SeeWhetherAnswered()
    {
        if (_ending && _incoming.Count == 0)
            _answered.TrySetResult();
    }
}
