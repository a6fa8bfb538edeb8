using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Files;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// The folder that a stored conversation belongs to. Pi goes on with it there, whatever folder it was started in: its
/// tools work there, where nothing of this workspace's looks. Any thread.
/// </summary>
internal static class PiSessionHeader
{
    private const int MostHeader = 1024 * 1024;

    /// <summary>Null where the file does not tell, in which case Pi takes the folder that it is started in.</summary>
    public static string? FolderOf(string path) =>
        Read(path, header => header.Text("cwd") is { Length: > 0 } folder ? folder : null);

    /// <summary>Is there such a file, and does it begin like a session? One that was deleted under a Pi does not.</summary>
    public static bool Begins(string path) => Read(path, _ => "") is not null;

    private static string? Read(string path, Func<JsonElement, string?> what)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.OpenRead(path));
            var buffer = new char[MostHeader];
            var line = buffer.AsMemory(0, reader.ReadBlock(buffer));
            if (line.Span.IndexOf('\n') is >= 0 and var end)
                line = line[..end];
            using var header = JsonDocument.Parse(line);
            return header.RootElement.Text("type") == "session" ? what(header.RootElement) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where Pi would work in this folder; else why not, and what to do.</summary>
    public static string? WhyNotHere(string? folder, string here)
    {
        if (folder is null || PiSessionFolder.IsSame(folder, here))
            return null;
        const string copy = "clone the session into this folder";
        return Directory.Exists(folder)
            ? $"This conversation belongs to {folder}: Pi would run its commands there and not in {here}. Open that folder to continue it, or {copy}."
            : $"This conversation belongs to {folder}, which does not exist any more. To go on here, {copy}.";
    }

    public static void RequireHere(string? folder, string here)
    {
        if (WhyNotHere(folder, here) is { } why)
            throw new AgentException(why);
    }
}
