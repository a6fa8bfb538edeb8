using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>A command that is to see what is staged runs once all of that has landed, and only then.</summary>
public class LandFirstTests
{
    private readonly SessionReplay _session = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_command_waits_for_what_is_staged(bool lands)
    {
        _session.Post(new SettingsChanged(_session.State.Rules with { ReviewAtEnd = true }));
        _session.Running();
        _session.Propose("one\n2\nthree\nfour\nfive\n");
        _session.Say(new ConsentRequested("q1", "t2", "bash", "builtin", SessionReplay.Json("""{"command":"cat a.txt"}""")));
        var effects = _session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.LandFirst, null)));
        Assert.DoesNotContain(effects, e => e is PrepareTool or AnswerAgent);
        if (lands)
            _session.Land();
        else
            _session.Post(new ApplyAnswered(1, false, "read-only") { Failed = true });
        Assert.Equal(lands, _session.All.OfType<PrepareTool>().Any());
        Assert.Equal(lands ? 0 : 1, _session.All.OfType<AnswerAgent>().Count(a => a is { RequestId: "q1", Answer: ConsentAnswer { Allowed: false } }));
    }
}
