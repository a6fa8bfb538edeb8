using System.Buffers;
using System.Text;
using PiLsp.Transport;

namespace PiLsp.Tests.Transport;

/// <summary>Runs bytes through a framing the way a stream would bring them.</summary>
internal static class Framed
{
    public static async Task<List<string>> ReadAsync(IRecordFraming framing, byte[] bytes, int chunk = int.MaxValue)
    {
        var records = new List<string>();
        await foreach (var record in new RecordReader(new ChunkedStream(bytes, chunk), framing).ReadAllAsync(CancellationToken.None))
            records.Add(Encoding.UTF8.GetString(record));
        return records;
    }

    public static List<string> ReadBlocking(IRecordFraming framing, byte[] bytes, int chunk = int.MaxValue)
    {
        var records = new List<string>();
        new BlockingRecordReader(new ChunkedStream(bytes, chunk), framing).ReadAll(record =>
        {
            records.Add(Encoding.UTF8.GetString(record));
            return true;
        });
        return records;
    }

    public static byte[] Write(IRecordFraming framing, params string[] records)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var record in records)
            framing.Write(output, Encoding.UTF8.GetBytes(record));
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>Gives at most so many bytes for each read, however many are asked for.</summary>
internal sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
}
