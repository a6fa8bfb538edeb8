using System.Text;
using System.Text.Json;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>One line of Pi's stdout. Immutable, independent of the buffer it was read from.</summary>
internal abstract record PiRecord
{
    /// <summary>
    /// Reads one line, without its line feed; the thread is the reader's. The stream consists mostly of deltas:
    /// those are read without a document, and what nobody uses is not read at all. Never throws.
    /// </summary>
    public static PiRecord Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return new PiMalformed("it is no JSON object", null);
            var type = FindType(ref reader);
            switch (type)
            {
                case null:
                    return new PiMalformed("it has no type", null);
                case "message_update":
                    return ReadUpdate(ref reader);
                // It repeats what other records have said, whole conversations of it.
                case "agent_end":
                    return PiIgnored.Instance;
                // So do these, but for who begins to answer, and what was used beside the answers.
                case "message_start" when !Says(utf8, "message"u8, "role"u8, "assistant"u8):
                case "entry_appended" when !Says(utf8, "entry"u8, "type"u8, "usage"u8):
                    return PiIgnored.Instance;
                // That it came is all that is of use; it repeats the message and the tools' results.
                case "turn_end":
                    return new PiEvent(type, default);
            }

            var body = JsonElement.Parse(utf8);
            return type switch
            {
                "response" => new PiResponse(body.Text("id"), body.Text("command") ?? "", body.Flag("success") == true, body.Text("error"), body.Child("data")),
                "extension_ui_request" => ReadUiRequest(body),
                _ => new PiEvent(type, body),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            return new PiMalformed(error.Message, DialogIdIn(utf8));
        }
    }

    private static PiRecord ReadUiRequest(JsonElement body)
    {
        if (body.Text("id") is not { } id) return new PiMalformed("a dialog without an id", null);
        return new PiUiRequest(id, body.Text("method") ?? "", body);
    }

    private static string? FindType(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType) return reader.TokenType == JsonTokenType.String ? reader.StringValue() : null;
            reader.Skip();
        }

        return null;
    }

    /// <summary>Whether a property of an object in this record has that value; without reading what comes behind it.</summary>
    private static bool Says(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> child, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isChild = reader.ValueTextEquals(child);
            reader.Read();
            if (!isChild || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(name);
                reader.Read();
                if (isIt) return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(value);
                reader.Skip();
            }

            return false;
        }

        return false;
    }

    // Pi writes "type" first; the rest is {"usage":…,"assistantMessageEvent":{"type":…,"contentIndex":…,"delta":…}}.
    private static PiRecord ReadUpdate(ref Utf8JsonReader reader)
    {
        PiRecord result = PiIgnored.Instance;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEvent = reader.ValueTextEquals("assistantMessageEvent"u8);
            reader.Read();
            if (isEvent && reader.TokenType == JsonTokenType.StartObject) result = ReadDelta(ref reader);
            else reader.Skip();
        }

        return result;
    }

    private static PiRecord ReadDelta(ref Utf8JsonReader reader)
    {
        bool isText = false, isThinking = false;
        string? delta = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isDelta = reader.ValueTextEquals("delta"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                isText = reader.ValueTextEquals("text_delta"u8);
                isThinking = reader.ValueTextEquals("thinking_delta"u8);
            }
            else if (isDelta && reader.TokenType == JsonTokenType.String) delta = reader.StringValue();
            else reader.Skip();
        }

        if (string.IsNullOrEmpty(delta) || !(isText || isThinking)) return PiIgnored.Instance;
        return new PiDelta(delta, isThinking);
    }

    /// <summary>The id of a broken dialog request, so that whoever waits for its answer can be let go.</summary>
    private static string? DialogIdIn(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\"extension_ui_request\""u8) < 0) return null;
        var key = "\"id\":\""u8;
        var start = utf8.IndexOf(key);
        if (start < 0) return null;
        var rest = utf8[(start + key.Length)..];
        var end = rest.IndexOf((byte)'"');
        return end is > 0 and <= 128 ? Encoding.UTF8.GetString(rest[..end]) : null;
    }
}

internal sealed record PiDelta(string Text, bool IsThinking) : PiRecord;

/// <param name="Id">Null for an answer to something that Pi could not parse.</param>
internal sealed record PiResponse(string? Id, string Command, bool Success, string? Error, JsonElement? Data) : PiRecord;

/// <summary>An extension speaks to the user: a dialog that waits, or a notice that does not.</summary>
internal sealed record PiUiRequest(string Id, string Method, JsonElement Body) : PiRecord;

/// <summary>Everything else; unknown types are for the reader of events to pass over.</summary>
internal sealed record PiEvent(string Type, JsonElement Body) : PiRecord;

internal sealed record PiIgnored : PiRecord
{
    public static readonly PiIgnored Instance = new();
}

/// <param name="DialogId">What is to be answered as cancelled although nobody can read it.</param>
internal sealed record PiMalformed(string Problem, string? DialogId) : PiRecord;
