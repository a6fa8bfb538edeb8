using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace PiLsp.Workspace;

/// <summary>Where a text of the past lies (<see cref="PastTexts"/>).</summary>
/// <param name="Length">UTF-16 units.</param>
internal sealed record KeptText(long At, int Size, int Length)
{
    /// <summary>Only what is between its beginning and its end is written; those are this one's.</summary>
    public KeptText? Like { get; init; }

    public int Prefix { get; init; }

    public int Suffix { get; init; }

    /// <summary>How many have to be read for it.</summary>
    public int Depth => Like is null ? 1 : Like.Depth + 1;
}

/// <summary>
/// Texts that are only needed when somebody asks for them again, as those of decided edits: on the disk instead of in the
/// memory, in one file of the server's that no one else can open and that goes with the server, however that ends. What cannot be
/// written, or not be read back, stays with the caller. Safe from any thread; never called on a loop but to begin.
/// </summary>
/// <param name="problem">Told once, in a sentence, why texts stay in the memory.</param>
/// <param name="folder">For tests; null: the user's own cache folder, else the system's temporary one.</param>
internal sealed class PastTexts(Action<string> problem, string? folder = null) : IDisposable
{
    /// <summary>A file that is edited time and again is the base of one edit and the result of the one before.</summary>
    private const int Remembered = 64;

    private const int Long = 16 * 1024;
    private const int MostInARow = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConditionalWeakTable<string, KeptText> _known = new();
    private readonly Dictionary<(int, int), KeptText> _recent = [];
    /// <summary>The text that was put there last, as long as somebody has it: the next one is often nearly the same.</summary>
    private readonly WeakReference<string> _last = new("");
    private KeptText? _lastKept;
    private FileStream? _file;
    private long _end;
    private bool _given;
    private bool _closed;

    /// <returns>Null: it is not kept, and stays where it is.</returns>
    public async Task<KeptText?> KeepAsync(string text)
    {
        // Off the caller's loop before anything is done.
        await Task.Yield();
        await _turn.WaitAsync();
        try
        {
            if (_given || _closed)
                return null;
            if (_known.TryGetValue(text, out var known))
                return known;
            var key = (text.Length, text.GetHashCode(StringComparison.Ordinal));
            _file ??= Create(folder);
            if (_recent.TryGetValue(key, out known) && Unpacked(_file, known) == text)
                return Know(text, known);
            var kept = LikeTheLast(text) ?? new KeptText(_end, 0, text.Length);
            var written = text.Substring(kept.Prefix, text.Length - kept.Prefix - kept.Suffix);
            var bytes = Packed(written);
            kept = kept with { Size = bytes.Length };
            await RandomAccess.WriteAsync(_file.SafeFileHandle, bytes, kept.At);
            _end += bytes.Length;
            // Proven before the only other copy goes.
            if (Part(_file, kept) != written)
                throw new IOException("what was written there is not what is read");
            _last.SetTarget(text);
            _lastKept = kept;
            if (_recent.Count >= Remembered)
                _recent.Clear();
            return Know(text, _recent[key] = kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or DecoderFallbackException)
        {
            _given = true;
            problem($"Texts of decided edits cannot be put on the disk ({e.Message.TrimEnd('.')}), so they stay in the memory.");
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Null where most of it would have to be written anyway, or too many others be read for it.</summary>
    private KeptText? LikeTheLast(string text)
    {
        if (_lastKept is not { Depth: < MostInARow } || text.Length < Long || !_last.TryGetTarget(out var last))
            return null;
        var prefix = text.AsSpan().CommonPrefixLength(last);
        var suffix = TextEnds.CommonSuffixLength(text.AsSpan(prefix), last.AsSpan(prefix));
        return text.Length - prefix - suffix > text.Length / 4 ? null
            : new KeptText(_end, 0, text.Length) { Like = _lastKept, Prefix = prefix, Suffix = suffix };
    }

    private KeptText Know(string text, KeptText kept)
    {
        _known.AddOrUpdate(text, kept);
        return kept;
    }

    /// <exception cref="IOException">It cannot be read any more.</exception>
    public string Read(KeptText kept)
    {
        try
        {
            return Unpacked(_file ?? throw new IOException("nothing was put there"), kept);
        }
        catch (Exception e) when (e is InvalidDataException or ObjectDisposedException or DecoderFallbackException)
        {
            throw new IOException(e.Message, e);
        }
    }

    public void Dispose()
    {
        _closed = true;
        _file?.Dispose();
    }

    /// <summary>Nobody finds it by a name: where the system allows it the name is taken away at once, else the system does so with the last handle.</summary>
    private static FileStream Create(string? folder)
    {
        var path = Path.Combine(folder is null ? Folder() : Made(folder), $"{Environment.ProcessId}-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
            options.Options = FileOptions.DeleteOnClose;
        else
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning disable RS0030 // a file of our own, new, in a folder of our own
        var file = new FileStream(path, options);
#pragma warning restore RS0030
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }

    /// <summary>Not the temporary folder where that can be helped: on many systems it is memory.</summary>
    private static string Folder()
    {
        var cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache")
                : "";
        try
        {
            if (cache.Length > 0)
                return Made(Path.Combine(cache, "pilsp"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written to; the temporary folder does as well.
        }

        return Made(Path.Combine(Path.GetTempPath(), $"pilsp-{Environment.UserName}"));
    }

    private static string Made(string folder) => OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder).FullName
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            // Half the size, but for a text with half of a character in it.
            var isUtf8 = Utf8.FromUtf16(text, bytes, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done;
            packed.WriteByte(isUtf8 ? (byte)1 : (byte)0);
            using var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            deflate.Write(isUtf8 ? bytes.AsSpan(0, length) : MemoryMarshal.AsBytes(text.AsSpan()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return packed.ToArray();
    }

    private static string Unpacked(FileStream file, KeptText kept)
    {
        var part = Part(file, kept);
        if (kept.Like is not { } like)
            return part;
        var whole = Unpacked(file, like);
        return string.Concat(whole.AsSpan(0, kept.Prefix), part, whole.AsSpan(whole.Length - kept.Suffix));
    }

    private static string Part(FileStream file, KeptText kept)
    {
        var length = kept.Length - kept.Prefix - kept.Suffix;
        var bytes = ArrayPool<byte>.Shared.Rent(kept.Size);
        try
        {
            var filled = 0;
            while (filled < kept.Size)
            {
                var read = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(filled, kept.Size - filled), kept.At + filled);
                if (read == 0)
                    throw new InvalidDataException("the file has been cut off");
                filled += read;
            }

            using var deflate = new DeflateStream(new MemoryStream(bytes, 1, kept.Size - 1, writable: false), CompressionMode.Decompress);
            if (bytes[0] == 0)
                return string.Create(length, deflate, static (text, source) => source.ReadExactly(MemoryMarshal.AsBytes(text)));
            using var reader = new StreamReader(deflate, Strict, detectEncodingFromByteOrderMarks: false);
            return string.Create(length, reader, static (text, source) =>
            {
                if (source.ReadBlock(text) < text.Length)
                    throw new InvalidDataException("it ends too early");
            });
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("it ends too early", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
