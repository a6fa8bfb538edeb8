using System.Text;
using System.Threading.Channels;
using PiLsp.Agents;
using PiLsp.Lsp;

namespace PiLsp.Server;

internal enum LogLevel { Debug, Info, Warning, Error }

/// <summary>
/// Writes to the file that <c>--log-file</c> names and, from <see cref="LogLevel.Info"/> on, to the client's log.
/// Every line is redacted first. Safe from any thread; a log that cannot be written never disturbs the server.
/// </summary>
internal sealed class ServerLog : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly LogLevel _level;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public ServerLog(string? file, LogLevel level, TimeProvider time)
    {
        _level = level;
        _time = time;
#pragma warning disable RS0030 // the user has named it on the command line
        var stream =
            file is null ? null : new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false));
#pragma warning restore RS0030
        _writing = stream is null ? Task.CompletedTask : Task.Run(() => WriteAsync(stream));
        HasFile = stream is not null;
    }

    /// <summary>Set once there is a client; its log gets everything but debug lines.</summary>
    public Action<MessageType, string>? ToClient { get; set; }

    private bool HasFile { get; }

    public void Write(LogLevel level, string message)
    {
        if (level < _level)
            return;
        var line = Redaction.Redact(message);
        if (HasFile)
            _lines.Writer.TryWrite($"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {level.ToString().ToLowerInvariant()} {line}");
        if (level > LogLevel.Debug)
            ToClient?.Invoke(level switch { LogLevel.Error => MessageType.Error, LogLevel.Warning => MessageType.Warning, _ => MessageType.Log }, line);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync(StreamWriter file)
    {
        try
        {
            // Closing writes what is left, so it fails like every other write.
            await using var closing = file;
            while (await _lines.Reader.WaitToReadAsync())
            {
                while (_lines.Reader.TryRead(out var line))
                    await file.WriteLineAsync(line);
                await file.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must neither end the conversation nor fill the memory instead.
            _lines.Writer.TryComplete();
        }
    }
}
