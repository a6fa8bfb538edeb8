using System.Buffers;

namespace PiLsp.Transport;

/// <summary>
/// The one reader of a stream, on a thread of its own that waits in the read itself: where a stream brings much in small
/// pieces, each of them costs one call of the system, and no change of threads. The stream stays its owner's to close.
/// </summary>
internal sealed class BlockingRecordReader(Stream stream, IRecordFraming framing)
{
    private const int UsualSize = 64 * 1024;

    /// <summary>The record is valid during the call. False: nothing more is to be read.</summary>
    public delegate bool Receiver(ReadOnlySpan<byte> record);

    /// <summary>Returns with the end of the stream, or when nobody wants more; fails as the stream or the framing fails.</summary>
    public void ReadAll(Receiver receive)
    {
        var buffer = new byte[UsualSize];
        var (start, end) = (0, 0);
        while (true)
        {
            var rest = new ReadOnlySequence<byte>(buffer, start, end - start);
            while (framing.TryRead(ref rest, out var record))
                if (!receive(record.FirstSpan))
                    return;

            start = end - (int)rest.Length;
            (buffer, start, end) = WithRoom(buffer, start, end);
            var count = stream.Read(buffer, end, buffer.Length - end);
            if (count == 0)
            {
                framing.End(new ReadOnlySequence<byte>(buffer, start, end - start));
                return;
            }

            end += count;
        }
    }

    /// <summary>The same bytes with room behind them, in a buffer that is large only while a record is.</summary>
    private static (byte[] Buffer, int Start, int End) WithRoom(byte[] buffer, int start, int end)
    {
        var length = end - start;
        if (length == 0)
            return (buffer.Length == UsualSize ? buffer : new byte[UsualSize], 0, 0);
        if (end < buffer.Length)
            return (buffer, start, end);
        var target = length <= buffer.Length / 2 ? buffer : new byte[(int)Math.Min(2L * buffer.Length, Array.MaxLength)];
        buffer.AsSpan(start, length).CopyTo(target);
        return (target, 0, length);
    }
}
