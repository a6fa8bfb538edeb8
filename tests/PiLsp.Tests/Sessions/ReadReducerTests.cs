using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class ReadReducerTests
{
    private static readonly PrivateFile Secret = new("may hold keys or credentials", "/w/.env");
    private static readonly LoadedFile Loaded =
        new(new FileSnapshot("/w/.env", "file:///w/.env", "TOKEN=1\n", null, Exists: true), null, null, null, null) { Private = Secret };
    private SessionState _state =
        new()
        {
            Id = "s1",
            Root = "/w",
            Rules = new SessionRules { ModeSetting = PermissionMode.Full, Approval = ApprovalWay.Message, CanAskConsent = true },
        };

    private IReadOnlyList<SessionEffect> Say(SessionMessage message)
    {
        (_state, var effects) = SessionReducer.Reduce(_state, message);
        return effects;
    }

    private IReadOnlyList<SessionEffect> Read(LoadedFile file)
    {
        var load = Assert.Single(Say(new AgentSaid(new FileReadRequested("q1", "c1", "read", "/w/.env"))).OfType<LoadFile>());
        return Say(new FileLoaded(load.Key, file));
    }

    [Fact]
    public void A_key_is_given_only_when_the_user_allows_it_and_is_read_anew_then()
    {
        Assert.IsType<AskUser>(Assert.Single(Read(Loaded)));
        var again = Assert.Single(Say(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Yes))).OfType<LoadFile>());
        Assert.Equal(Secret, again.Allowed);
        var answer = Assert.Single(Say(new FileLoaded(again.Key, Loaded)).OfType<AnswerAgent>());
        Assert.Equal(new FileTextAnswer("TOKEN=1\n"), answer.Answer);
    }

    [Theory]
    [InlineData(QuestionOutcome.No)]
    [InlineData(QuestionOutcome.Dismissed)]
    [InlineData(QuestionOutcome.TimedOut)]
    [InlineData(QuestionOutcome.NobodyToAsk)]
    internal void Every_other_answer_is_a_refusal(QuestionOutcome outcome)
    {
        Read(Loaded);
        var answer = Assert.Single(Say(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(outcome))).OfType<AnswerAgent>());
        Assert.Equal("EACCES", Assert.IsType<FileErrorAnswer>(answer.Answer).Code);
        Assert.Empty(_state.Pending);
    }

    [Fact]
    public void What_the_path_leads_to_by_the_time_of_the_answer_is_asked_about_anew()
    {
        Read(Loaded);
        var again = Assert.Single(Say(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Yes))).OfType<LoadFile>());
        Assert.IsType<AskUser>(Assert.Single(Say(new FileLoaded(again.Key, Loaded with { Private = Secret with { Real = "/home/u/.ssh/id_rsa" } }))));
    }

    [Fact]
    public void A_question_goes_with_its_tool_call_and_the_tool_is_answered()
    {
        Read(Loaded);
        var effects = Say(new AgentSaid(new ToolEnded("c1", "read", "", IsError: true)));
        Assert.Contains(effects, e => e is WithdrawQuestion { QuestionId: QuestionKey.Request { RequestId: "q1" } });
        Assert.Contains(effects, e => e is AnswerAgent { RequestId: "q1", Answer: FileErrorAnswer { Code: "ECANCELED" } });
        Assert.Empty(_state.Pending);
    }

    [Fact]
    public void What_is_not_there_or_is_read_for_an_edit_is_asked_about_nowhere()
    {
        Assert.IsType<AnswerAgent>(Assert.Single(Read(new LoadedFile(null, null, "ENOENT", "no such file", null) { Private = Secret })));
        var load = Assert.Single(Say(new AgentSaid(new FileReadRequested("q2", "c2", "edit", "/w/.env"))).OfType<LoadFile>());
        Assert.IsType<AnswerAgent>(Assert.Single(Say(new FileLoaded(load.Key, Loaded))));
    }
}
