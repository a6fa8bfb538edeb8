using Microsoft.Win32.SafeHandles;

namespace PiLsp.Files;

/// <summary>
/// It is not opened, whoever asks: no file but a pipe, a device, what the system makes up while it is read; or the caller
/// has judged so. The message is a whole sentence.
/// </summary>
internal sealed class RefusedFileException(string message) : IOException(message);

/// <summary>
/// The one way to open a file whose path a repository, a model or a client can name. It opens nothing but regular files
/// and waits for nobody; what was opened is looked at again by its handle, for a name may lead elsewhere by then.
/// Any thread. A read is the caller's to bound.
/// </summary>
internal static class RegularFile
{
    /// <summary>What the system makes up there: other processes' secrets, this one's own input, endless streams.</summary>
    private static readonly string[] SystemFolders = OperatingSystem.IsLinux() ? ["/proc", "/dev", "/sys"] : OperatingSystem.IsMacOS() ? ["/dev"] : [];

    /// <param name="judge">Gets the path that was opened in the end, without links, and says why it must not be read; null: it may.</param>
    /// <exception cref="RefusedFileException">It is no regular file, or was judged so.</exception>
    /// <exception cref="IOException">As of <see cref="FileStream"/>, like <see cref="UnauthorizedAccessException"/>.</exception>
    public static FileStream OpenRead(string path, Func<string, string?>? judge = null)
    {
        if (WhyNoFile(path) is { } why)
            throw new RefusedFileException($"{path} {why}.");
        var handle = OperatingSystem.IsWindows() ? OpenOnWindows(path, FileAccess.Read) : UnixFile.Open(path);
        try
        {
            var opened = OperatingSystem.IsLinux() ? UnixFile.PathOf(handle) ?? path : path;
            if (WhyNoFile(opened) is { } problem)
                throw new RefusedFileException($"{path} {problem}.");
            if (judge?.Invoke(opened) is { } refused)
                throw new RefusedFileException(refused);
            return new FileStream(handle, FileAccess.Read, bufferSize: 0, isAsync: false);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Throws like <see cref="OpenRead"/> where the file may not be written to; it stays as it is.</summary>
    public static void RequireWritable(string path)
    {
        if (WhyNoFile(path) is { } why)
            throw new RefusedFileException($"{path} {why}.");
        using var handle = OperatingSystem.IsWindows() ? OpenOnWindows(path, FileAccess.Write) : UnixFile.Open(path, forWriting: true);
    }

    /// <summary>The whole of it; null where it is larger than that.</summary>
    public static byte[]? ReadAllBytes(string path, int limit, Func<string, string?>? judge = null)
    {
        using var stream = OpenRead(path, judge);
        if (stream.Length > limit)
            return null;
        var buffer = new byte[Math.Min(stream.Length + 1, limit + 1L)];
        var filled = 0;
        while (stream.Read(buffer, filled, buffer.Length - filled) is > 0 and var read)
        {
            filled += read;
            if (filled > limit)
                return null;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
        }

        return buffer[..filled];
    }

    /// <summary>By its name alone: why this can be no file, in the words that follow the path; null where it may be one.</summary>
    /// <param name="path">Absolute and without <c>..</c>.</param>
    public static string? WhyNoFile(string path) =>
        OperatingSystem.IsWindows() ? WindowsName.WhyNoFile(path)
        : SystemFolders.Any(f => path.StartsWith(f, StringComparison.Ordinal) && (path.Length == f.Length || path[f.Length] == '/'))
            ? "is no file but a part of the system, where nothing is read or written"
        : null;

    /// <summary>By what it is: why opening it would wait or do something; null for a file, a folder, and what is not there.</summary>
    public static string? WhyNotOpened(string path) => WhyNoFile(path) ?? (OperatingSystem.IsWindows() ? null : UnixFile.WhyNoFile(path));

    private static SafeFileHandle OpenOnWindows(string path, FileAccess access)
    {
#pragma warning disable RS0030 // what it opened is looked at in the next line
        var handle = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
#pragma warning restore RS0030
        if (WindowsName.IsOnDisk(handle))
            return handle;
        handle.Dispose();
        throw new RefusedFileException($"{path} is no file but a device or a pipe.");
    }
}
