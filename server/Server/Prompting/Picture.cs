using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace PiLsp.Server.Prompting;

/// <summary>A picture as its bytes say, whatever it is called: its type, its size, and whether it is whole. Pure.</summary>
/// <param name="Problem">Why nobody could read it; null: it is whole.</param>
internal sealed record Picture(string Type, int Width, int Height, string? Problem)
{
    /// <summary>More points are more than Pi, which makes large pictures smaller, can unpack.</summary>
    private const long MostPoints = 100_000_000;

    /// <summary>Null for what is none that can be sent (PNG, JPEG, GIF, WebP).</summary>
    public static Picture? Of(ReadOnlyMemory<byte> bytes)
    {
        var start = bytes.Span;
        var read = start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? ReadPng(bytes)
            : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ReadJpeg(start)
            : start.StartsWith("GIF8"u8) ? ReadGif(start)
            : start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8) ? ReadWebP(start)
            : null;
        return read is { Problem: null } && (long)read.Width * read.Height > MostPoints
            ? read with
            {
                Problem =
                string.Create(CultureInfo.InvariantCulture, $"it has {read.Width} × {read.Height} points, which is too much to be unpacked")
            }
            : read;
    }

    public static string Name(string type) => type switch { "image/png" => "PNG", "image/jpeg" => "JPEG", "image/gif" => "GIF", _ => "WebP" };

    private static Picture Broken(string type, string why) => new(type, 0, 0, $"it is broken: {why}");

    private static Picture Whole(string type, int width, int height) =>
        width > 0 && height > 0 ? new Picture(type, width, height, null) : Broken(type, "it has no size");

    /// <summary>PNG (ISO/IEC 15948): chunks up to IEND, whose image data can be unpacked.</summary>
    private static Picture ReadPng(ReadOnlyMemory<byte> bytes)
    {
        const string Type = "image/png";
        var all = bytes.Span;
        if (all.Length < 33 || !all[12..16].SequenceEqual("IHDR"u8))
            return Broken(Type, "it ends too early");
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(all[16..]), BinaryPrimitives.ReadInt32BigEndian(all[20..]));
        using var data = new MemoryStream();
        for (var at = 8; at + 12 <= all.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(all[at..]);
            var kind = all.Slice(at + 4, 4);
            if (length > all.Length - at - 12)
                break;
            if (kind.SequenceEqual("IDAT"u8))
                data.Write(all.Slice(at + 8, (int)length));
            if (kind.SequenceEqual("IEND"u8))
                return width > 0 && height > 0 && (long)width * height <= MostPoints && !Unpacks(data) ? Broken(Type, "its data cannot be unpacked")
                    : Whole(Type, width, height);
            at += 12 + (int)length;
        }

        return Broken(Type, "it ends too early");
    }

    private static bool Unpacks(MemoryStream data)
    {
        data.Position = 0;
        try
        {
            using var unpacked = new ZLibStream(data, CompressionMode.Decompress);
            var part = new byte[64 * 1024];
            var any = false;
            while (unpacked.Read(part) > 0)
                any = true;
            return any;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>JPEG (ITU-T T.81): segments up to the first scan, then an end.</summary>
    private static Picture ReadJpeg(ReadOnlySpan<byte> all)
    {
        const string Type = "image/jpeg";
        var (width, height) = (0, 0);
        for (var at = 2; at + 4 <= all.Length;)
        {
            if (all[at] != 0xFF)
                return Broken(Type, "its segments do not follow one another");
            var marker = all[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(all[(at + 2)..]);
            // Start of a frame, of whatever kind: 0xC4, 0xC8 and 0xCC are something else.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && at + 9 <= all.Length)
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(all[(at + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(all[(at + 7)..]));
            if (marker == 0xDA)
                return all[at..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < 0 ? Broken(Type, "it ends too early") : Whole(Type, width, height);
            at += 2 + Math.Max(2, (int)length);
        }

        return Broken(Type, "it ends too early");
    }

    /// <summary>GIF 87a and 89a: blocks up to the trailer.</summary>
    private static Picture ReadGif(ReadOnlySpan<byte> all)
    {
        const string Type = "image/gif";
        if (all.Length < 13)
            return Broken(Type, "it ends too early");
        var (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(all[6..]), BinaryPrimitives.ReadUInt16LittleEndian(all[8..]));
        var at = 13 + Table(all[10]);
        var images = 0;
        while (at < all.Length)
        {
            switch (all[at])
            {
                case 0x3B:
                    return images > 0 ? Whole(Type, width, height) : Broken(Type, "there is no picture in it");
                case 0x2C when at + 10 < all.Length:
                    images++;
                    at += 11 + Table(all[at + 9]);
                    break;
                case 0x21:
                    at += 2;
                    break;
                default:
                    return Broken(Type, "its blocks do not follow one another");
            }

            while (at < all.Length && all[at] != 0)
                at += 1 + all[at];
            at++;
        }

        return Broken(Type, "it ends too early");

        static int Table(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    /// <summary>WebP (RFC 9649): as long as it says, and a first chunk that gives the size.</summary>
    private static Picture ReadWebP(ReadOnlySpan<byte> all)
    {
        const string Type = "image/webp";
        if (all.Length < 30 || BinaryPrimitives.ReadUInt32LittleEndian(all[4..]) > all.Length - 8)
            return Broken(Type, "it ends too early");
        var kind = all[12..16];
        var body = all[20..];
        if (kind.SequenceEqual("VP8 "u8))
            return Whole(Type, BinaryPrimitives.ReadUInt16LittleEndian(body[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(body[8..]) & 0x3FFF);
        if (kind.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            return Whole(Type, (int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        return kind.SequenceEqual("VP8X"u8) ? Whole(Type, Size(body[4..]), Size(body[7..])) : Broken(Type, "its first part is unknown");

        static int Size(ReadOnlySpan<byte> at) => at[0] + (at[1] << 8) + (at[2] << 16) + 1;
    }
}
