using PiLsp.Server;
using Xunit;

namespace PiLsp.Tests.Server;

public sealed class VersionMatchTests
{
    [Theory]
    [InlineData(null, "0.1.0")]
    [InlineData("0.1.0", "0.1.0")]
    [InlineData("0.1.7", "0.1.0")]
    [InlineData("0.1", "0.1.0+abc123")]
    [InlineData("0.1.0-beta", "0.1.0")]
    public void What_fits_is_not_worth_a_word(string? client, string server) => Assert.Null(VersionMatch.Complaint(client, server));

    [Theory]
    [InlineData("0.2.0", "0.1.0", "Update the language server")]
    [InlineData("0.1.0", "0.2.0", "Update the plugin")]
    [InlineData("0.9.0", "1.0.0", "Update the plugin")]
    [InlineData("0.10.0", "0.9.0", "Update the language server")]
    [InlineData("latest", "0.1.0", "Install the plugin again")]
    public void What_does_not_fit_names_both_and_says_what_to_do(string client, string server, string advice)
    {
        var complaint = VersionMatch.Complaint(client, server);
        Assert.Contains(client, complaint, StringComparison.Ordinal);
        Assert.Contains(server, complaint, StringComparison.Ordinal);
        Assert.Contains(advice, complaint, StringComparison.Ordinal);
    }
}
