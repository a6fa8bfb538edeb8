using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace PiLsp.Rpc;

/// <summary>
/// A request's id, number or string, compared by meaning (<c>1</c> is <c>1.0</c>, <c>"1"</c> is neither) and echoed byte for byte.
/// </summary>
internal readonly struct RpcId : IEquatable<RpcId>
{
    private readonly string _key;

    private RpcId(string key, byte[] json, long? number)
    {
        _key = key;
        Json = json;
        Number = number;
    }

    /// <summary>As the peer wrote it.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Set for whole numbers, which is what this side's own ids are.</summary>
    public long? Number { get; }

    /// <summary>Null when the reader's value is no id: null, a structure, or text that is not Unicode.</summary>
    public static RpcId? TryRead(ref Utf8JsonReader reader, ReadOnlySequence<byte> text)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when RpcParser.TryGetString(ref reader) is { } value:
                return new RpcId("\"" + value, Raw(reader, text), null);
            case JsonTokenType.Number:
                var raw = Raw(reader, text);
                if (reader.TryGetInt64(out var whole))
                    return new RpcId(whole.ToString(CultureInfo.InvariantCulture), raw, whole);
                if (reader.TryGetDouble(out var number) && Math.Abs(number) < 1L << 53 && number == Math.Truncate(number))
                    return new RpcId(((long)number).ToString(CultureInfo.InvariantCulture), raw, (long)number);
                return new RpcId(System.Text.Encoding.UTF8.GetString(raw), raw, null);
            default:
                return null;
        }
    }

    public bool Equals(RpcId other) => _key == other._key;

    public override bool Equals(object? obj) => obj is RpcId other && Equals(other);

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Json.Span);

    private static byte[] Raw(Utf8JsonReader reader, ReadOnlySequence<byte> text) =>
        text.Slice(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex).ToArray();
}
