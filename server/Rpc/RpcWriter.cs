using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PiLsp.Rpc;

/// <summary>Makes the bytes of outgoing messages. Called by any thread; each has its own scratch buffer.</summary>
internal static class RpcWriter
{
    private const int LargestKeptBuffer = 1024 * 1024;

    // Nothing here ends up in HTML; the default would write every quote and umlaut of a source file as six characters.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public static byte[] Request<T>(long id, string method, T parameters, JsonTypeInfo<T> type) => Write(writer =>
    {
        writer.WriteNumber("id"u8, id);
        WriteCall(writer, method, parameters, type);
    });

    public static byte[] Notification<T>(string method, T parameters, JsonTypeInfo<T> type) => Write(writer =>
        WriteCall(writer, method, parameters, type));

    public static byte[] CancelRequest(long id) => Write(writer =>
    {
        writer.WriteString("method"u8, "$/cancelRequest"u8);
        writer.WriteStartObject("params"u8);
        writer.WriteNumber("id"u8, id);
        writer.WriteEndObject();
    });

    public static byte[] Result(RpcId id, Action<Utf8JsonWriter> writeResult) => Write(writer =>
    {
        WriteId(writer, id);
        writer.WritePropertyName("result"u8);
        writeResult(writer);
    });

    public static byte[] Error(RpcId? id, RpcError error) => Write(writer =>
    {
        WriteId(writer, id);
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        if (error.Data is { } data)
        {
            writer.WritePropertyName("data"u8);
            data.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    private static void WriteCall<T>(Utf8JsonWriter writer, string method, T parameters, JsonTypeInfo<T> type)
    {
        writer.WriteString("method"u8, method);
        // JSON-RPC knows no null here: parameters are a structure or left out.
        if (parameters is null)
            return;
        writer.WritePropertyName("params"u8);
        JsonSerializer.Serialize(writer, parameters, type);
    }

    private static void WriteId(Utf8JsonWriter writer, RpcId? id)
    {
        writer.WritePropertyName("id"u8);
        if (id is { } known)
            writer.WriteRawValue(known.Json.Span, skipInputValidation: true);
        else
            writer.WriteNullValue();
    }

    private static byte[] Write(Action<Utf8JsonWriter> writeMembers)
    {
        var scratch = _scratch ?? new ArrayBufferWriter<byte>(1024);
        // Out of reach while in use: a serializer may send a message of its own.
        _scratch = null;
        scratch.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(scratch, _options))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writeMembers(writer);
            writer.WriteEndObject();
        }

        var message = scratch.WrittenSpan.ToArray();
        if (scratch.Capacity <= LargestKeptBuffer)
            _scratch = scratch;
        return message;
    }
}
