using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using PiLsp.Files;

namespace PiLsp.Workspace;

/// <summary>
/// Asks git which files of a folder are not ignored. Nothing of the repository's runs by it: what a configuration can
/// name as a program (the monitor of the file system, hooks, a way to fetch what is missing) is switched off, filters
/// have no part in a listing, and a repository of somebody else's is refused by git itself (safe.directory). Any thread.
/// </summary>
internal static class GitFiles
{
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly string[] Arguments =
    [
        "--no-pager", "--no-optional-locks", "--literal-pathspecs",
        "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false", "-c", "core.attributesFile=/dev/null",
        "-c", "safe.bareRepository=explicit", "-c", "protocol.allow=never", "-c", "core.quotePath=false",
        "ls-files", "--cached", "--others", "--exclude-standard", "-z",
        "-x", "node_modules/", "-x", ".hg/", "-x", ".svn/",
    ];

    /// <returns>Null where there is no repository, no git, or no answer: then somebody else has to look.</returns>
    public static async Task<FileListing?> ListAsync(string folder, int most, CancellationToken cancellation)
    {
        if (!IsInRepository(folder) || SearchPath.Find("git") is not { } git)
            return null;
        var start = new ProcessStartInfo(git, Arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        Process? process = null;
        try
        {
            process = Process.Start(start);
            if (process is null)
                return null;
            process.StandardInput.Close();
            var complaints = process.StandardError.ReadToEndAsync(cancellation);
            var listing = await ReadAsync(process.StandardOutput.BaseStream, most, cancellation);
            if (!listing.IsWhole)
                return listing;
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
                return null;
            // It goes on past what it may not read, and says so.
            var unread = (await complaints).Split('\n').FirstOrDefault(l => l.StartsWith("warning: could not open directory", StringComparison.Ordinal));
            return unread is null ? listing : listing with { Problem = unread["warning: ".Length..].Trim() };
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            End(process);
        }
    }

    private static bool IsInRepository(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git) || File.Exists(git))
                return true;
        }

        return false;
    }

    private static async Task<FileListing> ReadAsync(Stream output, int most, CancellationToken cancellation)
    {
        var paths = new List<string>();
        var unnamed = 0;
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var buffer = new byte[64 * 1024];
        var (filled, total) = (0, 0L);
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = await output.ReadAsync(buffer.AsMemory(filled), cancellation);
            if (read == 0)
                return new FileListing(paths, unnamed, null);
            filled += read;
            var used = 0;
            while (Array.IndexOf(buffer, (byte)0, used, filled - used) is >= 0 and var end)
            {
                try
                {
                    paths.Add(strict.GetString(buffer, used, end - used));
                }
                catch (DecoderFallbackException)
                {
                    unnamed++;
                }

                used = end + 1;
            }

            if ((total += used) > MostBytes || filled - used > MostBytes || paths.Count > most)
                return new FileListing(paths, unnamed, FileListing.TooMany(most));
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
    }

    private static void End(Process? process)
    {
        using (process)
        {
            try
            {
                if (process is { HasExited: false })
                    process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It ended by itself.
            }
        }
    }
}
