using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PiLsp.Transport;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace PiLsp.Rpc;

/// <summary>
/// Messages as StreamJsonRpc handles them, and their JSON. Parameters and results stay JSON until somebody knows their type,
/// and on the way out are written by a delegate that does. Tolerant of what does no harm: unknown and repeated members
/// (the last one counts), a missing <c>jsonrpc</c>, null in place of what may be left out. Pure.
/// </summary>
internal sealed class RpcFormatter : IJsonRpcMessageFormatter
{
    private static readonly JsonDocumentOptions _reading = new() { MaxDepth = 1000 };

    // Nothing here ends up in HTML; the default would write every quote and umlaut of a source file as six characters.
    private static readonly JsonWriterOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>Does not fail: what is no message is an <see cref="RpcBroken"/>.</summary>
    public JsonRpcMessage Deserialize(ReadOnlySequence<byte> contentBuffer)
    {
        // A copy: the record's memory is reused by the next read, and handlers run later.
        var text = contentBuffer.ToArray();
        // Buffers hold what users and tools put there, and half an emoji in one must not end the connection.
        LoneSurrogates.ReplaceIn(text);
        try
        {
            // Not disposed of: handlers hold parts of it for as long as they like.
            var root = JsonDocument.Parse(text, _reading).RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Object => ToMessage(root),
                JsonValueKind.Array => Invalid(RequestId.Null, "Batches are not supported."),
                _ => Invalid(RequestId.Null, "A message is a JSON object."),
            };
        }
        catch (JsonException e)
        {
            return RpcRecovery.Recover(text, $"The message is not valid JSON: {e.Message}");
        }
    }

    public void Serialize(IBufferWriter<byte> bufferWriter, JsonRpcMessage message)
    {
        using var writer = new Utf8JsonWriter(bufferWriter, _writing);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        if (message is IJsonRpcMessageWithId { RequestId: { IsEmpty: false } id })
            WriteId(writer, id);
        switch (message)
        {
            case JsonRpcRequest call:
                writer.WriteString("method"u8, call.Method);
                // JSON-RPC knows no null here: parameters are a structure or left out.
                if (call.Arguments is Action<Utf8JsonWriter> writeParameters)
                {
                    writer.WritePropertyName("params"u8);
                    writeParameters(writer);
                }

                break;
            case JsonRpcResult answer:
                writer.WritePropertyName("result"u8);
                if (answer.Result is Action<Utf8JsonWriter> writeResult)
                    writeResult(writer);
                else
                    writer.WriteNullValue();
                break;
            case JsonRpcError { Error: { } error }:
                writer.WriteStartObject("error"u8);
                writer.WriteNumber("code"u8, (int)error.Code);
                writer.WriteString("message"u8, error.Message);
                if (error.Data is JsonElement data)
                {
                    writer.WritePropertyName("data"u8);
                    data.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    public object GetJsonText(JsonRpcMessage message) => throw new NotSupportedException();

    /// <summary>What stands for parameters or a result until the message is written; null stands for null.</summary>
    public static Action<Utf8JsonWriter>? Written<T>(T? value, JsonTypeInfo<T> type) =>
        value is null ? null : writer => JsonSerializer.Serialize(writer, value, type);

    /// <summary>The value of parameters or a result that came in; null where they are null or missing.</summary>
    public static T? Read<T>(JsonElement value, JsonTypeInfo<T> type) =>
        value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? default : value.Deserialize(type);

    public static void WriteId(Utf8JsonWriter writer, RequestId id)
    {
        if (id.Number is { } number)
            writer.WriteNumber("id"u8, number);
        else
            writer.WriteString("id"u8, id.String);
    }

    /// <summary>The empty id where there is none, the null one where it is neither an integer nor a string.</summary>
    public static RequestId ToId(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.Undefined => RequestId.NotSpecified,
        JsonValueKind.String => new RequestId(Text(id)),
        // 1.0 is an integer, too.
        JsonValueKind.Number when id.TryGetDecimal(out var n) && decimal.IsInteger(n) && n is >= long.MinValue and <= long.MaxValue => new RequestId((long)n),
        _ => RequestId.Null,
    };

    /// <summary>Undefined where there is none.</summary>
    public static JsonElement Member(JsonElement members, ReadOnlySpan<byte> name) =>
        members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out var value) ? value : default;

    private static JsonRpcMessage ToMessage(JsonElement message)
    {
        var (id, method, error) = (ToId(Member(message, "id"u8)), Member(message, "method"u8), Member(message, "error"u8));
        if (method.ValueKind != JsonValueKind.Undefined)
        {
            return Text(method) is not { } name ? Invalid(id, "The method is not a string.")
                : id.IsNull ? Invalid(id, "The id is neither an integer nor a string.")
                : new RpcCall(id, name, Member(message, "params"u8));
        }

        if (error.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
            return new JsonRpcError { RequestId = id, Error = ToError(error) };
        var result = Member(message, "result"u8);
        return result.ValueKind == JsonValueKind.Undefined && (id.IsEmpty || id.IsNull)
            ? Invalid(RequestId.Null, "A message needs a method, a result or an error.")
            : new JsonRpcResult { RequestId = id, Result = result };
    }

    private static JsonRpcError.ErrorDetail ToError(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
            return new() { Code = JsonRpcErrorCode.InternalError, Message = "The peer answered an error that is not an object.", Data = error };
        var (code, data) = (Member(error, "code"u8), Member(error, "data"u8));
        return new()
        {
            Code = code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var value) ? (JsonRpcErrorCode)value : JsonRpcErrorCode.InternalError,
            Message = Text(Member(error, "message"u8)) ?? "The peer answered an error without a message.",
            Data = data.ValueKind == JsonValueKind.Undefined ? null : data,
        };
    }

    private static RpcBroken Invalid(RequestId id, string reason) => new(id, RpcErrorCodes.InvalidRequest, reason);

    /// <summary>Null when it is no string, or its bytes are not Unicode.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
