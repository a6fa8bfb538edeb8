using System.Text;

namespace PiLsp.Workspace;

/// <summary>What reading a file from disk came to. Immutable.</summary>
internal abstract record DiskRead;

/// <summary>Valid UTF-8 without NUL; a byte order mark is not part of <paramref name="Text"/>.</summary>
internal sealed record DiskText(string Text, bool HasBom) : DiskRead;

/// <summary>Not text: the bytes as they are.</summary>
internal sealed record DiskBytes(byte[] Bytes) : DiskRead;

/// <param name="Code">ENOENT, EACCES, EISDIR, ENOTDIR, ELOOP, EFBIG, else EIO.</param>
internal sealed record DiskError(string Code, string Message) : DiskRead;

/// <summary>Reads whole files; any thread. Never throws for what a disk can do, only for cancellation.</summary>
internal static class DiskFile
{
    public const int DefaultLimit = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<DiskRead> ReadAsync(string path, int limit = DefaultLimit, CancellationToken cancellationToken = default)
    {
        try
        {
            // Opening a named pipe blocks until somebody writes to it: not on the caller's thread, and not past its patience.
            var reading = Task.Run(() => ReadBytesAsync(path, limit, cancellationToken), cancellationToken);
            var bytes = await reading.WaitAsync(cancellationToken);
            return bytes is null ? TooLarge(path, limit) : Decode(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return DescribeFailure(path, e);
        }
    }

    private static async Task<byte[]?> ReadBytesAsync(string path, int limit, CancellationToken cancellationToken)
    {
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        });
        await using (stream)
        {
            var expected = stream.CanSeek ? stream.Length : 0;
            if (expected > limit)
                return null;

            // One byte more than the file's length shows that it has not grown; what has no length is read in pieces.
            var buffer = new byte[expected > 0 ? expected + 1 : 4096];
            var filled = 0;
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
                filled += read;
                if (filled > limit)
                    return null;
                if (read == 0)
                    return buffer[..filled];
                if (filled == buffer.Length)
                    Array.Resize(ref buffer, checked(buffer.Length * 2));
            }
        }
    }

    private static DiskRead Decode(byte[] bytes)
    {
        var content = bytes.AsSpan();
        var hasBom = content.StartsWith(Encoding.UTF8.Preamble);
        if (hasBom)
            content = content[3..];
        if (content.Contains((byte)0))
            return new DiskBytes(bytes);

        try
        {
            return new DiskText(Strict.GetString(content), hasBom);
        }
        catch (DecoderFallbackException)
        {
            return new DiskBytes(bytes);
        }
    }

    private static DiskError TooLarge(string path, int limit) =>
        new("EFBIG", $"{path} is larger than {limit / (1024 * 1024)} MiB, the most that is read at once.");

    internal static DiskError DescribeFailure(string path, Exception failure) => failure switch
    {
        UnauthorizedAccessException when Directory.Exists(path) => new("EISDIR", $"{path} is a directory."),
        UnauthorizedAccessException => new("EACCES", $"{path} may not be read: permission denied."),
        FileNotFoundException => new("ENOENT", $"{path} does not exist."),
        DirectoryNotFoundException when HasFileAbove(path) => new("ENOTDIR", $"{path} leads through something that is no directory."),
        DirectoryNotFoundException => new("ENOENT", $"{path} does not exist."),
        IOException { HResult: 40 } when OperatingSystem.IsLinux() => new("ELOOP", $"{path} leads through too many symbolic links."),
        IOException { HResult: 62 } when OperatingSystem.IsMacOS() => new("ELOOP", $"{path} leads through too many symbolic links."),
        _ => new("EIO", $"{path} could not be read: {failure.Message}"),
    };

    /// <summary>The same exception stands for a missing directory and for a file in a directory's place.</summary>
    private static bool HasFileAbove(string path)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(path);
        if (trimmed.Length < path.Length && File.Exists(trimmed))
            return true;
        for (var above = Path.GetDirectoryName(trimmed); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
                return true;
        }

        return false;
    }
}
