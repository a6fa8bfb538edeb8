using System.Text.RegularExpressions;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>What becomes of pictures on their way through Pi. Pure.</summary>
internal static partial class PiPictures
{
    /// <summary>Up to here Pi makes them smaller by itself, and no vendor takes more.</summary>
    private const int MostBase64 = 4_718_592;
    private const int MostPoints = 8000;

    /// <summary>One that the vendor refuses stays in the conversation, and every later turn is refused with it.</summary>
    public static void RequireSmall(IReadOnlyList<AgentImage> images)
    {
        var large = images.Where(i => i.Base64.Length > MostBase64 || i.Width > MostPoints || i.Height > MostPoints)
            .Select(i => $"{i.Name} ({i.Width} × {i.Height} points, {i.Base64.Length * 3L / 4 / 1024} KB)").ToList();
        if (large.Count > 0)
            throw new AgentException($"Nothing was sent: {string.Join(", ", large)} is too large for a vendor, and Pi's setting images.autoResize is off. " +
                "Make it smaller (8000 points on a side and 3.3 MB at most), or switch that setting on.");
    }

    /// <summary>Pi left one out and tells the model alone, behind the user's words.</summary>
    public static string? LeftOut(string prompt) => Omitted().Match(prompt) is { Success: true } omitted
        ? $"Pi did not send a picture of your message: {omitted.Groups["why"].Value.Trim().TrimEnd('.')}." : null;

    [GeneratedRegex(@"\n\n(?:\[Image[^\n]*\]\n)*\[Image omitted: (?<why>[^\]\n]+)\](?:\n\[Image[^\n]*\])*$")]
    private static partial Regex Omitted();
}
