using System.Buffers.Binary;
using System.IO.Compression;
using PiLsp.Server.Prompting;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using Xunit;

namespace PiLsp.Tests.Server;

public class PictureTests
{
    private const string Jpeg =
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP/////////////////////////////////////////////////////////////////" +
        "/////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=";
    private const string Gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    private const string WebP = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=";

    public static TheoryData<string, string> Small() => new()
    {
        { Convert.ToBase64String(Png(3, 2)), "image/png 3 2" },
        { Gif, "image/gif 1 1" },
        { WebP, "image/webp 1 1" },
    };

    [Theory]
    [MemberData(nameof(Small))]
    public void A_picture_is_what_its_bytes_say(string base64, string expected)
    {
        var bytes = Convert.FromBase64String(base64);
        var picture = Picture.Of(bytes)!;
        Assert.Null(picture.Problem);
        Assert.Equal(expected, $"{picture.Type} {picture.Width} {picture.Height}");
        // Whatever it is cut to, it is said to be broken, or to be none, and nothing is thrown.
        for (var length = 0; length < bytes.Length - 1; length++)
            Assert.True(Picture.Of(bytes.AsMemory(0, length)) is null or { Problem: not null }, $"{expected} cut to {length}");
    }

    [Fact]
    public void A_JPEG_has_the_size_of_its_frame_and_an_end()
    {
        var bytes = Convert.FromBase64String(Jpeg).Concat(new byte[] { 0x12, 0xFF, 0xD9 }).ToArray();
        Assert.Equal(new Picture("image/jpeg", 1, 1, null), Picture.Of(bytes));
        Assert.Equal("it is broken: it ends too early", Picture.Of(bytes.AsMemory(0, bytes.Length - 2))!.Problem);
    }

    [Fact]
    public void What_cannot_be_unpacked_is_broken_or_too_large()
    {
        var damaged = Png(30, 20);
        damaged[45] ^= 0xFF;
        damaged[46] ^= 0xFF;
        Assert.Equal("it is broken: its data cannot be unpacked", Picture.Of(damaged)!.Problem);
        var huge = Png(1, 1);
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(20), 60_000);
        Assert.Contains("60000 × 60000 points", Picture.Of(huge)!.Problem, StringComparison.Ordinal);
        Assert.Null(Picture.Of("<svg/>"u8.ToArray()));
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        var random = new Random(7);
        foreach (var start in new byte[][] { [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82], [0xFF, 0xD8, 0xFF], "GIF89a"u8.ToArray(),
            "RIFF\0\0\0\0WEBPVP8 "u8.ToArray(), "RIFF\0\0\0\0WEBPVP8X"u8.ToArray() })
        {
            for (var i = 0; i < 2000; i++)
            {
                var bytes = new byte[start.Length + random.Next(0, 80)];
                random.NextBytes(bytes);
                start.CopyTo(bytes, 0);
                _ = Picture.Of(bytes);
            }
        }
    }

    [Fact]
    public void What_Pi_says_about_pictures_is_none_of_the_users_words()
    {
        var prompt = PromptText.With("look", "Picture attached: a.png");
        Assert.Equal(("look", "<editor>\nPicture attached: a.png\n</editor>"), PromptText.Split(prompt));
        var (words, context) = PromptText.Split(prompt + "\n\n[Image omitted: could not be resized below the inline image size limit.]");
        Assert.Equal("look", words);
        Assert.EndsWith("limit.]", context, StringComparison.Ordinal);
        Assert.Null(PromptText.Split("what is <editor>?\n\n<editor>\nx\n</editor> for").Context);
    }

    internal static byte[] Png(int width, int height)
    {
        var rows = new byte[height * (1 + (width * 3))];
        new Random(1).NextBytes(rows);
        using var data = new MemoryStream();
        using (var packed = new ZLibStream(data, CompressionLevel.NoCompression, leaveOpen: true))
            packed.Write(rows);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>Without a checksum that counts.</summary>
    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. length, .. kind, .. data, 0, 0, 0, 0];
    }
}
