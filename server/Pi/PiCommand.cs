using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>Records for Pi's stdin: commands and the answers to dialogs. Pure.</summary>
internal static class PiCommand
{
    // Only this program and Pi read it, so nothing needs the escapes that protect a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write(string id, string type, params ReadOnlySpan<(string Name, string? Value)> fields) =>
        Write(id, type, [], null, fields);

    /// <param name="flag">A field that is true.</param>
    public static ReadOnlyMemory<byte> Write(
        string id, string type, IReadOnlyList<AgentImage> images, string? flag, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, id);
            writer.WriteString("type"u8, type);
            foreach (var (name, value) in fields)
                if (value is not null) writer.WriteString(name, value);
            if (flag is not null) writer.WriteBoolean(flag, true);
            if (images.Count > 0) WriteImages(writer, images);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteImages(Utf8JsonWriter writer, IReadOnlyList<AgentImage> images)
    {
        writer.WriteStartArray("images"u8);
        foreach (var image in images)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "image"u8);
            writer.WriteString("data"u8, image.Base64);
            writer.WriteString("mimeType"u8, image.MimeType);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ReadOnlyMemory<byte> CancelDialog(string id) => Dialog(id, static (writer, _) => writer.WriteBoolean("cancelled"u8, true), "");

    public static ReadOnlyMemory<byte> ConfirmDialog(string id, bool confirmed) =>
        Dialog(id, static (writer, value) => writer.WriteBoolean("confirmed"u8, value), confirmed);

    public static ReadOnlyMemory<byte> AnswerDialog(string id, string value) =>
        Dialog(id, static (writer, text) => writer.WriteString("value"u8, text), value);

    /// <summary>A dialog's value that is JSON itself, the way the gate takes its answers.</summary>
    public static ReadOnlyMemory<byte> AnswerDialog(string id, Action<Utf8JsonWriter> writeValue)
    {
        var inner = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(inner, Options))
        {
            writer.WriteStartObject();
            writeValue(writer);
            writer.WriteEndObject();
        }

        var buffer = new ArrayBufferWriter<byte>(inner.WrittenCount + 128);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "extension_ui_response"u8);
            writer.WriteString("id"u8, id);
            writer.WriteString("value"u8, inner.WrittenSpan);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Dialog<T>(string id, Action<Utf8JsonWriter, T> writeAnswer, T value)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "extension_ui_response"u8);
            writer.WriteString("id"u8, id);
            writeAnswer(writer, value);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
