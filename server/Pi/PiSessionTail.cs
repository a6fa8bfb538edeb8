using System.Text.Json;
using PiLsp.Files;

namespace PiLsp.Pi;

/// <summary>The end of one of Pi's session files, found without reading the rest. Any thread.</summary>
internal static class PiSessionTail
{
    private const int Step = 64 * 1024;

    /// <summary>Of the last complete line; null where there is no file, no such line, or it has no id.</summary>
    public static async Task<string?> LastEntryIdAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = RegularFile.OpenRead(path);
            var buffer = new byte[Step];
            // Somebody may be writing the line behind it.
            var end = await LineFeedBeforeAsync(file, file.Length, buffer, cancellation);
            if (end < 0)
                return null;
            var start = await LineFeedBeforeAsync(file, end, buffer, cancellation) + 1;
            file.Seek(start, SeekOrigin.Begin);
            var length = await file.ReadAtLeastAsync(
                buffer.AsMemory(0, (int)Math.Min(Step, end - start)), (int)Math.Min(Step, end - start), throwOnEndOfStream: false, cancellation);
            return IdIn(buffer.AsSpan(0, length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>-1 where there is none.</summary>
    private static async Task<long> LineFeedBeforeAsync(FileStream file, long before, byte[] buffer, CancellationToken cancellation)
    {
        while (before > 0)
        {
            var from = Math.Max(0, before - Step);
            file.Seek(from, SeekOrigin.Begin);
            var length = await file.ReadAtLeastAsync(buffer.AsMemory(0, (int)(before - from)), (int)(before - from), throwOnEndOfStream: false, cancellation);
            if (buffer.AsSpan(0, length).LastIndexOf((byte)'\n') is >= 0 and var at)
                return from + at;
            before = from;
        }

        return -1;
    }

    /// <summary>It stands near the beginning of a line that may be long.</summary>
    private static string? IdIn(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var isId = reader.ValueTextEquals("id"u8);
            var isType = reader.ValueTextEquals("type"u8);
            // The head of the file has an id, too, but is no entry.
            if (!reader.Read() || (isType && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("session"u8)))
                return null;
            if (isId)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }

        return null;
    }
}
