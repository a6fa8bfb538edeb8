using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class StderrTailTests
{
    [Fact]
    public void Secrets_do_not_come_through()
    {
        var secrets = Redaction.SecretsIn([new("ACME_API_KEY", "hunter2hunter2"), new("SHORT_TOKEN", "on"), new("PATH", "/usr/bin")]);
        var tail = new StderrTail(secrets);
        tail.Append("on /usr/bin: 401 for hunter2hunter2, sk-abcdefgh12345678 and Bearer abc.def.ghijk\n");
        Assert.Equal("on /usr/bin: 401 for [hidden], [hidden] and Bearer [hidden]", tail.ToString());
    }

    [Fact]
    public void Terminal_colours_are_taken_out()
    {
        var tail = new StderrTail([]);
        tail.Append("\u001b[1;31mError:\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007 gone\n");
        Assert.Equal("Error: link gone", tail.ToString());
    }

    [Fact]
    public void Only_the_end_of_a_long_output_is_kept_from_a_lines_beginning()
    {
        var tail = new StderrTail([]);
        for (var i = 0; i < 5000; i++) tail.Append($"line {i}\n");
        Assert.True(tail.ToString().Length <= 16 * 1024);
        Assert.StartsWith("line ", tail.ToString(), StringComparison.Ordinal);
        Assert.Equal("line 4998 | line 4999", tail.LastLines(2));
    }
}
