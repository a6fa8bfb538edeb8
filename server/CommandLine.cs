using System.CommandLine;
using System.Runtime.InteropServices;
using PiLsp.Agents;
using PiLsp.Headless;
using PiLsp.Pi;
using PiLsp.Server;
using PiLsp.Server.Accounts;
using PiLsp.Server.Settings;

namespace PiLsp;

/// <summary>The program's arguments, and the composition of what they ask for. Exit codes: 0 done, 1 failed, 2 wrong arguments.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        // As editors start it; the parser alone would take a tenth of the time until the first answer.
        if (args is [] or ["--stdio"])
            return await ServeAsync(null, null, LogLevel.Info);
        // What people and scripts read on stdout is ours alone.
        TerminalGuard.KeepQuiet();
        if (args is ["ask", .. var ask])
            return await AskAsync(ask);

        var stdio = new Option<bool>("--stdio") { Description = "Serve LSP on stdin and stdout (the default)." };
        var clientProcess = new Option<int?>("--clientProcessId") { Description = "End when this process is gone.", HelpName = "pid" };
        var logFile = new Option<FileInfo?>("--log-file") { Description = "Append a log to this file.", HelpName = "path" };
        var logLevel = new Option<LogLevel>("--log-level") { Description = "Debug, Info, Warning or Error.", DefaultValueFactory = _ => LogLevel.Info };
        var root = new RootCommand("PiLsp: the Pi coding agent as a language server.") { stdio, clientProcess, logFile, logLevel };
        root.SetAction((parsed, _) => ServeAsync(parsed.GetValue(clientProcess), parsed.GetValue(logFile)?.FullName, parsed.GetValue(logLevel)));

        var json = new Option<bool>("--json") { Description = "Print the findings as one JSON object." };
        var command = new Option<string?>("--command") { Description = "Pi's executable or cli.js; default: pi on PATH.", HelpName = "pi" };
        var node = new Option<string?>("--node") { Description = "The node to run a cli.js with.", HelpName = "path" };
        var doctor = new Command("doctor", "Can a prompt be sent here? Says what it finds and what to do.") { json, command, node };
        doctor.SetAction((parsed, cancellation) => new Doctor(Locator(), new PolicedAgents(Factory(_ => { }), Rules())).RunAsync(
            new ServerSettings { Command = parsed.GetValue(command) ?? "pi", NodePath = parsed.GetValue(node) },
            parsed.GetValue(json), Console.OpenStandardOutput(), cancellation));
        root.Add(doctor);
        // For the list of commands; its own arguments are read above.
        var asking = new Command("ask", "Sends one prompt and prints the answer, for scripts; see pilsp ask --help.");
        asking.Validators.Add(found => found.AddError("\"ask\" comes first, before any option"));
        root.Add(asking);

        var result = root.Parse(args);
        // Of an argument beside --help or --version the parser makes no error.
        if ((result.Errors is [var error, ..] ? error.Message : result.UnmatchedTokens is [var unknown, ..] ? $"\"{unknown}\" is unknown" : null) is { } wrong)
        {
            await Console.Error.WriteLineAsync($"pilsp: {wrong.ReplaceLineEndings(" ")} (pilsp --help lists the arguments)");
            return 2;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // A signal ends the program when what it has started is gone: a Pi that hangs takes some seconds.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
            });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Stopped by a signal, or nobody takes the output.
            await Console.Error.WriteLineAsync($"pilsp: {(e is IOException ? e.Message : "stopped")}");
            return 1;
        }
    }

    private static async Task<int> ServeAsync(int? clientProcessId, string? logFile, LogLevel logLevel)
    {
        // A signal ends the server like a lost client: with its children, in order.
        using var ending = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }

        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        ServerLog log;
        try
        {
            log = new ServerLog(logFile, logLevel, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"pilsp: --log-file cannot be written: {e.Message}");
            return 2;
        }

        await using (log)
        {
            try
            {
                var server = new LanguageServer(
                    Factory(m => log.Write(LogLevel.Debug, m)), log, TimeProvider.System, new ClaudeCli(new PiHost(TimeProvider.System)).StatusAsync);
                return await server.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), clientProcessId, ending.Token);
            }
            catch (Exception e)
            {
                log.Write(LogLevel.Error, $"the server ends: {e}");
                await Console.Error.WriteLineAsync($"pilsp: {e.Message}");
                return 1;
            }
        }
    }

    private static async Task<int> AskAsync(string[] args)
    {
        // The first signal stops the run in good order, the second one ends Pi at once.
        using var stop = new CancellationTokenSource();
        using var endAtOnce = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            (stop.IsCancellationRequested ? endAtOnce : stop).Cancel();
        }

        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        return await new AskProgram(Factory(_ => { }), TimeProvider.System, Rules()).RunAsync(
            args, Console.OpenStandardInput(), !Console.IsInputRedirected, Console.OpenStandardOutput(), Console.OpenStandardError(), stop.Token,
            endAtOnce.Token);
    }

    /// <summary>Without settings: the rules that hold unless somebody says otherwise.</summary>
    private static ModelRules Rules() => new(new ServerState(), new ClaudeCli(new PiHost(TimeProvider.System)).StatusAsync, TimeProvider.System);

    private static PiLocator Locator() => new(new PiHost(TimeProvider.System));

    private static PiAgentFactory Factory(Action<string> log) =>
        new(Locator(), Path.Combine(AppContext.BaseDirectory, "gate", "gate.ts"), log, TimeProvider.System);
}
