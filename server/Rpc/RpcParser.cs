using System.Buffers;
using System.Text.Json;
using PiLsp.Transport;

namespace PiLsp.Rpc;

/// <summary>
/// Reads the envelope of a message. Tolerant of what does no harm: unknown and repeated members (the last one counts),
/// a missing <c>jsonrpc</c>, null in place of what may be left out. Pure; called by the reader.
/// </summary>
internal static class RpcParser
{
    private static readonly JsonReaderOptions _options = new() { MaxDepth = 1000 };

    public static RpcMessage Parse(ReadOnlySequence<byte> record)
    {
        try
        {
            return Read(record);
        }
        catch (JsonException e)
        {
            var error = new RpcError(RpcErrorCodes.ParseError, $"The message is not valid JSON: {e.Message}");
            return RpcRecovery.Recover(record.ToArray(), error);
        }
    }

    /// <summary>The <c>id</c> in the parameters of a cancellation; null when there is none.</summary>
    public static RpcId? ReadId(ReadOnlyMemory<byte> parameters)
    {
        var text = new ReadOnlySequence<byte>(parameters);
        var reader = new Utf8JsonReader(text, _options);
        RpcId? id = null;
        if (parameters.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId)
                id = RpcId.TryRead(ref reader, text);
            reader.Skip();
        }

        return id;
    }

    /// <summary>Null when the string's bytes or escapes are not Unicode.</summary>
    public static string? TryGetString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static RpcMessage Read(ReadOnlySequence<byte> record)
    {
        var reader = new Utf8JsonReader(record, _options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var what = reader.TokenType == JsonTokenType.StartArray ? "Batches are not supported." : "A message is a JSON object.";
            reader.Skip();
            ReadEnd(ref reader);
            return Invalid(null, what);
        }

        var seen = new Members();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            ReadMember(ref reader, record, ref seen);
        ReadEnd(ref reader);
        return seen.ToMessage();
    }

    private static void ReadMember(ref Utf8JsonReader reader, ReadOnlySequence<byte> record, ref Members seen)
    {
        if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            seen.HasId = true;
            seen.Id = RpcId.TryRead(ref reader, record);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("method"u8))
        {
            reader.Read();
            seen.HasMethod = true;
            seen.Method = reader.TokenType == JsonTokenType.String ? TryGetString(ref reader) : null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            seen.Params = ReadValue(ref reader, record);
        }
        else if (reader.ValueTextEquals("result"u8))
        {
            seen.HasResult = true;
            seen.Result = ReadValue(ref reader, record);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            seen.Error = reader.TokenType == JsonTokenType.Null ? null : ToError(JsonElement.ParseValue(ref reader));
        }
        else
        {
            reader.Skip();
        }
    }

    private static byte[] ReadValue(ref Utf8JsonReader reader, ReadOnlySequence<byte> record)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        var isNull = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        if (isNull)
            return [];
        // A copy: the record's memory is reused by the next read, and handlers run later.
        var value = record.Slice(start, reader.BytesConsumed - start).ToArray();
        // Buffers hold what users and tools put there, and half an emoji in one must not end the connection.
        LoneSurrogates.ReplaceIn(value);
        return value;
    }

    private static void ReadEnd(ref Utf8JsonReader reader)
    {
        // Throws when anything but white space follows.
        while (reader.Read()) { }
    }

    private static RpcError ToError(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
            return new RpcError(RpcErrorCodes.InternalError, "The peer answered an error that is not an object.", error);
        var code = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt32(out var value) ? value : RpcErrorCodes.InternalError;
        var message = error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : "The peer answered an error without a message.";
        return new RpcError(code, message, error.TryGetProperty("data", out var data) ? data : null);
    }

    private static RpcBroken Invalid(RpcId? id, string message) =>
        new(id, new RpcError(RpcErrorCodes.InvalidRequest, message), HasMethod: true, LooksLikeResponse: false);

    private struct Members
    {
        public bool HasId;
        public RpcId? Id;
        public bool HasMethod;
        public string? Method;
        public byte[]? Params;
        public bool HasResult;
        public byte[]? Result;
        public RpcError? Error;

        public readonly RpcMessage ToMessage()
        {
            if (!HasMethod && (HasResult || Error is not null || Id is not null))
                return new RpcResponse(Id, Result, Error, IsBare: !HasResult && Error is null);
            if (!HasMethod)
                return Invalid(Id, "A message needs a method, a result or an error.");
            if (Method is null)
                return Invalid(Id, "The method is not a string.");
            if (!HasId)
                return new RpcNotification(Method, Params);
            return Id is { } id ? new RpcRequest(id, Method, Params) : Invalid(null, "The id is neither a number nor a string.");
        }
    }
}
