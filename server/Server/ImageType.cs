namespace PiLsp.Server;

/// <summary>A picture's type by its first bytes. Pure.</summary>
internal static class ImageType
{
    private static readonly string[] Known = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    public static bool IsKnown(string mimeType) => Known.Contains(mimeType);

    public static string? Of(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? "image/png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF8"u8) ? "image/gif"
        : bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : null;
}
