using System.Buffers;

namespace PiLsp.Transport;

/// <summary>
/// How records are marked off in a stream of bytes. Reading keeps state: one instance for each stream, called by
/// that stream's reader alone. Writing keeps none.
/// </summary>
internal interface IRecordFraming
{
    /// <summary>
    /// Takes the next whole record off the front of <paramref name="buffer"/>. On false the buffer starts at the
    /// first byte that is still needed, and the next call has to bring the same bytes again, with more behind them.
    /// </summary>
    bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> record);

    /// <summary>The stream is over; <paramref name="rest"/> is what no record could be made of. It is reported and dropped.</summary>
    void End(ReadOnlySequence<byte> rest);

    void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> record);
}

/// <summary>The position in the stream is lost: nothing after this can be read.</summary>
internal sealed class FramingException(string message) : Exception(message);
