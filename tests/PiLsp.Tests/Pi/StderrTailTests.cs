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

    [Theory]
    [InlineData(1)]
    [InlineData(4000)]
    [InlineData(100_000)]
    public void Of_a_long_output_both_ends_are_kept_in_whole_lines(int size)
    {
        var tail = new StderrTail([]);
        var all = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n"));
        for (var at = 0; at < all.Length; at += size)
            tail.Append(all.AsSpan(at, Math.Min(size, all.Length - at)));
        Assert.InRange(tail.ToString().Length, 8 * 1024, 16 * 1024);
        Assert.StartsWith("line 0\nline 1\n", tail.ToString(), StringComparison.Ordinal);
        Assert.All(tail.ToString().Split('\n'), line => Assert.Matches("^(line \\d+|…)$", line));
        Assert.Equal("line 4998 | line 4999", tail.LastLines(2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(1000)]
    public void What_a_crash_says_is_found_above_a_stack_of_any_depth(int depth)
    {
        var tail = new StderrTail([]);
        tail.Append("Warning: something else\n/ext/x.mjs:3\n    throw new Error(\"no left-pad\");\n    ^\n\nError: no left-pad\nfor sk-abcdefgh12345678\n");
        for (var i = 0; i < depth; i++)
            tail.Append($"    at f{i} (/ext/x.mjs:{i + 1}:9)\n");
        tail.Append("  [cause]: TypeError: x is not a function\n      at g (/ext/y.mjs:1:1)\n}\n\nNode.js v22.23.3\n");
        Assert.Equal("Error: no left-pad | for [hidden] (at f0 (/ext/x.mjs:1:9))", tail.Gist());
    }

    [Fact]
    public void Without_a_stack_the_last_lines_count()
    {
        var tail = new StderrTail([]);
        tail.Append("one\n\nError: Failed to load extension\nthree\n");
        Assert.Equal("Error: Failed to load extension | three", tail.Gist(2));
    }
}
