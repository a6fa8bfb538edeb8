using System.Text;
using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using Xunit;

namespace PiLsp.Tests.Sessions;

public sealed class TranscriptMarkdownTests
{
    [Fact]
    public void A_run_reads_from_top_to_bottom()
    {
        var text = Write(
            new RunStarted(), new UserMessage("fix it\nplease\n\n<editor>\nnot for you\n</editor>", 0), new ThinkingDelta("hidden"),
            new TextDelta("I **will**."),
            new MessageCompleted("I **will**.", "toolUse", null, default, "m"),
            new ToolStarted("c1", "bash", SessionReplay.Json("""{"command":"echo `date`"}""")), new ToolEnded("c1", "bash", "```\nout", true),
            new MessageCompleted("", "stop", null, new AgentUsage(1, 2, 0, 0, 12345, 0.5m), "m"), new RunSettled());
        Assert.Equal(
            """
            # Pi

            ## You

            > fix it
            > please

            ## Pi

            I **will**.

            ### `` bash: echo `date` `` – failed

            ````
            ```
            out
            ````

            ---

            *Done · 12,345 tokens · $0.5*

            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void While_it_works_the_end_says_so() =>
        Assert.EndsWith("\n*Pi is working …*\n", Write(new RunStarted(), new TextDelta("x")), StringComparison.Ordinal);

    [Theory]
    [InlineData("```js\nlet a;", "```js\nlet a;\n```\n")]
    [InlineData("~~~~\na\n~~~\nb", "~~~~\na\n~~~\nb\n~~~~\n")]
    [InlineData("1. do\n   ```sh\n   ls\n   ```\n2. more", "1. do\n\n```sh\nls\n```\n2. more\n")]
    [InlineData("- ```js\n  a", "- \\```js\n  a\n")]
    [InlineData("# Big\n\ntext\n---\nmore\n===", "#### Big\n\ntext\n\\---\nmore\n\\===\n")]
    [InlineData("<!-- never closed", "\\<!-- never closed\n")]
    [InlineData("plain `code` and\r\nmore\r", "plain `code` and\nmore\n")]
    [InlineData("```a`b\nc", "```a`b\nc\n")]
    public void Text_of_the_model_is_contained(string text, string expected)
    {
        var to = new StringBuilder();
        MarkdownText.AppendContained(to, text);
        Assert.Equal(expected, to.ToString());
    }

    private static string Write(params AgentEvent[] events) =>
        TranscriptMarkdown.Write(events.Aggregate(Transcript.Empty, (t, e) => t.Add(e)), TranscriptMarkdown.Head(null));
}
