using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PiLsp.Json;

/// <summary>
/// Tolerant reading of JSON that somebody else has written: what is missing, null or of another type is null, numbers may be
/// fractions, and half of a surrogate pair (JavaScript cuts strings anywhere) is kept instead of being an error. Any thread.
/// </summary>
internal static class JsonFields
{
    // Bytes that are no UTF-8 are an error, not replacement characters in somebody's text.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child)
            && child.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? child : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } child ? child.StringValue() : null;

    public static double? Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } child && child.TryGetDouble(out var value) ? value : null;

    public static bool? Flag(this JsonElement element, string name) =>
        element.Child(name) switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => null,
        };

    /// <summary>A whole number, whatever the other's arithmetic made of it.</summary>
    public static long? Whole(this JsonElement element, string name) =>
        element.Number(name) is { } value && double.IsFinite(value) ? (long)Math.Clamp(Math.Round(value), long.MinValue / 2, long.MaxValue / 2) : null;

    public static decimal Money(this JsonElement element, string name) =>
        element.Number(name) is { } value && double.IsFinite(value) && Math.Abs(value) < 1e15 ? (decimal)value : 0m;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } child ? child.EnumerateArray() : [];

    public static IReadOnlyList<string> Texts(this JsonElement element, string name) =>
        [.. element.Items(name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.StringValue())];

    /// <summary>A code of somebody's, which may be a word or a number; null for anything else.</summary>
    public static string? Code(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.String } word => word.StringValue(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static string StringValue(this JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            var raw = element.GetRawText();
            return Unescape(raw.AsSpan(1, raw.Length - 2));
        }
    }

    public static string StringValue(this ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Unescape(Strict.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));
        }
    }

    /// <summary>The inside of a JSON string that the parser has found well-formed except for lone surrogates.</summary>
    private static string Unescape(ReadOnlySpan<char> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            switch (escaped[i])
            {
                case 'u':
                    text.Append((char)ushort.Parse(escaped.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                default: text.Append(escaped[i]); break;
            }
        }

        return text.ToString();
    }
}
