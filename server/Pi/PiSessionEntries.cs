using System.Text.Json;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>An entry of a session file: where its line is, and what says how it belongs to the conversation.</summary>
/// <param name="Target">Of a change of the context what it changes; of a compaction the first entry that was kept.</param>
/// <param name="Role">Of a message.</param>
/// <param name="Messages">How many messages Pi makes of it, if any.</param>
/// <param name="TakesOut">A change of the context that leaves nothing.</param>
internal sealed record PiSessionEntry(long At, int Length, string Type, string Id, string? Parent, string? Target, string? Role, int Messages, bool TakesOut);

/// <summary>The entries of a session file in its order, without what they say. Any thread.</summary>
internal static class PiSessionEntries
{
    /// <summary>What JavaScript reads, a tool's arguments nested deeply and all.</summary>
    public static readonly JsonReaderOptions Deep = new() { MaxDepth = 1024 };

    /// <summary>The format of Pi 0.87 and 1.x, which bring older files up to it when they read them.</summary>
    private const int Version = 3;

    /// <returns>Null where it is no session of that format.</returns>
    public static List<PiSessionEntry>? Read(FileStream file)
    {
        var entries = new List<PiSessionEntry>();
        var buffer = new byte[256 * 1024];
        var (filled, start) = (0, 0L);
        var isOfVersion = false;
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(filled), start + filled);
            filled += read;
            var at = 0;
            while (at < filled)
            {
                var length = buffer.AsSpan(at, filled - at).IndexOf((byte)'\n');
                // The last one may be without its end; of one that is just being written nothing is read.
                if (length < 0 && read > 0)
                    break;
                if (length < 0)
                    length = filled - at;
                if (!Take(buffer.AsSpan(at, length), start + at, entries, ref isOfVersion))
                    return null;
                at = Math.Min(filled, at + length + 1);
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            (filled, start) = (filled - at, start + at);
            if (read == 0)
                return isOfVersion ? entries : null;
        }
    }

    /// <summary>False where the file is not what it has to be. A line that is no JSON is none for Pi either.</summary>
    private static bool Take(ReadOnlySpan<byte> line, long at, List<PiSessionEntry> entries, ref bool isOfVersion)
    {
        try
        {
            var reader = new Utf8JsonReader(line, Deep);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return true;
            var seen = Fields(ref reader);
            while (reader.Read())
            {
                // To its end: half a line is none.
            }

            if (seen.Type == "session")
            {
                isOfVersion = seen.Version == Version;
                return isOfVersion;
            }

            if (seen is not { Type: { } type, Id: { } id } || !isOfVersion)
                return false;
            var messages = type switch
            {
                "message" or "custom_message" => 1,
                "branch_summary" => seen.HasSummary ? 1 : 0,
                "compaction" => seen.HasSystemMessage ? 2 : 1,
                _ => 0,
            };
            entries.Add(new PiSessionEntry(at, line.Length, type, id, seen.Parent, type == "compaction" ? seen.FirstKept
                : seen.Target, seen.Role, messages, seen.TakesOut));
            return true;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static Seen Fields(ref Utf8JsonReader reader)
    {
        var seen = new Seen();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameIn(ref reader);
            reader.Read();
            var text = reader.TokenType == JsonTokenType.String && name is not (null or "summary") ? reader.StringValue() : null;
            switch (name)
            {
                case "type": seen.Type = text; break;
                case "id": seen.Id = text; break;
                case "parentId": seen.Parent = text; break;
                case "targetId": seen.Target = text; break;
                case "firstKeptEntryId": seen.FirstKept = text; break;
                case "version" when reader.TokenType == JsonTokenType.Number: seen.Version = reader.TryGetInt32(out var version) ? version : 0; break;
                case "summary": seen.HasSummary = reader.TokenType == JsonTokenType.String && !reader.ValueTextEquals(""); break;
                case "systemMessage": seen.HasSystemMessage = reader.TokenType == JsonTokenType.StartObject; break;
                case "replacement": seen.TakesOut = reader.TokenType == JsonTokenType.Null; break;
                case "message" when reader.TokenType == JsonTokenType.StartObject:
                    seen.Role = RoleIn(ref reader);
                    continue;
            }

            reader.Skip();
        }

        return seen;
    }

    private static string? NameIn(ref Utf8JsonReader reader)
    {
        foreach (var name in Known)
        {
            if (reader.ValueTextEquals(name))
                return name;
        }

        return null;
    }

    private static string? RoleIn(ref Utf8JsonReader reader)
    {
        string? role = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String)
                role = reader.StringValue();
            reader.Skip();
        }

        return role;
    }

    private static readonly string[] Known =
        ["type", "id", "parentId", "targetId", "firstKeptEntryId", "version", "summary", "systemMessage", "replacement", "message"];

    private struct Seen
    {
        public string? Type;
        public string? Id;
        public string? Parent;
        public string? Target;
        public string? FirstKept;
        public string? Role;
        public int Version;
        public bool HasSummary;
        public bool HasSystemMessage;
        public bool TakesOut;
    }
}
