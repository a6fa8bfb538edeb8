using System.Text.Json;
using PiLsp.Rpc;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Rpc;

public sealed class RpcConnectionTests
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);
    private readonly Peer _peer = new();

    public RpcConnectionTests()
    {
        _peer.Router.OnRequest("echo", TestJson.Default.Note, TestJson.Default.Note, note => note);
        _peer.Router.OnRequest("nothing", TestJson.Default.Note, TestJson.Default.Note, Note? (_) => null);
    }

    [Fact]
    public async Task A_null_result_is_written_out()
    {
        _peer.Start().Request(1, "nothing", "{}");

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":null}""", await _peer.ReceiveTextAsync());
        await _peer.EndAsync();
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("-1", "-1")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("1.0", "1")]
    [InlineData("\"7\"", "\"7\"")]
    [InlineData("\"\\u00fc \\\" \"", "\"ü \\\" \"")]
    public async Task The_id_comes_back(string id, string back)
    {
        _peer.Start().Send($$"""{"jsonrpc":"2.0","id":{{id}},"method":"nothing"}""");

        Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{back}},"result":""", await _peer.ReceiveTextAsync(), StringComparison.Ordinal);
        await _peer.EndAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","params":null""")]
    [InlineData(""","params":{"text":"x"},"params":null""")]
    [InlineData(""","extra":{"id":5,"method":[]}""")]
    public async Task Parameters_may_be_missing_and_members_unknown_or_repeated(string rest)
    {
        _peer.Start().Send($$"""{"id":1,"id":2,"method":"echo"{{rest}}}""");

        await _peer.ReceiveResultAsync("2", "null");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task Messages_are_handled_in_the_order_in_which_they_came()
    {
        var seen = new List<int>();
        _peer.Router.OnNotification("note", TestJson.Default.Note, note => seen.Add(note.Number));
        _peer.Router.OnRequest("count", TestJson.Default.Note, TestJson.Default.Note, _ => new Note("", seen.Count));
        _peer.Start();

        for (var i = 0; i < 1000; i++)
        {
            _peer.Notify("note", $$"""{"number":{{i}}}""");
            if (i % 100 == 0)
                _peer.Request(i, "count");
        }

        for (var i = 0; i < 1000; i += 100)
            await _peer.ReceiveResultAsync($"{i}", $$"""{"text":"","number":{{i + 1}}}""");
        await _peer.EndAsync();
        Assert.Equal(Enumerable.Range(0, 1000), seen);
    }

    [Fact]
    public async Task An_async_tail_holds_nobody_up_but_its_start_is_in_order()
    {
        var gate = new TaskCompletionSource<Note?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = 0;
        _peer.Router.OnRequestAsync("slow", TestJson.Default.Note, TestJson.Default.Note, (_, _) =>
        {
            started++;
            return gate.Task;
        });
        _peer.Router.OnRequest("started", TestJson.Default.Note, TestJson.Default.Note, _ => new Note("", started));
        _peer.Start();

        _peer.Request(1, "slow");
        _peer.Request(2, "started");
        await _peer.ReceiveResultAsync("2", """{"text":"","number":1}""");
        gate.SetResult(new Note("done"));
        await _peer.ReceiveResultAsync("1", """{"text":"done","number":0}""");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_handler_may_ask_the_peer_and_wait_for_the_answer()
    {
        _peer.Router.OnRequestAsync("ask", TestJson.Default.Note, TestJson.Default.Note, async (note, cancellation) =>
            await _peer.Connection.RequestAsync("client/ask", note!, TestJson.Default.Note, TestJson.Default.Note, cancellation));
        _peer.Start().Request(1, "ask", """{"text":"?"}""");

        var asked = await _peer.ReceiveTextAsync();
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"method":"client/ask","params":{"text":"?","number":0}}""", asked);
        _peer.Send("""{"jsonrpc":"2.0","id":1,"result":{"text":"!"}}""");
        await _peer.ReceiveResultAsync("1", """{"text":"!","number":0}""");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task Posted_actions_run_on_the_loop_and_may_fail()
    {
        _peer.Start();
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _peer.Connection.Post(() => throw new InvalidOperationException("oops"));
        _peer.Connection.Post(ran.SetResult);
        await ran.Task.WaitAsync(_hang);

        await _peer.EndAsync();
        Assert.Contains(_peer.Log, line => line.Contains("oops", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_of_five_megabytes_goes_both_ways()
    {
        var text = string.Concat(Enumerable.Repeat("grün \\n ", 5 * 1024 * 1024 / 9));
        _peer.Start().Request(1, "echo", $$"""{"text":"{{text}}"}""");

        var reply = await _peer.ReceiveAsync();

        Assert.Equal(text.Replace("\\n", "\n", StringComparison.Ordinal), (string?)reply["result"]!["text"]);
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_peer_that_does_not_read_shows_as_pending_bytes_and_stops_no_handler()
    {
        _peer.Start();
        for (var i = 0; i < 1000; i++)
            _peer.Connection.Notify("event", new Note(new string('x', 1000), i), TestJson.Default.Note);
        Assert.True(_peer.Connection.PendingBytes > 500_000);
        _peer.Request(1, "nothing");

        for (var i = 0; i < 1000; i++)
            Assert.Equal(i, (int?)(await _peer.ReceiveAsync())["params"]!["number"]);
        await _peer.ReceiveResultAsync("1", "null");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task The_end_of_the_input_handles_what_came_before_and_ends_what_is_open()
    {
        var cancelled = false;
        _peer.Router.OnRequestAsync<Note, Note>("forever", TestJson.Default.Note, TestJson.Default.Note, async (_, cancellation) =>
        {
            var never = new TaskCompletionSource<Note?>();
            await using var registration = cancellation.Register(() => cancelled = never.TrySetCanceled(cancellation));
            return await never.Task;
        });
        _peer.Start();
        var asked = _peer.Connection.RequestAsync("client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, CancellationToken.None);
        Assert.Equal("client/ask", (string?)(await _peer.ReceiveAsync())["method"]);

        _peer.Request(1, "forever");
        _peer.Request(2, "echo", """{"text":"last"}""");
        await _peer.CloseInputAsync();

        await _peer.ReceiveResultAsync("2", """{"text":"last","number":0}""");
        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.RequestCancelled);
        await _peer.EndAsync();
        Assert.True(cancelled);
        await Assert.ThrowsAsync<RpcConnectionClosedException>(() => asked.WaitAsync(_hang));
        await Assert.ThrowsAsync<RpcConnectionClosedException>(() => _peer.Connection.RequestAsync(
            "client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, CancellationToken.None));
        _peer.Connection.Notify("event", new Note("late"), TestJson.Default.Note);
        Assert.Equal(0, _peer.Connection.PendingBytes);
    }

    [Fact]
    public async Task What_is_queued_when_the_input_ends_is_handled_and_not_cancelled()
    {
        using var release = new ManualResetEventSlim();
        _peer.Router.OnNotification("block", TestJson.Default.JsonElement, _ => release.Wait(_hang));
        _peer.Start();
        var asked = _peer.Connection.RequestAsync("client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, CancellationToken.None);
        await _peer.ReceiveTextAsync();
        _peer.Notify("block");
        _peer.Request(1, "echo", """{"text":"last"}""");
        await _peer.CloseInputAsync();
        // Its failure shows that the end was seen.
        await Assert.ThrowsAsync<RpcConnectionClosedException>(() => asked.WaitAsync(_hang));
        release.Set();

        await _peer.ReceiveResultAsync("1", """{"text":"last","number":0}""");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_handler_that_ignores_its_cancellation_holds_the_end_up_for_a_while_only()
    {
        var never = new TaskCompletionSource<Note?>();
        _peer.Router.OnRequestAsync("deaf", TestJson.Default.Note, TestJson.Default.Note, (_, _) => never.Task);
        _peer.Start().Request(1, "deaf");
        await _peer.CloseInputAsync();

        await _peer.Time.PassAsync().WaitAsync(_hang);

        await _peer.EndAsync();
        Assert.Contains(_peer.Log, line => line.Contains("without waiting longer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_can_stop_the_connection_while_the_input_stays_open()
    {
        _peer.Router.OnNotification("exit", TestJson.Default.JsonElement, _ => _peer.Stop.Cancel());
        _peer.Start().Request(1, "nothing");
        _peer.Notify("exit");

        await _peer.ReceiveResultAsync("1", "null");
        await _peer.Running.WaitAsync(_hang);
        await _peer.NothingMoreAsync();
    }

    [Fact]
    public async Task A_broken_frame_fails_the_connection()
    {
        _peer.Start();
        var raw = new System.IO.Pipelines.Pipe();
        var connection = new RpcConnection(new MemoryStream("GET / HTTP/1.1\r\n\r\n"u8.ToArray()), raw.Writer.AsStream(), new RpcRouter(), _ => { });

        await Assert.ThrowsAsync<FramingException>(() => connection.RunAsync(CancellationToken.None).WaitAsync(_hang));
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_peer_that_is_gone_ends_the_connection()
    {
        var input = new System.IO.Pipelines.Pipe();
        var log = new List<string>();
        var connection = new RpcConnection(input.Reader.AsStream(), new MemoryStream([], writable: false), new RpcRouter(), log.Add);
        connection.Notify("event", new Note(""), TestJson.Default.Note);

        await connection.RunAsync(CancellationToken.None).WaitAsync(_hang);

        Assert.Contains(log, line => line.StartsWith("The peer takes no more messages", StringComparison.Ordinal));
    }
}
