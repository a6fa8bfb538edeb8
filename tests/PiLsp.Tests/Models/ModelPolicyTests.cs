using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class ModelPolicyTests
{
    [Theory]
    [InlineData("openai/gpt-*", true)]
    [InlineData("OPENAI/*", true)]
    [InlineData("openai", true)]
    [InlineData("gpt-5", true)]
    [InlineData("gpt-?", true)]
    [InlineData("*", true)]
    [InlineData("*5", true)]
    [InlineData("o*/*-?", true)]
    [InlineData("*gpt-*5*", true)]
    [InlineData("**", true)]
    [InlineData("*-?5", false)]
    [InlineData("gpt-5?", false)]
    [InlineData("", false)]
    [InlineData("gpt", false)]
    [InlineData("openai/gpt", false)]
    [InlineData("*/gpt-4", false)]
    [InlineData("open.i/*", false)]
    public void A_pattern_matches_the_whole_name_or_without_a_slash_a_part_of_it(string pattern, bool denied) =>
        Assert.Equal(denied, new ModelPolicy([], [pattern], false).WhyNot(Model("openai", "gpt-5"), false) is not null);

    [Fact]
    public void An_id_with_slashes_of_its_own_is_one_id() =>
        Assert.NotNull(new ModelPolicy([], ["openrouter/anthropic/*"], false).WhyNot(Model("openrouter", "anthropic/opus"), false));

    [Fact]
    public void What_is_denied_stays_denied_though_it_is_allowed()
    {
        var policy = new ModelPolicy(["openai"], ["gpt-5"], false);
        Assert.Contains("denies", policy.WhyNot(Model("openai", "gpt-5"), false), StringComparison.Ordinal);
        Assert.Null(policy.WhyNot(Model("openai", "gpt-4"), false));
        Assert.Contains("allows only \"openai\"", policy.WhyNot(Model("mistral", "m"), false), StringComparison.Ordinal);
    }

    [Fact]
    public void The_subscription_matters_for_Anthropic_alone_and_only_while_the_rule_is_on()
    {
        var (theirs, others) = (Model("anthropic", "opus"), Model("openrouter", "anthropic/opus"));
        Assert.NotNull(ModelPolicy.Default.WhyNot(theirs, claudeIsSignedIn: true));
        Assert.Null(ModelPolicy.Default.WhyNot(theirs, claudeIsSignedIn: false));
        Assert.Null(ModelPolicy.Default.WhyNot(others, claudeIsSignedIn: true));
        Assert.Null((ModelPolicy.Default with { ClaudeSubscription = false }).WhyNot(theirs, claudeIsSignedIn: true));
    }

    private static AgentModel Model(string provider, string id) => new(provider, id, id, false, 1, [], 0, 0);
}
