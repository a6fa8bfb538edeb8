using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public class PiProviderErrorsTests
{
    [Theory]
    [InlineData("401 {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}", "ApiKey,SignIn")]
    [InlineData("OpenAI API error (401): Incorrect API key provided: sk-x.", "ApiKey,SignIn")]
    [InlineData("403 Forbidden", "ApiKey,SignIn")]
    [InlineData("{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\"}}", "ApiKey,SignIn")]
    [InlineData("Authentication failed for \"anthropic\". Credentials may have expired. Run '/login anthropic' to re-authenticate.", "ApiKey,SignIn")]
    [InlineData("prompt is too long: 213462 tokens > 200000 maximum", "Compact,PickModel")]
    [InlineData("Your input exceeds the context window of this model", "Compact,PickModel")]
    [InlineData("413 {\"error\":{\"type\":\"request_too_large\"}}", "Compact,PickModel")]
    [InlineData("ThrottlingException: Too many tokens, too many requests, please wait", "Retry")]
    [InlineData("429 {\"error\":{\"type\":\"rate_limit_error\",\"message\":\"rate limit\"}}", "Retry")]
    [InlineData("529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", "Retry")]
    [InlineData("Connection error.: connect ECONNREFUSED 127.0.0.1:4010", "Retry")]
    [InlineData("429 You exceeded your current quota (insufficient_quota)", "PickModel,ApiKey,Retry")]
    [InlineData("404 {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: claude-x\"}}", "PickModel")]
    [InlineData("404 The model `gpt-x` does not exist or you do not have access to it.", "PickModel")]
    [InlineData("something that nobody has said before, of 4013 words", "Retry")]
    public void What_a_provider_says_leads_to_what_can_be_done(string error, string wanted)
    {
        var next = PiProviderErrors.RemediesOf(error, "p");
        Assert.Equal(wanted, string.Join(',', next.Select(r => r.Kind)));
        Assert.All(next, r => Assert.Equal(r.Kind is RemedyKind.ApiKey or RemedyKind.SignIn ? "p" : null, r.Provider));
    }

    [Fact]
    public void What_did_not_fail_needs_nothing() => Assert.Empty(PiProviderErrors.RemediesOf(null, "p"));

    [Theory]
    [InlineData("No API key found for anthropic.\n\nUse /login to log into a provider", "anthropic", "pi auth login anthropic")]
    [InlineData("No API key found for the selected model.\n\nUse /login", null, "pi")]
    [InlineData("Authentication failed for \"x$(y)\". Credentials may have expired. Run '/login x$(y)' to re-authenticate.", "x$(y)", "pi")]
    [InlineData("No model selected.\n\nUse /login", null, "pi")]
    public void A_prompt_that_is_refused_says_which_provider_is_to_be_signed_in_to(string said, string? provider, string line)
    {
        var refused = PiEndings.Refusal(new AgentException(said), new PiVersion("1.6.0"), null);
        Assert.Equal([new Remedy(RemedyKind.SignIn, provider, line), new Remedy(RemedyKind.ApiKey, provider)], refused.Next);
        Assert.DoesNotContain("/login x", refused.Message, StringComparison.Ordinal);
    }
}
