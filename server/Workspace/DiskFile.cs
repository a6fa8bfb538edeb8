using System.Text;
using PiLsp.Files;

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

    /// <param name="judge">Gets the path that was opened in the end, without links, and says why it must not be read; null: it may.</param>
    public static async Task<DiskRead> ReadAsync(
        string path, int limit = DefaultLimit, Func<string, string?>? judge = null, CancellationToken cancellationToken = default)
    {
        // Nothing that is opened here waits by itself, but a drive may: not on the caller's thread, and not past its patience.
        var reading = Task.Run(() => Read(path, limit, judge), cancellationToken);
        return await reading.WaitAsync(cancellationToken);
    }

    public static DiskRead Read(string path, int limit = DefaultLimit, Func<string, string?>? judge = null)
    {
        try
        {
            if (WorkspacePath.WhyNoFile(path) is { } why)
                return new DiskError("EACCES", $"{path} {why}.");
            return RegularFile.ReadAllBytes(path, limit, judge) is { } bytes ? Decode(bytes) : TooLarge(path, limit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return DescribeFailure(path, e);
        }
    }

    /// <summary>What a symbolic link says; null where there is none.</summary>
    public static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
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
        RefusedFileException => new("EACCES", failure.Message),
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
