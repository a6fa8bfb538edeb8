using System.Buffers;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// Sums up one of Pi's session files (its docs/session-format.md) line by line. Files only grow, so a reader that is
/// kept goes on where it stopped. Used by one caller at a time.
/// </summary>
internal sealed class PiSessionReader
{
    private const int MaxWords = 200;

    private string? _id;
    private string _workingDirectory = "";
    private string? _parent;
    private string? _title;
    private string _born = "";

    /// <summary>The user's first words, those that were answered first, and of a fork those behind what it has taken over.</summary>
    private string? _first, _answered, _own;

    /// <summary>The user's words that wait for an answer, and when they were said.</summary>
    private (string Words, string At)? _asked;

    private string? _model;
    private int _messages;
    private AgentUsage _usage;

    /// <summary>How many bytes of the file have been read: all up to the last complete line.</summary>
    public long Position { get; private set; }

    /// <summary>The first line said that this is something else.</summary>
    public bool IsRefused { get; private set; }

    public StoredSession? Summary(string path, DateTimeOffset modified, long size) => _id is null || IsRefused ? null
        : new StoredSession(path, _id, _workingDirectory, modified, size, _title, _own ?? _answered ?? _first, _model, _messages, _usage, _parent);

    public async Task ReadOnAsync(Stream file, CancellationToken cancellation)
    {
        file.Seek(Position, SeekOrigin.Begin);
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        var filled = 0;
        try
        {
            while (!IsRefused)
            {
                if (filled == buffer.Length)
                    buffer = Grown(buffer);
                var read = await file.ReadAsync(buffer.AsMemory(filled), cancellation);
                if (read == 0)
                    return;
                filled += read;
                var used = TakeLines(buffer.AsSpan(0, filled));
                Position += used;
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int TakeLines(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (!IsRefused && text[at..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            Take(text.Slice(at, length));
            at += length + 1;
        }

        return at;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
            return;
        try
        {
            var (type, role) = Kind(line);
            if (_id is null && type != "session")
            {
                IsRefused = true;
                return;
            }

            // Results of tools are most of a file, and tell nothing unless they carry usage.
            if (type == "message" && (role is "user" or "assistant" || (role == "toolResult" && line.IndexOf("\"usage\""u8) >= 0))
                || type is "session" or "session_info" or "compaction" or "branch_summary" or "usage")
            {
                var whole = new Utf8JsonReader(line);
                Look(type, role, JsonElement.ParseValue(ref whole));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            // One broken line does not hide the session; a file that begins with one is none.
            IsRefused = _id is null;
        }
    }

    private void Look(string? type, string? role, JsonElement entry)
    {
        switch (type)
        {
            case "session" when _id is null:
                _id = entry.Text("id") ?? "";
                _workingDirectory = entry.Text("cwd") ?? "";
                _parent = entry.Text("parentSession");
                _born = entry.Text("timestamp") ?? "";
                break;
            case "session_info":
                _title = entry.Text("name")?.Trim() is { Length: > 0 } name ? name : null;
                break;
            case "compaction" or "branch_summary" or "usage" when entry.Child("usage") is { } usage:
                _usage += PiStateReader.ReadUsage(usage);
                break;
            case "message" when entry.Child("message") is { } message:
                if (role is "user" or "assistant")
                    _messages++;
                if (role == "user" && FirstWords(message) is { Length: > 0 } words)
                {
                    _first ??= words;
                    _asked = (words, entry.Text("timestamp") ?? "");
                }

                // What failed says nothing of the session: another prompt came after it, or the same once more.
                if (role == "assistant" && message.Text("stopReason") != "error" && _asked is { } asked)
                {
                    _asked = null;
                    _answered ??= asked.Words;
                    if (_parent is not null && string.CompareOrdinal(asked.At, _born) > 0)
                        _own ??= asked.Words;
                }

                if (role == "assistant" && message.Text("model") is { } model)
                    _model = message.Text("provider") is { } provider ? $"{provider}/{model}" : model;
                if (role != "user" && message.Child("usage") is { } spent)
                    _usage += PiStateReader.ReadUsage(spent);
                break;
        }
    }

    /// <summary>The entry's type, and of a message the role, without looking further than that.</summary>
    private static (string? Type, string? Role) Kind(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isMessage) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("message"u8));
            reader.Read();
            if (isType)
            {
                type = reader.TokenType == JsonTokenType.String ? reader.StringValue() : null;
                if (type != "message")
                    return (type, null);
            }
            else if (isMessage && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isRole = reader.ValueTextEquals("role"u8);
                    reader.Read();
                    if (isRole)
                        return (type, reader.TokenType == JsonTokenType.String ? reader.StringValue() : null);
                    reader.Skip();
                }

                return (type, null);
            }
            else
            {
                reader.Skip();
            }
        }

        return (type, null);
    }

    private static string? FirstWords(JsonElement message)
    {
        var text = message.Text("content") ?? message.Items("content").Select(b => b.Text("text")).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));
        return text is null ? null : ShortText.Of(text.Trim(), MaxWords);
    }

    private static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
