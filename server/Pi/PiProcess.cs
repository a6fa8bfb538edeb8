using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using PiLsp.Agents;
using PiLsp.Transport;

namespace PiLsp.Pi;

/// <summary>How Pi ended. <see cref="ToString"/> is the end of a sentence that begins with "Pi".</summary>
internal sealed record PiExit(int Code)
{
    public override string ToString() => Code switch
    {
        > 128 and < 160 when !OperatingSystem.IsWindows() => $"was ended by signal {Code - 128}",
        _ => $"ended with exit code {Code}",
    };
}

/// <summary>
/// Pi's process: the one owner of its stdin, its stderr's tail, its end and what it leaves behind. Its lines are
/// read by one caller; the rest may be called from any thread.
/// </summary>
internal sealed class PiProcess : IAsyncDisposable
{
    // Pi stores its session when stdin closes; that takes milliseconds unless an extension holds it up.
    private static readonly TimeSpan OrderlyGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly OutboundQueue _stdin;
    private readonly string _nonce;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly Task _stderrPump;
    private readonly Lazy<Task> _stopping;

    private PiProcess(Process process, string nonce, IReadOnlyCollection<string> secrets, Action<string> log, TimeProvider time)
    {
        _process = process;
        _nonce = nonce;
        _log = log;
        _time = time;
        _stdin = new OutboundQueue(process.StandardInput.BaseStream, new JsonLinesFraming(log));
        _stopping = new Lazy<Task>(() => Task.Run(StopCoreAsync));
        Stderr = new StderrTail(secrets);
        Diagnostics = new PiDiagnostics(secrets);
        _stderrPump = PumpStderrAsync();
        Exited = WaitForExitAsync();
    }

    public StderrTail Stderr { get; }

    public PiDiagnostics Diagnostics { get; }

    /// <summary>Completes as soon as the process is gone; never fails.</summary>
    public Task<PiExit> Exited { get; }

    /// <summary>True from the moment that we began to end it.</summary>
    public bool IsStopping => _stopping.IsValueCreated;

    /// <param name="environment">Added to this process's own.</param>
    public static PiProcess Start(
        PiReady pi, IReadOnlyList<string> arguments, string folder, IEnumerable<KeyValuePair<string, string>> environment,
        string nonce, Action<string> log, TimeProvider time)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(pi.Program, [.. pi.FirstArguments, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start) ?? throw new AgentException($"{pi.Program} could not be started.");
            return new PiProcess(process, nonce, Redaction.SecretsIn(start.Environment), log, time);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            var why = Directory.Exists(folder) ? error.Message : $"its folder {folder} does not exist";
            throw new AgentException($"Pi could not be started ({pi.Program}): {why}", error);
        }
    }

    /// <summary>False when Pi does not listen any more; its end is reported by <see cref="Exited"/>.</summary>
    public bool Send(ReadOnlyMemory<byte> record) => _stdin.TryEnqueue(record);

    /// <summary>Reads Pi's stdout to its end, on the caller's thread, which nothing else can use meanwhile.</summary>
    public void ReadLines(BlockingRecordReader.Receiver receive) =>
        new BlockingRecordReader(_process.StandardOutput.BaseStream, new JsonLinesFraming(_log)).ReadAll(receive);

    /// <summary>Ends Pi and everything it started: politely, then by force. Can be asked for again, and after a crash.</summary>
    public Task StopAsync() => _stopping.Value;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task StopCoreAsync()
    {
        // Not awaited: a Pi that has stopped reading would never let it complete.
        _ = _stdin.CompleteAsync();
        if (!await ExitsWithinAsync(OrderlyGrace) && PiRemains.Terminate(_process.Id)) await ExitsWithinAsync(TerminateGrace);
        KillTree();
        await Exited;
        await PiRemains.EndAsync(_nonce, _time);
    }

    private void KillTree()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            _log($"Ending Pi's processes: {error.Message}");
        }
    }

    private async Task<bool> ExitsWithinAsync(TimeSpan grace)
    {
        try
        {
            await Exited.WaitAsync(grace, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<PiExit> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        // What it said last belongs to the message about its end; a child of it may hold the stream open.
        await Task.WhenAny(_stderrPump, Task.Delay(TimeSpan.FromMilliseconds(200), _time));
        return new PiExit(_process.ExitCode);
    }

    private async Task PumpStderrAsync()
    {
        var buffer = new char[4096];
        try
        {
            int count;
            while ((count = await _process.StandardError.ReadAsync(buffer)) > 0)
            {
                Stderr.Append(buffer.AsSpan(0, count));
                Diagnostics.Append(buffer.AsSpan(0, count));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The stream ends with the process.
        }
    }
}
