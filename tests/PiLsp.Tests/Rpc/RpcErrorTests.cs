using System.Text.Json;
using PiLsp.Rpc;
using Xunit;

namespace PiLsp.Tests.Rpc;

public sealed class RpcErrorTests
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);
    private readonly Peer _peer = new();

    public RpcErrorTests() =>
        _peer.Router.OnRequest("echo", TestJson.Default.Note, TestJson.Default.Note, note => note);

    [Theory]
    [InlineData("{", "null")]
    [InlineData("}]", "null")]
    [InlineData("", "null")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"echo","params":{"text":}}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"echo","params":{"text":tru},"id":"a b"}""", "\"a b\"")]
    [InlineData("""{"method":"echo","params":{"id":1,"list":[1,2},"id":8}""", "8")]
    [InlineData("""{"method":"echo","params":{"text":"\"id\":3 } ],"},,"id":9}""", "9")]
    [InlineData("""{"method":"echo","params":[1,2],,"id":5}""", "5")]
    [InlineData("""{"method":"echo","params":{"number":1]},"id":6}""", "6")]
    [InlineData("""{"id":7,"method":"echo","params":{"text":"never ends}}""", "7")]
    [InlineData("""{"id" : 7 , "method":"echo" """, "7")]
    [InlineData("""{"id":7,"method":"echo"} {"id":8}""", "7")]
    [InlineData("""{"method":"echo","params":{"id":1""", "null")]
    [InlineData("""{"method":"echo",,"id":12""", "null")]
    [InlineData("""{"method":"echo",,"id":1-2}""", "null")]
    [InlineData("""{"method":"echo",,"id":{"id":1}}""", "null")]
    [InlineData("""{"method":"echo",,"ids":1,"text":"id"}""", "null")]
    public async Task What_is_not_JSON_is_a_parse_error_for_the_id_that_can_be_made_out(string text, string id)
    {
        _peer.Start().Send(text);

        await _peer.ReceiveErrorAsync(id, RpcErrorCodes.ParseError);
        await _peer.EndAsync();
    }

    [Theory]
    [InlineData("[]", "null")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"echo"}]""", "null")]
    [InlineData("1", "null")]
    [InlineData("{}", "null")]
    [InlineData("""{"id":1}""", "1")]
    [InlineData("""{"id":1,"method":2}""", "1")]
    [InlineData("""{"id":null,"method":"echo"}""", "null")]
    [InlineData("""{"id":[1],"method":"echo"}""", "null")]
    [InlineData("""{"id":1.50,"method":"echo"}""", "null")]
    [InlineData("""{"id":123456789012345678901234567890,"method":"echo"}""", "null")]
    public async Task What_is_no_message_is_an_invalid_request(string text, string id)
    {
        _peer.Start().Send(text);

        await _peer.ReceiveErrorAsync(id, RpcErrorCodes.InvalidRequest);
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_method_that_is_no_Unicode_is_answered_and_the_connection_goes_on()
    {
        _peer.Start().Send("""{"id":1,"method":"\ud800"}""");
        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.MethodNotFound);
        _peer.Send([.. "{\"id\":2,\"method\":\""u8, 0xff, .. "\"}"u8]);
        await _peer.ReceiveErrorAsync("2", RpcErrorCodes.InvalidRequest);
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_is_an_error_reply_without_a_stack_trace()
    {
        _peer.Router.OnRequest("deep", TestJson.Default.Note, TestJson.Default.JsonElement, _ => default);
        _peer.Start().Request(1, "deep");

        var reply = await _peer.ReceiveAsync();
        Assert.Equal(["code", "message"], reply["error"]!.AsObject().Select(member => member.Key));
        _peer.Request(2, "echo");
        await _peer.ReceiveResultAsync("2", "null");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_broken_message_does_not_answer_for_a_request_in_flight()
    {
        var gate = new TaskCompletionSource<Note?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _peer.Router.OnRequestAsync("slow", TestJson.Default.Note, TestJson.Default.Note, (_, _) => gate.Task);
        _peer.Start().Request(1, "slow");
        _peer.Send("""{"id":1,"method":"slow",}""");

        await _peer.ReceiveErrorAsync("null", RpcErrorCodes.ParseError);
        gate.SetResult(null);
        await _peer.ReceiveResultAsync("1", "null");
        await _peer.EndAsync();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":99,"result":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":99,"result":}""")]
    public async Task A_response_that_nobody_waits_for_is_logged_and_never_answered(string response)
    {
        _peer.Start().Send(response);

        await _peer.EndAsync();
        Assert.Single(_peer.Log);
    }

    [Theory]
    [InlineData("""{"id":1}""", null)]
    [InlineData("""{"id":1,"result":null}""", null)]
    [InlineData("""{"id":1.0,"error":null,"result":{"text":"yes"}}""", "yes")]
    public async Task Answers_are_understood_as_clients_write_them(string answer, string? text)
    {
        Assert.Equal(text, (await AskAsync(answer))?.Text);
    }

    [Theory]
    [InlineData("""{"id":1,"error":{"code":-32803,"message":"no","data":{"a":1}}}""", -32803, "no")]
    [InlineData("""{"id":1,"error":"no"}""", -32603, "not an object")]
    [InlineData("""{"id":1,"error":{}}""", -32603, "without a message")]
    [InlineData("""{"id":1,"result":{"number":"one"}}""", -32603, "'client/ask' does not fit at '$.number'")]
    [InlineData("""{"id":1,"result":{"number":}}""", -32700, "cannot be read")]
    public async Task An_answer_that_is_no_result_fails_the_request(string answer, int code, string message)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => AskAsync(answer));

        Assert.Equal(code, failure.Code);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_requests_are_refused_and_unknown_notifications_ignored()
    {
        _peer.Start().Notify("$/unknown");
        _peer.Notify("unknown");
        _peer.Request(1, "$/unknown");
        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.MethodNotFound);
        await _peer.EndAsync();

        Assert.Equal("The notification 'unknown' is unknown and ignored.", Assert.Single(_peer.Log));
    }

    [Fact]
    public async Task Parameters_that_do_not_fit_are_named_with_method_and_path()
    {
        _peer.Start().Request(1, "echo", """{"text":"","number":[]}""");

        var error = (await _peer.ReceiveAsync())["error"]!;
        Assert.Equal(RpcErrorCodes.InvalidParams, (int?)error["code"]);
        Assert.Equal("The parameters of 'echo' do not fit at '$.number'.", (string?)error["message"]);
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_handlers_exception_becomes_its_error_reply()
    {
        _peer.Router.OnRequest("bug", TestJson.Default.Note, TestJson.Default.Note, Note? (_) => throw new InvalidOperationException("a bug"));
        _peer.Router.OnRequestAsync("refuse", TestJson.Default.Note, TestJson.Default.Note, async Task<Note?> (_, _) =>
        {
            await Task.Yield();
            throw new RpcException(RpcErrorCodes.RequestFailed, "no \"way\"", JsonDocument.Parse("[1]").RootElement);
        });
        _peer.Start().Request(1, "bug");
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"a bug"}}""", await _peer.ReceiveTextAsync());
        _peer.Request(2, "refuse");
        Assert.Equal("""{"jsonrpc":"2.0","id":2,"error":{"code":-32803,"message":"no \"way\"","data":[1]}}""", await _peer.ReceiveTextAsync());
        await _peer.EndAsync();
    }

    [Fact]
    public async Task The_guard_is_asked_before_every_handler()
    {
        var handled = 0;
        var asked = new List<(string, bool)>();
        _peer.Router.OnNotification("note", TestJson.Default.Note, _ => handled++);
        _peer.Router.Guard = (method, isRequest) =>
        {
            asked.Add((method, isRequest));
            return new RpcException(RpcErrorCodes.ServerNotInitialized, "not yet");
        };
        _peer.Start().Notify("note");
        _peer.Request(1, "echo");
        _peer.Request(2, "unknown");

        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.ServerNotInitialized);
        await _peer.ReceiveErrorAsync("2", RpcErrorCodes.ServerNotInitialized);
        await _peer.EndAsync();
        Assert.Equal(0, handled);
        Assert.Equal([("note", false), ("echo", true), ("unknown", true)], asked);
    }

    [Fact]
    public async Task An_ordinary_notification_may_fail()
    {
        _peer.Router.OnNotification("note", TestJson.Default.Note, _ => throw new InvalidOperationException("a bug"));
        _peer.Start().Notify("note");
        _peer.Notify("note", "[]");
        _peer.Request(1, "echo");

        await _peer.ReceiveResultAsync("1", "null");
        await _peer.EndAsync();
        Assert.Equal(2, _peer.Log.Count);
    }

    [Theory]
    [InlineData("""{"text":"throw"}""")]
    [InlineData("""{"text":{}}""")]
    public async Task A_fatal_notification_that_fails_ends_the_connection_and_nothing_after_it_is_handled(string parameters)
    {
        var handled = new List<string>();
        _peer.Router.OnNotification("change", TestJson.Default.Note, note =>
        {
            if (note.Text == "throw")
                throw new InvalidOperationException("a bug");
            handled.Add(note.Text!);
        }, fatal: true);
        _peer.Start().Notify("change", """{"text":"first"}""");
        _peer.Notify("change", parameters);
        _peer.Notify("change", """{"text":"after"}""");

        var failure = await Assert.ThrowsAsync<RpcFatalException>(() => _peer.Running.WaitAsync(_hang));

        Assert.Contains("'change'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["first"], handled);
        await _peer.NothingMoreAsync();
    }

    private async Task<Note?> AskAsync(string answer)
    {
        _peer.Start();
        var request = _peer.Connection.RequestAsync("client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, CancellationToken.None);
        await _peer.ReceiveTextAsync();
        _peer.Send(answer);
        try
        {
            return await request.WaitAsync(_hang);
        }
        finally
        {
            await _peer.EndAsync();
        }
    }
}
