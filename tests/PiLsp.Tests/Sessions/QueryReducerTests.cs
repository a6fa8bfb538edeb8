using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class QueryReducerTests
{
    private readonly SessionReplay _session = new();

    public QueryReducerTests()
    {
        _session.Running();
        _session.Say(new EditorQueryRequested("q1", "t1", "hover", default(JsonElement)));
    }

    [Fact]
    public void An_answer_goes_to_the_agent_once()
    {
        Assert.Equal("a type", Answer(_session.Post(Said())));
        Assert.Empty(_session.Post(Said()));
    }

    [Fact]
    public void A_run_that_is_stopped_withdraws_the_question_and_answers_the_agent()
    {
        var effects = _session.Post(new AbortRequested("x"));
        Assert.Equal("q1", Assert.Single(effects.OfType<WithdrawQuery>()).RequestId);
        Assert.Contains("stopped", Answer(effects));
        Assert.Empty(_session.Post(Said()));
    }

    [Fact]
    public void A_tool_call_that_ends_withdraws_its_own_question_only()
    {
        _session.Say(new EditorQueryRequested("q2", "t2", "hover", default(JsonElement)));
        Assert.Equal("q2", Assert.Single(_session.Say(new ToolEnded("t2", "hover", "", true)).OfType<WithdrawQuery>()).RequestId);
        Assert.Equal(["q1"], _session.State.Queries.Keys);
    }

    private static EditorAnswered Said() => new("q1", new EditorQueryAnswer("a type", IsError: false));

    private static string Answer(IEnumerable<SessionEffect> effects) =>
        Assert.IsType<EditorQueryAnswer>(Assert.Single(effects.OfType<AnswerAgent>(), a => a.RequestId == "q1").Answer).Text;
}
