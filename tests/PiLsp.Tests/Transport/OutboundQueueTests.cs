using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Transport;

public sealed class OutboundQueueTests
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task Completing_writes_everything_in_order_and_closes_the_stream()
    {
        var stream = new MemoryStream();
        var queue = new OutboundQueue(stream, new JsonLinesFraming());
        for (var i = 0; i < 10_000; i++)
            Assert.True(queue.TryEnqueue(Bytes(i.ToString(CultureInfo.InvariantCulture))));

        await queue.CompleteAsync().WaitAsync(_hang);

        Assert.True(queue.Completion.IsCompletedSuccessfully);
        Assert.False(stream.CanWrite);
        Assert.Equal(0, queue.PendingBytes);
        Assert.Equal(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i}\n")), Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task A_closed_queue_takes_nothing_more()
    {
        var stream = new MemoryStream();
        var queue = new OutboundQueue(stream, new JsonLinesFraming());
        await queue.CompleteAsync().WaitAsync(_hang);

        Assert.False(queue.TryEnqueue(Bytes("late")));
        Assert.Equal(0, queue.PendingBytes);
        Assert.Empty(stream.ToArray());
    }

    [Fact]
    public async Task A_slow_reader_shows_as_pending_bytes_and_gets_everything_in_the_end()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1000, resumeWriterThreshold: 500));
        var queue = new OutboundQueue(pipe.Writer.AsStream(), new JsonLinesFraming());
        var record = new string('x', 400);
        for (var i = 0; i < 1000; i++)
            Assert.True(queue.TryEnqueue(Bytes(record)));

        Assert.True(queue.PendingBytes > 300_000);

        var completed = queue.CompleteAsync();
        var count = 0;
        await foreach (var read in new RecordReader(pipe.Reader.AsStream(), new JsonLinesFraming()).ReadAllAsync(CancellationToken.None))
            count += read.Length == 400 ? 1 : 0;
        await completed.WaitAsync(_hang);
        Assert.Equal(1000, count);
        Assert.Equal(0, queue.PendingBytes);
    }

    [Fact]
    public async Task Producers_on_many_threads_each_keep_their_order()
    {
        var stream = new MemoryStream();
        var queue = new OutboundQueue(stream, new JsonLinesFraming());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(producer => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
                queue.TryEnqueue(Bytes($"{producer} {i}"));
        })));
        await queue.CompleteAsync().WaitAsync(_hang);

        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var producer = 0; producer < 4; producer++)
            Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{producer} {i}"), lines.Where(l => l[0] == '0' + producer));
    }

    [Fact]
    public async Task A_peer_that_is_gone_faults_the_completion_and_no_producer()
    {
        var stream = new BrokenStream();
        var queue = new OutboundQueue(stream, new JsonLinesFraming());
        queue.TryEnqueue(Bytes("1"));
        await stream.Writing.Task.WaitAsync(_hang);
        queue.TryEnqueue(Bytes("queued behind"));
        stream.Broken.SetResult();

        var failure = await Assert.ThrowsAsync<IOException>(() => queue.Completion.WaitAsync(_hang));

        Assert.Equal("The pipe is broken.", failure.Message);
        Assert.False(queue.TryEnqueue(Bytes("2")));
        Assert.Equal(0, queue.PendingBytes);
        await queue.CompleteAsync().WaitAsync(_hang);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public TaskCompletionSource Writing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Broken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writing.TrySetResult();
            await Broken.Task;
            throw new IOException("The pipe is broken.");
        }
    }
}
