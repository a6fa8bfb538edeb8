using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class RedactionTests
{
    [Theory]
    [InlineData("401 Incorrect API key provided: my-own-4711-key-of-mine. See the docs", "401 Incorrect API key provided: [hidden] See the docs")]
    [InlineData("invalid x-api-key: \"abc123def456ghi\"", "invalid x-api-key: \"[hidden]\"")]
    [InlineData("{\"token\":\"abc123def456ghi\"}", "{\"token\":\"[hidden]\"}")]
    [InlineData("proxy http://me:pa55@proxy.example:8080 refused", "proxy http://me:[hidden]@proxy.example:8080 refused")]
    [InlineData("401 for sk-ant-api03-abcdefgh and Bearer abc.def.ghijk", "401 for [hidden] and Bearer [hidden]")]
    [InlineData("No API key found for the selected model.", "No API key found for the selected model.")]
    [InlineData("Unexpected token: identifierWithoutDigits", "Unexpected token: identifierWithoutDigits")]
    [InlineData("429 tokens per minute: 30000 of 30000", "429 tokens per minute: 30000 of 30000")]
    [InlineData("see https://example.com:8080/a@b", "see https://example.com:8080/a@b")]
    public void A_key_that_an_error_repeats_is_hidden(string text, string shown) => Assert.Equal(shown, Redaction.Redact(text));

    [Fact]
    public void What_an_agent_says_of_itself_is_told_without_secrets_and_its_content_as_it_is()
    {
        const string Key = "sk-abcdefgh12345678";
        Assert.Equal("401: [hidden]\\u{1b}", ((MessageCompleted)ToldOutput.Of(new MessageCompleted(Key, "error", $"401: {Key}\u001b", default, null))).Error);
        Assert.Equal(Key, ((MessageCompleted)ToldOutput.Of(new MessageCompleted(Key, "error", $"401: {Key}", default, null))).Text);
        Assert.Equal("[hidden]", ((RetryScheduled)ToldOutput.Of(new RetryScheduled(1, 3, 10, Key))).Error);
        Assert.Equal("[hidden]", ((RetryEnded)ToldOutput.Of(new RetryEnded(false, 3, Key))).FinalError);
        Assert.Equal("[hidden]", ((AgentNotice)ToldOutput.Of(new AgentNotice(NoticeLevel.Error, Key))).Text);
        Assert.Equal("[hidden]", ((AgentExited)ToldOutput.Of(new AgentExited(Key, false))).Reason);
        Assert.Equal(Key, ((ToolEnded)ToldOutput.Of(new ToolEnded("t", "bash", Key, false))).Text);
        Assert.Equal("[hidden]", new AgentException(Key).Message);
    }
}
