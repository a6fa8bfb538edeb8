using System.Globalization;
using System.Text;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// A conversation whose file was deleted while Pi goes on with it. Pi holds all of it in memory, but writes only what is
/// new: what came of that would be a file without a beginning, which nothing can open. Any thread.
/// </summary>
internal static class PiSessionRescue
{
    /// <summary>What both Pi 0.87 and 1.x write; an older one is brought up to it when Pi reads it.</summary>
    private const int Version = 3;

    /// <summary>Is there a file, and does it begin like a session?</summary>
    public static bool IsWhole(string file) => PiSessionHeader.Begins(file);

    /// <summary>Writes the conversation as Pi would; whole or not at all.</summary>
    public static async Task WriteAsync(AgentState state, string file, string folder, JsonElement entries, DateTimeOffset now, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var written = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
#pragma warning disable RS0030 // A new file of our own: its name is made here, and it must not be there yet.
            await using (var stream = new FileStream(written, FileMode.CreateNew, FileAccess.Write))
#pragma warning restore RS0030
            {
                await stream.WriteAsync(Header(state.SessionId ?? "", folder, now), cancellation);
                foreach (var entry in entries.Items("entries"))
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(entry.GetRawText() + "\n"), cancellation);
            }

            File.Move(written, file, overwrite: true);
        }
        finally
        {
            File.Delete(written);
        }
    }

    private static byte[] Header(string id, string folder, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "session"u8);
            writer.WriteNumber("version"u8, Version);
            writer.WriteString("id"u8, id);
            writer.WriteString("timestamp"u8, now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("cwd"u8, folder);
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
