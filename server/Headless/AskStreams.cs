using System.Text;
using System.Threading.Channels;

namespace PiLsp.Headless;

/// <summary>stdout and stderr of one ask: one queue, so that nobody who writes ever waits for who reads. Any thread.</summary>
internal sealed class AskStreams : IAsyncDisposable
{
    private readonly Channel<(Stream To, byte[] Bytes)> _queue = Channel.CreateUnbounded<(Stream, byte[])>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Stream _stdout;
    private readonly Stream _stderr;
    private readonly Task _writing;
    private long _pending;

    public AskStreams(Stream stdout, Stream stderr)
    {
        (_stdout, _stderr) = (stdout, stderr);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Why something for stdout did not get there, as on a full disk; known when all is written. A reader that has left is no problem.</summary>
    public string? Problem { get; private set; }

    public long PendingBytes => Interlocked.Read(ref _pending);

    public void Out(string text) => Add(_stdout, Encoding.UTF8.GetBytes(text));

    public void Out(byte[] line) => Add(_stdout, [.. line, (byte)'\n']);

    public void Err(string text) => Add(_stderr, Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private void Add(Stream to, byte[] bytes)
    {
        Interlocked.Add(ref _pending, bytes.Length);
        _queue.Writer.TryWrite((to, bytes));
    }

    private async Task WriteAsync()
    {
        await foreach (var (to, bytes) in _queue.Reader.ReadAllAsync())
        {
            try
            {
                await to.WriteAsync(bytes);
                await to.FlushAsync();
            }
            catch (IOException e)
            {
                // What Pi is doing to the files goes on to its end all the same.
                Problem ??= to == _stdout ? e.Message : null;
            }

            Interlocked.Add(ref _pending, -bytes.Length);
        }
    }
}
