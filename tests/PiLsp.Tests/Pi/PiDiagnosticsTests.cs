using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class PiDiagnosticsTests
{
    [Theory]
    [InlineData("Warning: No models match pattern \"gpt-*\"",
        "Pi's settings name the models \"gpt-*\" (enabledModels), and no model that can be used is called so.")]
    [InlineData("Warning: Could not restore model a/gone. Using b/here.",
        "This conversation was with a/gone, which cannot be used now; it continues with b/here.")]
    [InlineData("Warning: Extension package \"npm:x\": it is old", "An extension of Pi, npm:x, does not work: it is old")]
    [InlineData("\u001b[33mWarning: something else\u001b[39m", "Pi reports: something else")]
    public void A_report_is_told_in_our_words(string line, string words) => Assert.Equal([(NoticeLevel.Warning, words)], Told(line + "\n"));

    [Fact]
    public void What_is_no_report_is_nobody_s_business_and_pieces_are_joined()
    {
        Assert.Empty(Told("debugging\n", "    at Error: x\n", "Warning: without an end"));
        Assert.Equal([(NoticeLevel.Error, "Pi reports: in two pieces")], Told("Err", "or: in two ", "pieces\nmore"));
    }

    [Theory]
    [InlineData("0.87.1", false, false)]
    [InlineData("1.0.4", true, false)]
    [InlineData("1.5.0", true, false)]
    [InlineData("1.5.1-beta.2", true, true)]
    [InlineData("1.6.0", true, true)]
    [InlineData("unknown", false, false)]
    public void A_version_says_what_there_is(string version, bool runsWithoutMcp, bool signsIn) =>
        Assert.Equal((runsWithoutMcp, signsIn), (new PiVersion(version).RunsWithoutMcp, new PiVersion(version).SignsInInTheShell));

    private static List<(NoticeLevel, string)> Told(params string[] pieces)
    {
        var diagnostics = new PiDiagnostics([]);
        foreach (var piece in pieces) diagnostics.Append(piece);
        var told = new List<(NoticeLevel, string)>();
        while (diagnostics.TryRead(out var notice)) told.Add((notice.Level, notice.Text));
        return told;
    }
}
