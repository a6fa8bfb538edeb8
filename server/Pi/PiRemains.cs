using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PiLsp.Pi;

/// <summary>
/// Ends what a Pi leaves behind: Pi starts every shell in a group of its own, and once Pi is dead its children are
/// nobody's. On Linux they are known by Pi's nonce, which they inherit in their environment. Stateless, any thread.
/// </summary>
internal static class PiRemains
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Asks them to end, then makes them.</summary>
    public static async Task EndAsync(string nonce, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux()) return;
        var left = Find(nonce);
        if (left.Count == 0) return;
        foreach (var id in left) _ = Signal(id, Sigterm);
        await Task.Delay(Grace, time);
        foreach (var id in Find(nonce)) _ = Signal(id, Sigkill);
    }

    /// <summary>Asks one process to end. False where the system knows no such request.</summary>
    public static bool Terminate(int processId) => !OperatingSystem.IsWindows() && Signal(processId, Sigterm) == 0;

    private static List<int> Find(string nonce)
    {
        var mark = Encoding.ASCII.GetBytes($"{PiGate.NonceVariable}={nonce}");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || id == Environment.ProcessId) continue;
            try
            {
#pragma warning disable RS0030 // the processes that Pi has left behind are found nowhere else
                if (File.ReadAllBytes(folder + "/environ").AsSpan().IndexOf(mark) >= 0) found.Add(id);
#pragma warning restore RS0030
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is another user's.
            }
        }

        return found;
    }

    private const int Sigterm = 15;
    private const int Sigkill = 9;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
