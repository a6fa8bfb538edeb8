using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Files;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>The model that a stored conversation was last set to. Pi takes another one without a word where it is gone.</summary>
internal static class PiSessionModel
{
    /// <returns><c>provider/id</c>; null where the file does not tell.</returns>
    public static async Task<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        string? last = null;
        try
        {
            using var lines = new StreamReader(RegularFile.OpenRead(path));
            while (await lines.ReadLineAsync(cancellation) is { } line)
            {
                // Most lines are long and of no interest.
                if (line.Contains("\"model_change\"", StringComparison.Ordinal) && Read(line) is { } model) last = model;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return last;
    }

    /// <summary>What to tell the user; null when the model is the one it was.</summary>
    public static AgentNotice? Notice(string? before, AgentModel? now) => before is null ? null : Notice(before, now?.FullId);

    /// <param name="now">The full id; null where there is none.</param>
    public static AgentNotice? Notice(string before, string? now) => before == now ? null : new AgentNotice(
        NoticeLevel.Warning, $"This conversation was with {before}, which cannot be used now; it continues with {now ?? "no model at all"}.");

    private static string? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var entry = document.RootElement;
            return entry.Text("type") == "model_change" && entry.Text("provider") is { } provider && entry.Text("modelId") is { } id ? $"{provider}/{id}"
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
