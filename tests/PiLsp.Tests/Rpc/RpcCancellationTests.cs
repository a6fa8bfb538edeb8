using PiLsp.Rpc;
using Xunit;

namespace PiLsp.Tests.Rpc;

public sealed class RpcCancellationTests
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);
    private readonly Peer _peer = new();
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _secondRan;

    public RpcCancellationTests()
    {
        _peer.Router.OnRequest("nothing", TestJson.Default.Note, TestJson.Default.Note, Note? (_) => null);
        _peer.Router.OnRequest("second", TestJson.Default.Note, TestJson.Default.Note, Note? (_) =>
        {
            _secondRan = true;
            return null;
        });
        _peer.Router.OnRequestAsync<Note, Note>("wait", TestJson.Default.Note, TestJson.Default.Note, async (_, cancellation) =>
        {
            var never = new TaskCompletionSource<Note?>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellation.Register(() => never.TrySetCanceled(cancellation));
            _running.TrySetResult();
            return await never.Task;
        });
    }

    [Fact]
    public async Task A_running_handler_is_cancelled_and_its_id_is_free_again()
    {
        _peer.Start().Request(1, "wait");
        await _running.Task.WaitAsync(_hang);

        _peer.Cancel(1);
        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.RequestCancelled);
        _peer.Request(1, "nothing");
        await _peer.ReceiveResultAsync("1", "null");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task A_queued_request_is_cancelled_before_its_handler_runs_and_while_the_loop_is_busy()
    {
        using var release = new ManualResetEventSlim();
        using var blocked = new ManualResetEventSlim();
        _peer.Router.OnNotification("block", TestJson.Default.JsonElement, _ =>
        {
            blocked.Set();
            release.Wait(_hang);
        });
        _peer.Start();
        _peer.Notify("block");
        Assert.True(blocked.Wait(_hang));
        var request = _peer.Connection.RequestAsync("client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, CancellationToken.None);
        await _peer.ReceiveTextAsync();

        _peer.Request(2, "second");
        _peer.Cancel(2);
        // The answer stands behind the cancellation: when it is there, the reader has seen both, though the loop is held up.
        _peer.Send("""{"jsonrpc":"2.0","id":1,"result":null}""");
        await request.WaitAsync(_hang);
        release.Set();

        await _peer.ReceiveErrorAsync("2", RpcErrorCodes.RequestCancelled);
        await _peer.EndAsync();
        Assert.False(_secondRan);
    }

    [Fact]
    public async Task A_handler_that_finishes_in_spite_of_the_cancellation_answers_its_result()
    {
        _peer.Router.OnRequestAsync("abort", TestJson.Default.Note, TestJson.Default.Note, async (_, cancellation) =>
        {
            var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellation.Register(aborted.SetResult);
            await aborted.Task;
            return new Note("aborted");
        });
        _peer.Start().Request(1, "abort");
        _peer.Cancel(1);
        // Cancelled while queued or while running: both are the one reply.
        var reply = await _peer.ReceiveAsync();

        Assert.True((string?)reply["result"]?["text"] == "aborted" || (int?)reply["error"]?["code"] == RpcErrorCodes.RequestCancelled);
        await _peer.EndAsync();
    }

    [Fact]
    public async Task Cancelling_what_is_answered_unknown_or_nonsense_does_nothing()
    {
        _peer.Start().Request(1, "nothing");
        await _peer.ReceiveResultAsync("1", "null");
        _peer.Cancel(1);
        _peer.Cancel(99);
        _peer.Notify("$/cancelRequest");
        _peer.Notify("$/cancelRequest", """{"id":{}}""");
        _peer.Notify("$/cancelRequest", "[1]");
        _peer.Request(2, "nothing");

        await _peer.ReceiveResultAsync("2", "null");
        await _peer.EndAsync();
    }

    [Fact]
    public async Task An_id_in_flight_cannot_be_used_again_and_both_requests_get_a_reply()
    {
        _peer.Start().Request(1, "wait");
        _peer.Send("""{"jsonrpc":"2.0","id":1.0,"method":"nothing"}""");
        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.InvalidRequest);
        _peer.Send("""{"jsonrpc":"2.0","id":"1","method":"nothing"}""");
        await _peer.ReceiveResultAsync("\"1\"", "null");

        _peer.Cancel(1);
        await _peer.ReceiveErrorAsync("1", RpcErrorCodes.RequestCancelled);
        await _peer.EndAsync();
    }

    [Fact]
    public async Task Cancelling_an_own_request_tells_the_peer_and_drops_its_late_answer()
    {
        _peer.Start();
        using var cancellation = new CancellationTokenSource();
        var request = _peer.Connection.RequestAsync("client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, cancellation.Token);
        await _peer.ReceiveTextAsync();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.WaitAsync(_hang));

        Assert.Equal("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}""", await _peer.ReceiveTextAsync());
        _peer.Send("""{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}""");
        await _peer.EndAsync();
        Assert.Empty(_peer.Log);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_beforehand_is_not_sent()
    {
        _peer.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _peer.Connection.RequestAsync(
            "client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, new CancellationToken(canceled: true)));
        await _peer.EndAsync();
    }

    [Fact]
    public async Task Cancelling_after_the_answer_sends_nothing()
    {
        _peer.Start();
        using var cancellation = new CancellationTokenSource();
        var request = _peer.Connection.RequestAsync("client/ask", new Note(""), TestJson.Default.Note, TestJson.Default.Note, cancellation.Token);
        await _peer.ReceiveTextAsync();
        _peer.Send("""{"jsonrpc":"2.0","id":1,"result":{"text":"yes"}}""");

        Assert.Equal(new Note("yes"), await request.WaitAsync(_hang));
        await cancellation.CancelAsync();
        await _peer.EndAsync();
    }
}
