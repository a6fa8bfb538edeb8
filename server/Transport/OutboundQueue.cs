using System.IO.Pipelines;
using System.Threading.Channels;

namespace PiLsp.Transport;

/// <summary>
/// The one writer of a stream, which it owns and closes. Any thread may enqueue; one loop frames and writes in the
/// order of enqueueing. A producer never waits and never sees an I/O error: that is what <see cref="Completion"/> is for.
/// </summary>
internal sealed class OutboundQueue
{
    /// <summary>What is gathered before a write while more is waiting; below it, a batch ends when the queue is empty.</summary>
    private const int BatchSize = 64 * 1024;

    private readonly Channel<ReadOnlyMemory<byte>> _queue =
        Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Stream _stream;
    private readonly IRecordFraming _framing;
    private long _pendingBytes;

    public OutboundQueue(Stream stream, IRecordFraming framing)
    {
        _stream = stream;
        _framing = framing;
        Completion = Task.Run(WriteAllAsync);
    }

    /// <summary>Ends when everything is written after <see cref="CompleteAsync"/>, or fails as the stream failed.</summary>
    public Task Completion { get; }

    /// <summary>Bytes of records that the stream has not taken yet: how far behind the peer is.</summary>
    public long PendingBytes => Interlocked.Read(ref _pendingBytes);

    /// <summary>False when the queue is closed or the peer is gone. The memory is the queue's from here on.</summary>
    public bool TryEnqueue(ReadOnlyMemory<byte> record)
    {
        Interlocked.Add(ref _pendingBytes, record.Length);
        if (_queue.Writer.TryWrite(record))
            return true;
        Interlocked.Add(ref _pendingBytes, -record.Length);
        return false;
    }

    /// <summary>Takes nothing more, writes what is queued, closes the stream. Does not fail: see <see cref="Completion"/>.</summary>
    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAllAsync()
    {
        var pipe = PipeWriter.Create(_stream, new StreamPipeWriterOptions(minimumBufferSize: 16 * 1024, leaveOpen: true));
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
                await WriteQueuedAsync(pipe);
            await pipe.CompleteAsync();
        }
        catch (Exception e)
        {
            // Nothing may be left in the pipe: completing it without the error would try to write again.
            await pipe.CompleteAsync(e);
            throw;
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var unsent))
                Interlocked.Add(ref _pendingBytes, -unsent.Length);
            await CloseStreamAsync();
        }
    }

    private async Task WriteQueuedAsync(PipeWriter pipe)
    {
        while (_queue.Reader.TryRead(out var record))
        {
            long taken = record.Length;
            try
            {
                _framing.Write(pipe, record.Span);
                while (pipe.UnflushedBytes < BatchSize && _queue.Reader.TryRead(out record))
                {
                    taken += record.Length;
                    _framing.Write(pipe, record.Span);
                }

                await pipe.FlushAsync();
            }
            finally
            {
                Interlocked.Add(ref _pendingBytes, -taken);
            }
        }
    }

    private async Task CloseStreamAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException)
        {
            // Closing flushes, and the peer may be gone by now. What was written is written.
        }
    }
}
