using System.Text;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Transport;

public sealed class ContentLengthFramingTests
{
    private static Task<List<string>> Read(
        string text, int chunk = int.MaxValue, Action<string>? report = null, int max = ContentLengthFraming.DefaultMaxLength) =>
        Framed.ReadAsync(new ContentLengthFraming(report, max), Encoding.UTF8.GetBytes(text), chunk);

    [Fact]
    public void The_length_counts_bytes_and_stands_before_the_body() =>
        Assert.Equal("Content-Length: 8\r\n\r\n\"grün\" ", Encoding.UTF8.GetString(Framed.Write(new ContentLengthFraming(), "\"grün\" ")));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Records_survive_any_chunking(int chunk)
    {
        string[] records = ["{}", "", "\"a\r\n\r\nContent-Length: 3\r\n\r\n\"", "\"\u2028 grün 😀\"", new string('x', 9000)];

        var bytes = Framed.Write(new ContentLengthFraming(), records);

        Assert.Equal(records, await Framed.ReadAsync(new ContentLengthFraming(), bytes, chunk));
    }

    [Theory]
    [InlineData("content-length:2\r\n\r\n{}")]
    [InlineData("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:   2  \r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nX-Unknown: a:b\r\nContent-Length: 2\r\n\r\n{}")]
    public async Task Header_names_ignore_case_and_unknown_ones_are_passed_over(string text) =>
        Assert.Equal(["{}"], await Read(text));

    [Theory]
    [InlineData("Content-Type: x\r\n\r\n{}", "no Content-Length")]
    [InlineData("Content-Length: two\r\n\r\n{}", "'two'")]
    [InlineData("Content-Length: -2\r\n\r\n{}", "'-2'")]
    [InlineData("Content-Length: 2 2\r\n\r\n{}", "'2 2'")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{}", "not a number")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "two lengths")]
    [InlineData("Content-Length 2\r\n\r\n{}", "without a name")]
    [InlineData("Content-Length: 2\n\n{}", "CR LF")]
    [InlineData("{\"jsonrpc\":\"2.0\"}", "not a message header")]
    [InlineData("\r\n\r\n{}", "not a message header")]
    [InlineData("Content-Length: 11\r\n\r\n", "longer than the 10")]
    public async Task A_header_that_cannot_be_trusted_ends_the_reading_with_a_sentence(string text, string expected)
    {
        foreach (var chunk in new[] { 1, int.MaxValue })
        {
            var failure = await Assert.ThrowsAsync<FramingException>(() => Read(text, chunk, max: 10));
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_header_that_never_ends_is_given_up_at_the_cap()
    {
        var failure = await Assert.ThrowsAsync<FramingException>(() => Read("X: " + new string('a', 9000)));

        Assert.Contains("longer than 8192", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_before_a_broken_header_are_delivered()
    {
        var records = new List<string>();
        var input = new MemoryStream("Content-Length: 1\r\n\r\n1Content-Length: x\r\n\r\n"u8.ToArray());

        await Assert.ThrowsAsync<FramingException>(async () =>
        {
            await foreach (var record in new RecordReader(input, new ContentLengthFraming()).ReadAllAsync(CancellationToken.None))
                records.Add(Encoding.UTF8.GetString(record));
        });

        Assert.Equal(["1"], records);
    }

    [Theory]
    [InlineData("Content-Length: 1\r\n\r\n1Content-Length: 10\r\n\r\nabc", "3 of 10 bytes")]
    [InlineData("Content-Length: 1\r\n\r\n1Content-Length: 10\r\n\r\n", "0 of 10 bytes")]
    [InlineData("Content-Length: 1\r\n\r\n1Content-Le", "inside a message header")]
    public async Task Half_a_record_at_the_end_is_dropped_and_reported(string text, string expected)
    {
        var reports = new List<string>();

        Assert.Equal(["1"], await Read(text, report: reports.Add));
        Assert.Contains(expected, Assert.Single(reports), StringComparison.Ordinal);
    }
}
