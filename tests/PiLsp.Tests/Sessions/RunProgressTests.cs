using PiLsp.Agents;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

public sealed class RunProgressTests
{
    [Fact]
    public void The_progress_says_what_is_done_and_what_it_has_cost_so_far()
    {
        var session = new SessionReplay().Running();
        session.Say(new MessageCompleted("", "toolUse", null, new AgentUsage(1000, 234, 0, 0, 1234, 0.1m), "m"));
        var report = session.Say(new ToolStarted("c1", "bash", SessionReplay.Json("""{"command":"npm test"}"""))).OfType<ReportProgress>().Single();
        Assert.Equal((ProgressStage.Report, "bash: npm test · 1,234 tokens"), (report.Stage, report.Message));
        Assert.Equal("thinking · 1,234 tokens", session.Say(new TurnStarted()).OfType<ReportProgress>().Single().Message);
    }
}
