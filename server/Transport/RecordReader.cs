using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace PiLsp.Transport;

/// <summary>
/// The one reader of a stream, record by record. Read by one caller, once. The stream stays its owner's to close.
/// </summary>
internal sealed class RecordReader(Stream stream, IRecordFraming framing)
{
    /// <summary>Large, because a long record is a chain of these that is walked again with every read.</summary>
    private const int SegmentSize = 64 * 1024;

    /// <summary>Each record is valid until the next one is asked for. Ends with the stream; fails as the stream or the framing fails.</summary>
    public async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: SegmentSize, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellation);
                var buffer = read.Buffer;
                while (framing.TryRead(ref buffer, out var record))
                    yield return record;

                if (read.IsCompleted)
                {
                    framing.End(buffer);
                    yield break;
                }

                pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }
}
