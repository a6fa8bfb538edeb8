using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PiLsp.Rpc;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Rpc;

/// <summary>
/// The other end of a connection, in memory: sends raw text, receives whole messages. Received messages that no test
/// asked for are a failure, found by <see cref="EndAsync"/>.
/// </summary>
internal sealed class Peer
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);

    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _fromServer = new(new PipeOptions(pauseWriterThreshold: 64 * 1024));
    private readonly OutboundQueue _sender;
    private readonly IAsyncEnumerator<System.Buffers.ReadOnlySequence<byte>> _messages;

    public Peer()
    {
        Connection = new RpcConnection(_toServer.Reader.AsStream(), _fromServer.Writer.AsStream(), Router, line =>
        {
            lock (Log)
                Log.Add(line);
        }, Time);
        _sender = new OutboundQueue(_toServer.Writer.AsStream(), new ContentLengthFraming());
        _messages = new RecordReader(_fromServer.Reader.AsStream(), new ContentLengthFraming()).ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
    }

    /// <summary>Deadlines pass when a test says so.</summary>
    public StoppedTime Time { get; } = new();

    public RpcRouter Router { get; } = new();

    public RpcConnection Connection { get; }

    public List<string> Log { get; } = [];

    public CancellationTokenSource Stop { get; } = new();

    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the server's side; the router is filled by now.</summary>
    public Peer Start()
    {
        Running = Connection.RunAsync(Stop.Token);
        return this;
    }

    public void Send(string message) => Send(Encoding.UTF8.GetBytes(message));

    public void Send(byte[] message) => _sender.TryEnqueue(message);

    public void Request(int id, string method, string? parameters = null) =>
        Send($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}"{{(parameters is null ? "" : ",\"params\":" + parameters)}}}""");

    public void Notify(string method, string? parameters = null) =>
        Send($$"""{"jsonrpc":"2.0","method":"{{method}}"{{(parameters is null ? "" : ",\"params\":" + parameters)}}}""");

    public void Cancel(int id) => Notify("$/cancelRequest", $$"""{"id":{{id}}}""");

    /// <summary>The next message as it stands on the wire.</summary>
    public async Task<string> ReceiveTextAsync()
    {
        Assert.True(await _messages.MoveNextAsync().AsTask().WaitAsync(_hang), "The server closed its output.");
        return Encoding.UTF8.GetString(_messages.Current);
    }

    public async Task<JsonNode> ReceiveAsync() => JsonNode.Parse(await ReceiveTextAsync())!;

    public async Task ReceiveErrorAsync(string id, int code)
    {
        var message = await ReceiveAsync();
        Assert.Equal((id, code), (message["id"]?.ToJsonString() ?? "null", (int?)message["error"]?["code"]));
        Assert.False(message.AsObject().ContainsKey("result"));
    }

    public async Task ReceiveResultAsync(string id, string result)
    {
        var message = await ReceiveAsync();
        Assert.False(message.AsObject().ContainsKey("error"), message.ToJsonString());
        Assert.True(message.AsObject().ContainsKey("result"));
        Assert.Equal((id, result), (message["id"]?.ToJsonString() ?? "null", message["result"]?.ToJsonString() ?? "null"));
    }

    public Task CloseInputAsync() => _sender.CompleteAsync().WaitAsync(_hang);

    /// <summary>Closes the input, waits for the server's end, and finds messages that nobody expected.</summary>
    public async Task EndAsync()
    {
        await CloseInputAsync();
        await Running.WaitAsync(_hang);
        await NothingMoreAsync();
    }

    public async Task NothingMoreAsync() =>
        Assert.False(await _messages.MoveNextAsync().AsTask().WaitAsync(_hang), "A message that nobody expected.");
}

internal sealed class StoppedTime : TimeProvider
{
    private readonly TaskCompletionSource<Action> _due = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for the first timer to be set, and lets its time come.</summary>
    public async Task PassAsync() => (await _due.Task)();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _due.TrySetResult(() => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

internal sealed record Note(string? Text, int Number = 0);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class TestJson : JsonSerializerContext;
