using PiLsp.Edits;
using Xunit;

namespace PiLsp.Tests.Edits;

public class FencedTests
{
    [Theory]
    [InlineData("text\n", "```\ntext\n```")]
    [InlineData("text", "```\ntext\n```")]
    [InlineData("", "```\n```")]
    [InlineData("```\ninside\n```\n", "````\n```\ninside\n```\n````")]
    [InlineData("a ````` b", "``````\na ````` b\n``````")]
    public void Nothing_inside_closes_the_fence(string text, string expected) => Assert.Equal(expected, Fenced.Around(text));

    [Fact]
    public void The_report_quotes_the_users_backticks_without_ending_there()
    {
        var session = new Sessions.SessionReplay().Running();
        session.Propose("one\n2\nthree\nfour\n5\n");
        session.See("one\n```\nthree\nfour\nfive\n");
        session.Apply();
        session.Land();
        Assert.Contains("They now read:\n````\n```\n````\n", session.Told.Text, StringComparison.Ordinal);
    }
}
