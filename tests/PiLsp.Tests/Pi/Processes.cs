using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PiLsp.Tests.Pi;

/// <summary>Looks at the processes of this machine from outside of the code under test. Linux only.</summary>
internal static class Processes
{
    /// <summary>Those that were started with this in their environment.</summary>
    public static IReadOnlyList<int> WithEnvironment(string entry)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                if (File.ReadAllBytes(folder + "/environ").AsSpan().IndexOf(Encoding.UTF8.GetBytes(entry + '\0')) >= 0) found.Add(id);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or another user's.
            }
        }

        return found;
    }

    public static void Kill(IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
    }
}
