using System.Text;
using System.Text.Json;

namespace PiLsp.Server;

/// <summary>Looks into the beginning of one of Pi's session files (its docs/session-format.md) for a list.</summary>
internal static class StoredSession
{
    private const int MaxLines = 200;

    /// <summary>The display name, if one was given, and the user's first words.</summary>
    public static async Task<(string? Title, string? FirstWords)> PeekAsync(string path, CancellationToken cancellation)
    {
        string? title = null;
        string? words = null;
        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            for (var i = 0; i < MaxLines && await reader.ReadLineAsync(cancellation) is { } line; i++)
                Look(line, ref title, ref words);
        }
        catch (IOException)
        {
            // Being written or gone: listed by its name alone.
        }

        return (title, words);
    }

    private static void Look(string line, ref string? title, ref string? words)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            var root = entry.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("type", out var type))
                return;
            if (type.ValueEquals("session_info") && root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                title = name.GetString();
            if (words is null && type.ValueEquals("message") && root.TryGetProperty("message", out var message)
                && message.TryGetProperty("role", out var role) && role.ValueEquals("user") && message.TryGetProperty("content", out var content))
                words = FirstText(content);
        }
        catch (JsonException)
        {
            // One broken line does not hide the session.
        }
    }

    private static string? FirstText(JsonElement content)
    {
        var text = content.ValueKind == JsonValueKind.String ? content.GetString()
            : content.ValueKind == JsonValueKind.Array
                ? content.EnumerateArray().Where(b => b.TryGetProperty("text", out _)).Select(b => b.GetProperty("text").GetString()).FirstOrDefault()
                : null;
        return text is { Length: > 120 } ? text[..120] + "…" : text;
    }
}
