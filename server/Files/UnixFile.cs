using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiLsp.Files;

/// <summary>
/// What .NET cannot ask of Linux and macOS: to open without waiting, and of what kind it is. Stateless, any thread.
/// </summary>
internal static partial class UnixFile
{
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>File systems that hold no files but views into the kernel, wherever they are mounted (statfs, <c>f_type</c>).</summary>
    private static readonly long[] SystemKinds =
    [
        0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0x1cd1, 0xcafe4a11, 0x62656570, 0xde5e81e4, 0x6165676c,
        0xf97cff8c, 0x43415d53, 0x42494e4d, 0x19800202, 0x6e736673, 0x50495045, 0x534f434b, 0x09041934,
    ];

    /// <summary>Looked at before, since opening a device may already do something, and after, since the name may lead elsewhere by then.</summary>
    public static SafeFileHandle Open(string path, bool forWriting = false)
    {
        var before = KindOf(path);
        Refuse(path, before?.Mode);
        var flags = OperatingSystem.IsMacOS() ? 0x4 | 0x20000 | 0x1000000 : 0x800 | 0x100 | 0x80000; // O_NONBLOCK, O_NOCTTY, O_CLOEXEC
        int descriptor;
        while ((descriptor = OpenPath(path, forWriting ? flags | 1 : flags)) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != 4) // EINTR
                throw Failure(path, error);
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            var after = KindOf(handle);
            Refuse(path, after?.Mode);
            if (before is { } one && after is { } other && one.Id != other.Id)
                throw new IOException($"{path} was replaced while it was opened");
            Span<byte> system = stackalloc byte[256];
            if (OperatingSystem.IsLinux() && FileSystemOf(handle, system) == 0
                && SystemKinds.Contains(BinaryPrimitives.ReadInt64LittleEndian(system) & 0xFFFFFFFF))
                throw new RefusedFileException($"{path} is no file but a part of the system, where nothing is read or written.");
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Open"/> would refuse it; null for a file, a folder, and what is not there.</summary>
    public static string? WhyNoFile(string path) =>
        (KindOf(path)?.Mode & KindMask) is { } kind and not (Regular or Folder) ? $"is no file but {Name(kind)}" : null;

    /// <summary>The path that the kernel has opened, without links; null where it does not tell.</summary>
    public static string? PathOf(SafeFileHandle handle) => new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;

    private static void Refuse(string path, int? mode)
    {
        switch (mode & KindMask)
        {
            case null or Regular:
                return;
            case Folder:
                throw new UnauthorizedAccessException($"{path} is a directory");
            case var kind:
                throw new RefusedFileException($"{path} is no file but {Name(kind.Value)}.");
        }
    }

    private static string Name(int kind) =>
        kind switch { 0x1000 => "a named pipe", 0x2000 or 0x6000 => "a device", 0xC000 => "a socket", _ => "something else" };

    private static Exception Failure(string path, int error) => error switch
    {
        1 or 13 => new UnauthorizedAccessException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}"),
        2 => new FileNotFoundException($"{path} does not exist"),
        20 => new DirectoryNotFoundException($"{path} leads through something that is no directory"),
        6 => new RefusedFileException($"{path} is no file but a socket or a device."),
        _ => new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error),
    };

    /// <summary>Null where the system does not tell (a kernel or a sandbox without statx): then the bounds of reading have to do.</summary>
    private static (int Mode, (ulong, ulong) Id)? KindOf(SafeFileHandle handle) => Kind(null, handle);

    private static (int Mode, (ulong, ulong) Id)? KindOf(string path) => Kind(path, null);

    private static (int Mode, (ulong, ulong) Id)? Kind(string? path, SafeFileHandle? handle)
    {
        Span<byte> buffer = stackalloc byte[512];
        try
        {
            if (OperatingSystem.IsMacOS())
            {
                var arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
                var result = (path, arm) switch
                {
                    ({ }, true) => MacStat(path, buffer),
                    ({ }, false) => MacStat64(path, buffer),
                    (null, true) => MacFileStat(handle!, buffer),
                    _ => MacFileStat64(handle!, buffer),
                };
                return result == 0 ? (BinaryPrimitives.ReadUInt16LittleEndian(buffer[4..]),
                    (BinaryPrimitives.ReadUInt32LittleEndian(buffer), BinaryPrimitives.ReadUInt64LittleEndian(buffer[8..]))) : null;
            }

            const int typeAndInode = 0x1 | 0x100;
            const int emptyPath = 0x1000;
            var status =
                path is null ? Status((int)handle!.DangerousGetHandle(), "", emptyPath, typeAndInode, buffer) : Status(-100, path, 0, typeAndInode, buffer);
            return status == 0 ? (BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]),
                (BinaryPrimitives.ReadUInt64LittleEndian(buffer[136..]), BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..]))) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSystemOf(SafeFileHandle handle, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacStat(string path, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacStat64(string path, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacFileStat(SafeFileHandle handle, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacFileStat64(SafeFileHandle handle, Span<byte> buffer);
}
