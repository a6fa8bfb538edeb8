using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Sessions;

public sealed class OutputQueueTests
{
    // Against hanging for ever only.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly OutputQueue _queue = new();

    [Fact]
    public void Text_that_nobody_has_taken_is_joined_and_never_moved_past_anything()
    {
        AgentOutput[] said =
        [
            new TextDelta("a"), new TextDelta("b"), new ThinkingDelta("c"), new TextDelta("d"), new TurnEnded(), new TextDelta("e"),
            new ShellOutput("f"), new ShellOutput("g"), new ShellOutput("h", ReplacesLine: true), new ShellOutput("i"), new TurnStarted(),
        ];
        foreach (var output in said)
            Assert.True(_queue.TryWrite(output));

        Assert.Equal(
            [
                new TextDelta("ab"), new ThinkingDelta("c"), new TextDelta("d"), new TurnEnded(), new TextDelta("e"),
                new ShellOutput("fg"), new ShellOutput("h", ReplacesLine: true), new ShellOutput("i"), new TurnStarted(),
            ],
            Drain());
    }

    [Fact]
    public void Text_that_was_looked_at_is_not_joined_any_more()
    {
        _queue.TryWrite(new TextDelta("a"));
        Assert.True(_queue.TryPeek(out var seen));
        _queue.TryWrite(new TextDelta("b"));
        Assert.Equal([seen, new TextDelta("b")], Drain());
    }

    [Fact]
    public async Task Text_that_can_wait_wakes_nobody_and_everything_else_does()
    {
        _queue.TextCanWait = true;
        var woken = _queue.WaitToReadAsync().AsTask();
        _queue.TryWrite(new TextDelta("a"));
        _queue.TryWrite(new ThinkingDelta("b"));
        _queue.TryWrite(new ThinkingDelta("c"));
        // What came before something of another kind may be told of with it.
        await woken.WaitAsync(Hang);
        Assert.Equal([new TextDelta("a"), new ThinkingDelta("bc")], Drain());

        woken = _queue.WaitToReadAsync().AsTask();
        _queue.TryWrite(new TextDelta("d"));
        Assert.False(woken.IsCompleted);
        _queue.TryWrite(new RunSettled());
        Assert.True(await woken.WaitAsync(Hang));
        Assert.Equal([new TextDelta("d"), new RunSettled()], Drain());
    }

    [Fact]
    public async Task Text_that_waits_is_due_when_it_can_wait_no_longer()
    {
        _queue.TextCanWait = true;
        var woken = _queue.WaitToReadAsync().AsTask();
        _queue.TryWrite(new TextDelta("a"));
        Assert.False(woken.IsCompleted);
        _queue.TextCanWait = false;
        Assert.True(await woken.WaitAsync(Hang));
    }

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(100_000, 400)]
    public async Task Whoever_writes_waits_while_too_much_is_here(int bytes, int count)
    {
        Assert.False(_queue.TryRead(out _)); // somebody reads
        var writing = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < count; i++)
                {
                    _queue.TryWrite(new ToolStarted($"{i}", "read", default), bytes);
                    _queue.WaitForRoom();
                }

                _queue.Complete();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var most = 0;
        var next = 0;
        while (await _queue.WaitToReadAsync().AsTask().WaitAsync(Hang))
        {
            most = Math.Max(most, _queue.Count);
            while (_queue.TryRead(out var output))
                Assert.Equal($"{next++}", ((ToolStarted)output).ToolCallId);
        }

        await writing;
        Assert.Equal(count, next);
        Assert.InRange(most, 1, Math.Min(OutputQueue.MostOutputs, OutputQueue.MostBytes / bytes) + 1);
    }

    [Fact]
    public async Task Text_is_bounded_too_however_much_of_it_is_joined()
    {
        Assert.False(_queue.TryRead(out _));
        _queue.TextCanWait = true;
        var woken = _queue.WaitToReadAsync().AsTask();
        var writing = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    _queue.TryWrite(new TextDelta("0123456789"), 250);
                    _queue.WaitForRoom();
                }

                _queue.Complete();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var length = 0;
        while (await woken.WaitAsync(Hang))
        {
            while (_queue.TryRead(out var output))
            {
                Assert.InRange(((TextDelta)output).Text.Length, 1, OutputQueue.MostBytes / 25);
                length += ((TextDelta)output).Text.Length;
            }

            woken = _queue.WaitToReadAsync().AsTask();
        }

        await writing;
        Assert.Equal(1_000_000, length);
    }

    [Fact]
    public async Task Before_anybody_reads_and_after_the_end_has_begun_nobody_waits()
    {
        void WriteMuch()
        {
            for (var i = 0; i <= 2 * OutputQueue.MostOutputs; i++)
                _queue.TryWrite(new TurnStarted());
            _queue.WaitForRoom();
        }

        // What the start of an agent waits for may stand behind all that.
        WriteMuch();
        Assert.True(_queue.TryRead(out _));
        var waiting = Task.Factory.StartNew(_queue.WaitForRoom, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _queue.Release();
        await waiting.WaitAsync(Hang);
        WriteMuch();
    }

    [Fact]
    public async Task It_is_complete_when_the_last_is_taken()
    {
        _queue.TryWrite(new TextDelta("a"));
        _queue.TryWrite(new AgentExited("over", Expected: true));
        _queue.Complete();
        Assert.False(_queue.TryWrite(new TurnStarted()));
        Assert.True(await _queue.WaitToReadAsync());
        Assert.False(_queue.Completion.IsCompleted);
        Assert.Equal(2, Drain().Count);
        await _queue.Completion.WaitAsync(Hang);
        Assert.False(await _queue.WaitToReadAsync());
    }

    private List<AgentOutput> Drain()
    {
        var drained = new List<AgentOutput>();
        while (_queue.TryRead(out var output))
            drained.Add(output);
        return drained;
    }
}
