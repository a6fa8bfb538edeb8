using System.Buffers;

namespace PiLsp.Transport;

/// <summary>
/// One JSON text for each line. Only the byte 0x0A ends a line, one CR before it is dropped, empty lines are skipped.
/// A line over the cap is skipped without being kept in memory; the records after it are read as usual.
/// </summary>
/// <param name="report">Told in a sentence, once for each, what was dropped; called by the reader.</param>
internal sealed class JsonLinesFraming(Action<string>? report = null, int maxLength = JsonLinesFraming.DefaultMaxLength) : IRecordFraming
{
    public const int DefaultMaxLength = 256 * 1024 * 1024;

    /// <summary>How much of the unfinished line holds no LF for certain, so that a long line is searched once.</summary>
    private long _searched;

    private bool _skipping;

    public bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> record)
    {
        record = default;
        while (true)
        {
            var unsearched = buffer.Slice(_searched);
            if (unsearched.PositionOf((byte)'\n') is not { } lineFeed)
            {
                KeepUnfinished(ref buffer);
                return false;
            }

            var line = WithoutCarriageReturn(buffer.Slice(0, lineFeed));
            buffer = buffer.Slice(buffer.GetPosition(1, lineFeed));
            _searched = 0;

            if (_skipping)
                _skipping = false;
            else if (line.Length > maxLength)
                ReportOversized();
            else if (!line.IsEmpty)
            {
                record = line;
                return true;
            }
        }
    }

    public void End(ReadOnlySequence<byte> rest)
    {
        // A skipped line was reported when it grew too long.
        if (!_skipping && !rest.IsEmpty)
            report?.Invoke($"The input ended inside a line. Its {rest.Length} bytes are dropped.");
    }

    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> record)
    {
        if (record.Contains((byte)'\n'))
            throw new ArgumentException("A record that holds a line feed would be read as two.", nameof(record));
        output.Write(record);
        output.Write("\n"u8);
    }

    private void KeepUnfinished(ref ReadOnlySequence<byte> buffer)
    {
        // The one byte more may be the CR that does not count.
        if (!_skipping && buffer.Length > (long)maxLength + 1)
        {
            ReportOversized();
            _skipping = true;
        }

        if (_skipping)
            buffer = buffer.Slice(buffer.End);
        _searched = buffer.Length;
    }

    private void ReportOversized() => report?.Invoke($"A line is longer than the {maxLength} bytes that are accepted. It is skipped.");

    private static ReadOnlySequence<byte> WithoutCarriageReturn(ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty)
            return line;
        var last = line.IsSingleSegment ? line.FirstSpan[^1] : line.Slice(line.Length - 1).FirstSpan[0];
        return last == '\r' ? line.Slice(0, line.Length - 1) : line;
    }
}
