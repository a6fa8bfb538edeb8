using System.Text;
using PiLsp.Pi;
using PiLsp.Tests.Workspace;
using Xunit;

namespace PiLsp.Tests.Pi;

public class PiSessionTailTests
{
    private const string Head = """{"type":"session","version":3,"id":"head","cwd":"/"}""" + "\n";

    [Fact]
    public Task The_last_complete_line_counts() => Check("b", Head + Entry("a") + Entry("b") + Entry("c").TrimEnd('\n'));

    [Fact]
    public Task A_long_line_is_not_read_to_its_end() => Check("b", Head + Entry("a") + Entry("b", new string('x', 300_000)));

    [Fact]
    public Task A_long_line_that_is_not_complete_is_passed_over() => Check("a", Head + Entry("a") + Entry("b", new string('x', 300_000)).TrimEnd('\n'));

    [Fact]
    public Task The_head_is_no_entry() => Check(null, Head);

    [Theory]
    [InlineData("")]
    [InlineData("no line feed")]
    [InlineData("no session\n")]
    public Task What_is_no_session_has_none(string text) => Check(null, text);

    [Fact]
    public async Task A_file_that_is_not_there_has_none() =>
        Assert.Null(await PiSessionTail.LastEntryIdAsync("/no/such/session.jsonl", CancellationToken.None));

    private static string Entry(string id, string text = "hi") =>
        $$$"""{"type":"message","id":"{{{id}}}","parentId":null,"message":{"id":"inner","text":"{{{text}}}"}}""" + "\n";

    private static async Task Check(string? expected, string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("session.jsonl", Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, await PiSessionTail.LastEntryIdAsync(path, CancellationToken.None));
    }
}
