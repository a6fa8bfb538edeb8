using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using PiLsp.Files;

namespace PiLsp.Pi;

/// <summary>What <see cref="PiLocator"/> needs of the machine; a test gives it another one, of another system.</summary>
internal interface IPiHost
{
    bool IsWindows { get; }

    string? Variable(string name);

    bool FileExists(string path);

    /// <summary>The names of the folders in it; none where it cannot be read.</summary>
    IReadOnlyList<string> FoldersIn(string path);

    /// <summary>The file at the end of a chain of links; the path itself when it is no link.</summary>
    string RealPath(string path);

    /// <summary>The first 64 KB; null when the file cannot be read.</summary>
    string? ReadText(string path);

    /// <summary>Changes when the file is replaced.</summary>
    long Stamp(string path);

    /// <summary>What a program says, run without a shell. Null when it cannot be started or does not end in time.</summary>
    /// <param name="environment">Added to the host's own.</param>
    Task<string?> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation);
}

/// <summary>The machine this runs on. Stateless, any thread.</summary>
internal sealed class PiHost(TimeProvider time) : IPiHost
{
    private static readonly TimeSpan RunDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(2);

    public bool IsWindows => OperatingSystem.IsWindows();

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public bool FileExists(string path) => File.Exists(path);

    public IReadOnlyList<string> FoldersIn(string path)
    {
        try
        {
            return Directory.Exists(path) ? [.. new DirectoryInfo(path).EnumerateDirectories().Select(folder => folder.Name)] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public string RealPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    public string? ReadText(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            var bytes = new byte[64 * 1024];
            return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public long Stamp(string path) => File.GetLastWriteTimeUtc(path).Ticks;

    public async Task<string?> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        Process? process = null;
        try
        {
            process = Process.Start(start);
            if (process is null) return null;
            process.StandardInput.Close();
            using var deadline = new CancellationTokenSource(RunDeadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            var output = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return output.Length > 0 ? output : await errors;
        }
        catch (Exception error) when (error is Win32Exception or IOException or OperationCanceledException or InvalidOperationException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
        finally
        {
            await EndAsync(process);
        }
    }

    /// <summary>Returns when it is gone: whoever ends a session is told that nothing is left running.</summary>
    private async Task EndAsync(Process? process)
    {
        using (process)
        {
            try
            {
                if (process is not { HasExited: false }) return;
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync().WaitAsync(EndDeadline, time);
            }
            catch (Exception error) when (error is InvalidOperationException or Win32Exception or TimeoutException)
            {
                // It ended by itself, or the system does not let go of it.
            }
        }
    }
}
