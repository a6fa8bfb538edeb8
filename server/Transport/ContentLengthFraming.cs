using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PiLsp.Transport;

/// <summary>
/// The frames of the Language Server Protocol: a header with <c>Content-Length</c>, an empty line, the body.
/// A header that cannot be trusted is a <see cref="FramingException"/>, for nobody knows where the next one starts.
/// </summary>
/// <param name="report">Told in a sentence what was dropped; called by the reader.</param>
internal sealed class ContentLengthFraming(Action<string>? report = null, int maxLength = ContentLengthFraming.DefaultMaxLength) : IRecordFraming
{
    public const int DefaultMaxLength = 256 * 1024 * 1024;
    private const int MaxHeader = 8 * 1024;

    /// <summary>Of the record whose header was read already; -1 between records.</summary>
    private int _bodyLength = -1;

    public bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> record)
    {
        record = default;
        if (_bodyLength < 0 && !TryReadHeader(ref buffer))
            return false;
        if (buffer.Length < _bodyLength)
            return false;

        record = buffer.Slice(0, _bodyLength);
        buffer = buffer.Slice(record.End);
        _bodyLength = -1;
        return true;
    }

    public void End(ReadOnlySequence<byte> rest)
    {
        if (_bodyLength >= 0)
            report?.Invoke($"The input ended inside a message: {rest.Length} of {_bodyLength} bytes came. It is dropped.");
        else if (!rest.IsEmpty)
            report?.Invoke($"The input ended inside a message header. Its {rest.Length} bytes are dropped.");
    }

    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> record)
    {
        output.Write("Content-Length: "u8);
        Span<byte> digits = stackalloc byte[11];
        record.Length.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        output.Write(digits[..written]);
        output.Write("\r\n\r\n"u8);
        output.Write(record);
    }

    private bool TryReadHeader(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty)
            return false;
        var head = buffer.Slice(0, Math.Min(buffer.Length, MaxHeader));
        var span = head.IsSingleSegment ? head.FirstSpan : head.ToArray();

        var end = span.IndexOf("\r\n\r\n"u8);
        var header = end < 0 ? span : span[..end];
        RefuseGarbage(header);
        if (end < 0)
        {
            if (buffer.Length >= MaxHeader)
                throw new FramingException($"A message header is longer than {MaxHeader} bytes.");
            return false;
        }

        _bodyLength = ReadLength(header);
        buffer = buffer.Slice(end + 4);
        return true;
    }

    /// <summary>A peer that speaks something else is told so by its first bytes, instead of being waited for.</summary>
    private static void RefuseGarbage(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || !char.IsAsciiLetter((char)header[0]))
            throw new FramingException("The input is not a message header: 'Content-Length: <bytes>' is expected before each message.");
        if (header.Count((byte)'\n') != header.Count("\r\n"u8))
            throw new FramingException("A line of a message header does not end with CR LF.");
    }

    private int ReadLength(ReadOnlySpan<byte> header)
    {
        long? length = null;
        while (!header.IsEmpty)
        {
            var next = header.IndexOf("\r\n"u8);
            var line = next < 0 ? header : header[..next];
            header = next < 0 ? default : header[(next + 2)..];

            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
                throw new FramingException($"A message header has a line without a name: '{Printable(line)}'.");
            if (!Ascii.EqualsIgnoreCase(line[..colon].Trim((byte)' '), "Content-Length"u8))
                continue;

            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (!Utf8Parser.TryParse(value, out long number, out var used) || used != value.Length || number < 0)
                throw new FramingException($"The Content-Length '{Printable(value)}' is not a number of bytes.");
            if (length is { } other && other != number)
                throw new FramingException($"A message header names two lengths, {other} and {number}.");
            length = number;
        }

        if (length is not { } known)
            throw new FramingException("A message header has no Content-Length.");
        if (known > maxLength)
            throw new FramingException($"A message of {known} bytes is longer than the {maxLength} that are accepted.");
        return (int)known;
    }

    private static string Printable(ReadOnlySpan<byte> text)
    {
        var characters = Encoding.Latin1.GetString(text[..Math.Min(text.Length, 80)]);
        return string.Concat(characters.Select(c => char.IsControl(c) ? '?' : c));
    }
}
