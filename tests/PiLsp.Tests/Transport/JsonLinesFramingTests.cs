using System.Buffers;
using System.Text;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Transport;

public sealed class JsonLinesFramingTests
{
    private readonly List<string> _reports = [];

    /// <summary>By either reader, which have to agree.</summary>
    private async Task<List<string>> Read(string text, int chunk = int.MaxValue, int max = JsonLinesFraming.DefaultMaxLength)
    {
        var blocking = Framed.ReadBlocking(new JsonLinesFraming(_reports.Add, max), Encoding.UTF8.GetBytes(text), chunk);
        var reported = _reports.ToList();
        _reports.Clear();
        var read = await Framed.ReadAsync(new JsonLinesFraming(_reports.Add, max), Encoding.UTF8.GetBytes(text), chunk);
        Assert.Equal(reported, _reports);
        Assert.Equal(blocking, read);
        return read;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task Records_survive_any_chunking(int chunk)
    {
        string[] records = ["{}", "\"a\u2028b\u2029c\u0085d\"", "\"grün 😀\"", new string('x', 70_000)];

        var bytes = Framed.Write(new JsonLinesFraming(), records);

        Assert.Equal(records, await Framed.ReadAsync(new JsonLinesFraming(), bytes, chunk));
        Assert.Equal(records, Framed.ReadBlocking(new JsonLinesFraming(), bytes, chunk));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task One_carriage_return_before_the_line_feed_is_dropped_and_no_other(int chunk) =>
        Assert.Equal(["1", "2\r", "a\rb"], await Read("1\r\n2\r\r\na\rb\n", chunk));

    [Fact]
    public async Task Empty_lines_are_no_records() => Assert.Equal(["1", "2"], await Read("\n\r\n1\n\n\r\n2\n\n"));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public async Task A_line_over_the_cap_is_skipped_and_reported_once(int chunk)
    {
        var long1 = new string('a', 11);
        var long2 = new string('b', 5000);

        Assert.Equal(["1", "2", "3"], await Read($"1\n{long1}\n2\r\n{long2}\r\n3\n", chunk, max: 10));
        Assert.Equal(2, _reports.Count);
        Assert.All(_reports, r => Assert.Contains("longer than the 10 bytes", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task A_line_of_just_the_cap_is_read_whatever_ends_it(int chunk)
    {
        Assert.Equal(["0123456789", "9876543210"], await Read("0123456789\r\n9876543210\n", chunk, max: 10));
        Assert.Empty(_reports);
    }

    [Fact]
    public void Nothing_of_a_line_over_the_cap_is_kept_while_it_is_skipped()
    {
        var framing = new JsonLinesFraming(_reports.Add, maxLength: 10);

        for (var i = 0; i < 3; i++)
        {
            var buffer = new ReadOnlySequence<byte>(new byte[50]);
            Assert.False(framing.TryRead(ref buffer, out _));
            Assert.True(buffer.IsEmpty);
        }

        Assert.Single(_reports);
    }

    [Fact]
    public void What_was_searched_for_a_line_feed_is_not_searched_again()
    {
        var framing = new JsonLinesFraming();
        var bytes = "aaaa\nbb\n"u8.ToArray();
        var half = new ReadOnlySequence<byte>(bytes, 0, 4);
        Assert.False(framing.TryRead(ref half, out _));

        // A line feed that turns up in the searched part stays unseen, which a second search would not miss.
        bytes[1] = (byte)'\n';
        var whole = new ReadOnlySequence<byte>(bytes);

        Assert.True(framing.TryRead(ref whole, out var record));
        Assert.Equal(4, record.Length);
        Assert.True(framing.TryRead(ref whole, out record));
        Assert.Equal("bb", Encoding.UTF8.GetString(record));
    }

    [Fact]
    public async Task Half_a_line_at_the_end_is_dropped_and_reported()
    {
        Assert.Equal(["1"], await Read("1\n{\"half\":"));
        Assert.Contains("ended inside a line", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_would_be_read_as_two_is_refused() =>
        Assert.Throws<ArgumentException>(() => Framed.Write(new JsonLinesFraming(), "{\n}"));

    [Fact]
    public async Task A_hundred_thousand_small_records_all_arrive_in_order()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
            text.Append(i).Append('\n');

        var records = await Read(text.ToString());

        Assert.Equal(100_000, records.Count);
        Assert.Equal("99999", records[^1]);
    }
}
