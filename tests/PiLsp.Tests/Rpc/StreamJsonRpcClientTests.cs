using System.IO.Pipelines;
using System.Text.Json;
using PiLsp.Rpc;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using Xunit;

namespace PiLsp.Tests.Rpc;

/// <summary>The library's own client, with its own framing and formatter, at the other end.</summary>
public sealed class StreamJsonRpcClientTests : IAsyncDisposable
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);
    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _fromServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly RpcRouter _router = new();
    private readonly RpcConnection _connection;
    private readonly HeaderDelimitedMessageHandler _handler;
    private readonly JsonRpc _client;
    private Task _running = Task.CompletedTask;

    public StreamJsonRpcClientTests()
    {
        _connection = new RpcConnection(_toServer.Reader.AsStream(), _fromServer.Writer.AsStream(), _router, _ => { });
        var formatter = new SystemTextJsonFormatter();
        formatter.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        _handler = new HeaderDelimitedMessageHandler(_toServer.Writer, _fromServer.Reader, formatter);
        _client = new JsonRpc(_handler);
        _router.OnRequest("echo", TestJson.Default.Note, TestJson.Default.Note, note => note);
    }

    [Fact]
    public async Task Five_hundred_requests_at_once_each_get_their_own_answer()
    {
        _router.OnRequestAsync("later", TestJson.Default.Note, TestJson.Default.Note, async (note, _) =>
        {
            await Task.Yield();
            return note;
        });
        Start();

        var notes = Enumerable.Range(0, 500).Select(i => new Note("grün 😀", i)).ToList();
        var answers = await Task.WhenAll(notes.Select(note => AskAsync(note.Number % 2 == 0 ? "echo" : "later", note))).WaitAsync(_hang);

        Assert.Equal(notes, answers);
    }

    [Fact]
    public async Task A_flood_of_notifications_is_handled_in_order_and_before_the_request_behind_it()
    {
        var seen = new List<int>();
        _router.OnNotification("note", TestJson.Default.Note, note => seen.Add(note.Number));
        _router.OnRequest("count", TestJson.Default.Note, TestJson.Default.Note, _ => new Note("", seen.Count));
        Start();

        for (var i = 0; i < 10_000; i++)
            _ = _client.NotifyWithParameterObjectAsync("note", new Note("", i));
        var count = await AskAsync("count", new Note("")).WaitAsync(_hang);

        Assert.Equal(10_000, count?.Number);
        Assert.Equal(Enumerable.Range(0, 10_000), seen);
    }

    [Fact]
    public async Task A_request_is_cancelled_by_the_client_and_the_next_one_answered()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _router.OnRequestAsync<Note, Note>("wait", TestJson.Default.Note, TestJson.Default.Note, async (_, cancellation) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        });
        Start();
        using var cancellation = new CancellationTokenSource();
        var asked = AskAsync("wait", new Note(""), cancellation.Token);
        await started.Task.WaitAsync(_hang);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(_hang));
        Assert.Equal(new Note("on"), await AskAsync("echo", new Note("on")).WaitAsync(_hang));
    }

    [Fact]
    public async Task Errors_arrive_with_their_code_and_data()
    {
        _router.OnRequest("refuse", TestJson.Default.Note, TestJson.Default.Note, Note? (_) =>
            throw new RpcException(RpcErrorCodes.RequestFailed, "no", JsonDocument.Parse("""{"message":"so"}""").RootElement));
        Start();

        var refused = await Assert.ThrowsAsync<RemoteInvocationException>(() => AskAsync("refuse", new Note("")).WaitAsync(_hang));
        var unknown = await Assert.ThrowsAsync<RemoteMethodNotFoundException>(() => AskAsync("unknown", new Note("")).WaitAsync(_hang));

        Assert.Equal((RpcErrorCodes.RequestFailed, "no"), ((int?)refused.ErrorCode, refused.Message));
        Assert.Equal("so", Assert.IsType<CommonErrorData>(refused.DeserializedErrorData).Message);
        Assert.Equal("The request 'unknown' is unknown.", unknown.Message);
    }

    [Fact]
    public async Task The_client_answers_our_requests_and_is_told_of_a_cancellation()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _client.AddLocalRpcMethod("client/add", (int a, int b) => new Note($"{a + b}"));
        _client.AddLocalRpcMethod("client/wait", async Task<Note> (CancellationToken cancellation) =>
        {
            await using var registration = cancellation.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
            return new Note("");
        });
        Start();
        var sum = await _connection.RequestAsync("client/add", JsonDocument.Parse("[1,2]").RootElement, TestJson.Default.JsonElement, TestJson.Default.Note,
            CancellationToken.None).WaitAsync(_hang);
        using var cancellation = new CancellationTokenSource();
        var waiting = _connection.RequestAsync("client/wait", null!, TestJson.Default.Note, TestJson.Default.Note, cancellation.Token);
        var unknown = await Assert.ThrowsAsync<RpcException>(() => _connection.RequestAsync(
            "client/unknown", new Note(""), TestJson.Default.Note, TestJson.Default.Note, CancellationToken.None).WaitAsync(_hang));

        await cancellation.CancelAsync();

        await cancelled.Task.WaitAsync(_hang);
        Assert.Equal("3", sum?.Text);
        Assert.Equal(RpcErrorCodes.MethodNotFound, unknown.Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_hang));
    }

    public async ValueTask DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _running.WaitAsync(_hang);
        _client.Dispose();
        await _handler.DisposeAsync();
    }

    private void Start()
    {
        _running = _connection.RunAsync(CancellationToken.None);
        _client.StartListening();
    }

    private Task<Note?> AskAsync(string method, Note note, CancellationToken cancellation = default) =>
        _client.InvokeWithParameterObjectAsync<Note?>(method, note, cancellation);
}
