using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiLsp.Files;

/// <summary>Names that lead to devices, pipes and hidden streams on Windows. Pure but for <see cref="IsOnDisk"/>.</summary>
internal static partial class WindowsName
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

    public static string? WhyNoFile(string path)
    {
        path = path.Replace('/', '\\');
        if (path.StartsWith(@"\\.\", StringComparison.Ordinal) || path.StartsWith(@"\\?\", StringComparison.Ordinal)
            || path.StartsWith(@"\??\", StringComparison.Ordinal))
            return "is no file but a name of the system's own";
        var parts = path.Split('\\');
        if (path.StartsWith(@"\\", StringComparison.Ordinal) && parts.Length > 3 && parts[3].Equals("pipe", StringComparison.OrdinalIgnoreCase))
            return "is no file but a named pipe";
        foreach (var part in parts)
        {
            if (part is [_, ':'])
                continue;
            if (part.Contains(':'))
                return "is no file but a stream beside one";
            if (IsDevice(part))
                return "is no file but a device";
        }

        return null;
    }

    public static bool IsOnDisk(SafeFileHandle handle) => FileType(handle) == 1;

    /// <summary>With an ending, or blanks behind it, it is the device, too.</summary>
    private static bool IsDevice(string part)
    {
        var name = part.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return Devices.Contains(name)
            || (name.Length == 4 && (name.StartsWith("COM", StringComparison.Ordinal) || name.StartsWith("LPT", StringComparison.Ordinal))
            && (char.IsAsciiDigit(name[3]) || name[3] is '¹' or '²' or '³'));
    }

    [LibraryImport("kernel32", EntryPoint = "GetFileType")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint FileType(SafeFileHandle handle);
}
