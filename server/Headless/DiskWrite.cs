using System.Text;
using PiLsp.Files;
using PiLsp.Workspace;

namespace PiLsp.Headless;

/// <summary>
/// Replaces a file's text in one step: a reader sees the old text or the new one, never a part. Byte order mark and
/// permissions stay; line ends are the text's own. Any thread; what a disk can do is a value, not an exception.
/// </summary>
internal static class DiskWrite
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="expected">The text that is to be replaced; null for a file that is to be created.</param>
    /// <returns>Null when it is written, else why not.</returns>
    /// <param name="judge">Gets the path and says why it must not be written, before anything is, and again at the last moment; null: it may.</param>
    public static async Task<string?> ReplaceAsync(string path, string? expected, string text, Func<string, string?> judge, CancellationToken cancellation)
    {
        if (judge(path) is { } refused)
            return refused;
        // Through links: the file is replaced, not the link that leads to it.
        if (WorkspacePath.ResolveLinks(path) is not { } real)
            return "its path cannot be resolved";
        // What was judged and what is written are one file, whatever a link has done in between.
        if (judge(real) is { } also)
            return also;
        string? beside = null;
        try
        {
            var bytes = Strict.GetBytes(text);
            var folder = Path.GetDirectoryName(real)!;
            Directory.CreateDirectory(folder);
            var (problem, hasBom) = await CheckAsync(real, expected, cancellation);
            if (problem is not null)
                return problem;
            beside = Path.Combine(folder, $".{Path.GetFileName(real)}.{Path.GetRandomFileName()}");
            await WriteAsync(beside, hasBom ? [.. Encoding.UTF8.Preamble, .. bytes] : bytes, cancellation);
            if (expected is not null && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(beside, File.GetUnixFileMode(real));
            // The writing took its time; between this look and the next line nobody can be kept from writing.
            if (await CheckAsync(real, expected, cancellation) is ({ } meanwhile, _))
                return meanwhile;
            if (judge(path) is { } now)
                return now;
            if (WorkspacePath.ResolveLinks(path) != real)
                return "it leads elsewhere than a moment ago";
            File.Move(beside, real, overwrite: expected is not null);
            beside = null;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"it cannot be written: {e.Message}";
        }
        finally
        {
            if (beside is not null)
                Discard(beside);
        }
    }

    /// <summary>That the file is still the one that the edit was made for, and may be written to.</summary>
    private static async Task<(string? Problem, bool HasBom)> CheckAsync(string path, string? expected, CancellationToken cancellation)
    {
        var present = await DiskFile.ReadAsync(path, cancellationToken: cancellation);
        if (expected is null)
            return (present is DiskError { Code: "ENOENT" } ? null : "it has been created meanwhile; read it first", false);
        if (present is not DiskText text || text.Text != expected)
            return ("it was changed on disk meanwhile; read it again", false);
        // A new file would take the place of one that is write-protected.
        RegularFile.RequireWritable(path);
        return (null, text.HasBom);
    }

    private static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancellation)
    {
#pragma warning disable RS0030 // a new file, so nothing is opened that was there
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
#pragma warning restore RS0030
        await stream.WriteAsync(bytes, cancellation);
        stream.Flush(flushToDisk: true);
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left beside the file, under a name of its own; the file itself is untouched.
        }
    }
}
