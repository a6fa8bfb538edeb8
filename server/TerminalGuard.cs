namespace PiLsp;

/// <summary>
/// Keeps .NET from writing to the terminal on its own account. The first write to any stream of the console switches
/// the keypad to application mode (<c>ESC [ ? 1 h ESC =</c>) on stdout, where nothing but the answer belongs.
/// The sequence comes from the terminal's description: where none is named while the console is set up, there is none.
/// </summary>
internal static class TerminalGuard
{
    private const string Variable = "TERM";

    /// <summary>Before anything else touches the console; children still get the variable.</summary>
    public static void KeepQuiet()
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable(Variable) is not { } terminal)
            return;
        Environment.SetEnvironmentVariable(Variable, null);
        // Nothing is written: a write is what sets the console up.
        Console.OpenStandardError().Write([]);
        Environment.SetEnvironmentVariable(Variable, terminal);
    }
}
