using System.Buffers;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Sessions.Transcripts;

/// <summary>Keeps a transcript small: tools may read and write files of megabytes. Pure.</summary>
internal static class TranscriptBounds
{
    /// <summary>Characters of a tool's output that are kept, half from its beginning and half from its end.</summary>
    public const int MaxOutput = 16 * 1024;

    private const int MaxInput = 16 * 1024;
    private const int MaxString = 2 * 1024;

    public static (string Text, bool IsCut) Output(string text) => text.Length <= MaxOutput ? (text, false)
        : ($"{ShortText.Start(text, MaxOutput / 2)}\n… {text.Length - MaxOutput} characters left out …\n{ShortText.End(text, MaxOutput / 2)}", true);

    /// <summary>The end of an output that grows.</summary>
    public static (string Text, bool IsCut) End(string text) => text.Length <= MaxOutput ? (text, false) : (ShortText.End(text, MaxOutput), true);

    /// <summary>A small input as it is; of a large one the long strings cut.</summary>
    public static JsonElement Input(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.Undefined || input.GetRawText().Length <= MaxInput)
            return input;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Copy(writer, input);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Copy(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Copy(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when value.GetRawText().Length > MaxString && value.GetString() is { Length: > MaxString } text:
                writer.WriteStringValue($"{ShortText.Start(text, MaxString)}… ({text.Length} characters)");
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
