using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PiLsp.Json;
using PiLsp.Transport;

namespace PiLsp.Pi;

/// <summary>What is of Pi's JSON alone: JSON inside JSON, and what is handed on as it is. Any thread.</summary>
internal static class PiJson
{
    // Bytes that are no UTF-8 are an error, not replacement characters in somebody's text.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>An object that is handed on as it is, so that it can be written again; null as <see cref="JsonFields.Child"/>.</summary>
    public static JsonElement? Passable(this JsonElement element, string name)
    {
        if (element.Child(name) is not { } child)
            return null;
        var raw = JsonMarshal.GetRawUtf8Value(child);
        if (raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0)
            return child;
        var json = raw.ToArray();
        LoneSurrogates.ReplaceIn(json);
        return JsonElement.Parse(json);
    }

    /// <summary>
    /// A string that is JSON itself, read from its bytes: whole files come this way, and a text of one, only to be parsed, would be
    /// three times as large.
    /// </summary>
    /// <param name="read">Gets what is gone when it returns.</param>
    public static T ReadInner<T>(this JsonElement element, Func<JsonElement, T> read)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            if (element.ValueKind != JsonValueKind.String)
                throw new JsonException("it is no string");
            using var document = JsonDocument.Parse(buffer.AsMemory(0, Unescape(raw[1..^1], buffer)));
            return read(document.RootElement);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The inside of a string that the parser has found well-formed. It is read a second time here because the library would
    /// validate all of it once more, byte by byte, before it copies any.
    /// </summary>
    /// <returns>How many bytes.</returns>
    private static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        var length = 0;
        while (escaped.IndexOf((byte)'\\') is >= 0 and var at)
        {
            escaped[..at].CopyTo(target[length..]);
            length += at;
            var used = 2;
            switch (escaped[at + 1])
            {
                case (byte)'u':
                    // A pair is two of them.
                    Span<char> units = [Unit(escaped[(at + 2)..]), '\0'];
                    var isPair = char.IsHighSurrogate(units[0]) && escaped[(at + 6)..].StartsWith("\\u"u8);
                    if (isPair)
                        units[1] = Unit(escaped[(at + 8)..]);
                    if (char.IsSurrogate(units[0]) && !(isPair && char.IsLowSurrogate(units[1])))
                        throw new JsonException("half of a surrogate pair is no JSON");
                    used = isPair ? 12 : 6;
                    length += Strict.GetBytes(units[..(isPair ? 2 : 1)], target[length..]);
                    break;
                case (byte)'n': target[length++] = (byte)'\n'; break;
                case (byte)'r': target[length++] = (byte)'\r'; break;
                case (byte)'t': target[length++] = (byte)'\t'; break;
                case (byte)'b': target[length++] = (byte)'\b'; break;
                case (byte)'f': target[length++] = (byte)'\f'; break;
                case var other: target[length++] = other; break;
            }

            escaped = escaped[(at + used)..];
        }

        escaped.CopyTo(target[length..]);
        return length + escaped.Length;
    }

    private static char Unit(ReadOnlySpan<byte> hex) => (char)ushort.Parse(hex[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
