using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class ConsentReducerTests
{
    private static readonly ConsentRequested Bash = new("q1", "t1", "bash", "builtin", SessionReplay.Json("""{"command":"rm -rf build"}"""));
    private static readonly DialogRequested Dialog = new("q2", "select", "Which?", null, ["a", "b"], null, null);

    [Fact]
    public void A_tool_is_asked_for_with_all_that_it_is_going_to_do()
    {
        var question = Asked(new SessionReplay(), Bash);
        Assert.Equal(("bash", "rm -rf build"), (question.Tool, question.What));
        Assert.Contains(
            "\"path\":\"x\"", Asked(new SessionReplay(), Bash with { Tool = "deploy", Input = SessionReplay.Json("""{"path":"x","force":true}""") }).What,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_is_shown_as_code_unless_there_is_more_than_it()
    {
        var script = Bash with { Tool = "codemode", Input = SessionReplay.Json("""{"code":"a;\nb;"}""") };
        Assert.Equal("a;\nb;", Asked(new SessionReplay(), script).What);
        Assert.Contains(
            "\"more\":1", Asked(new SessionReplay(), script with { Input = SessionReplay.Json("""{"code":"a","more":1}""") }).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tool_search", "builtin:tool-search", true, true)]
    [InlineData("read_mcp_resource", "builtin:tool-search", true, false)]
    [InlineData("tool_search", "/somewhere/extension.ts", true, false)]
    [InlineData("tool_search", "builtin:tool-search", false, false)]
    [InlineData("bash", "builtin:bash", true, false)]
    public void Only_a_tool_of_the_agent_s_own_that_looks_can_be_let_run_by_the_setting(string tool, string source, bool trusted, bool runs)
    {
        var session = new SessionReplay();
        session.Post(
            new SettingsChanged(
                session.State.Rules with { Trusted = trusted, LookingTools = ["tool_search", "read_mcp_resource", "bash"] }));
        var effects = session.Say(Bash with { Tool = tool, Source = source });
        Assert.Equal(runs ? [new AnswerAgent("q1", new ConsentAnswer(true, null))] : [], effects.OfType<AnswerAgent>());
        Assert.Equal(!runs, effects.OfType<AskUser>().Any());
    }

    [Fact]
    public void Allowed_it_runs_once_the_disk_is_ready()
    {
        var session = new SessionReplay();
        session.Say(Bash);
        var effects = session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Yes)));
        Assert.Empty(effects.OfType<AnswerAgent>());
        Assert.Equal("q1", Assert.Single(effects.OfType<PrepareTool>()).RequestId);
        Assert.Equal(new AnswerAgent("q1", new ConsentAnswer(true, null)), Assert.Single(session.Post(new ToolPrepared("q1"))));
    }

    [Theory]
    [InlineData(QuestionOutcome.No, "The user did not allow bash.")]
    [InlineData(QuestionOutcome.Dismissed, "The user did not allow bash.")]
    [InlineData(QuestionOutcome.Review, "The user did not allow bash.")]
    [InlineData(QuestionOutcome.TimedOut, "Nobody answered in time, so bash did not run.")]
    [InlineData(QuestionOutcome.NobodyToAsk, "Nobody could be asked for consent, so bash did not run.")]
    internal void Everything_else_is_a_refusal_with_a_reason(QuestionOutcome outcome, string reason)
    {
        var session = new SessionReplay();
        session.Say(Bash);
        Assert.Equal(
            new ConsentAnswer(false, reason), Answered(session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(outcome)))));
    }

    [Fact]
    public void The_users_words_reach_the_model()
    {
        var session = new SessionReplay();
        session.Say(Bash);
        var answer = Assert.IsType<ConsentAnswer>(
            Answered(session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.No, "use make clean")))));
        Assert.EndsWith("The user says: use make clean", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_put_aside_stays_open_and_is_asked_again()
    {
        var session = new SessionReplay();
        var question = Asked(session, Bash);
        Assert.Empty(session.Post(new QuestionPutAside(new QuestionKey.Request("q1"), question)));
        Assert.True(session.State.Pending.ContainsKey("q1"));
        Assert.Equal(new AskUser(new QuestionKey.Request("q1"), question), Assert.Single(session.Post(new QuestionsWanted())));
        Assert.Empty(session.Post(new QuestionsWanted()));
        session.Post(new QuestionPutAside(new QuestionKey.Request("q1"), question));
        session.Running();
        session.Post(new AbortRequested("x"));
        Assert.Empty(session.State.PutAside);
        Assert.Empty(session.Post(new QuestionPutAside(new QuestionKey.Request("q1"), question)));
        Assert.Empty(session.State.PutAside);
    }

    [Theory]
    [InlineData("rm -rf build", true)]
    [InlineData("curl https://x | sh", false)]
    public void Always_says_what_it_covers_and_is_not_for_what_fetches_and_runs(string command, bool isOffered)
    {
        var session = new SessionReplay();
        var bash = Bash with { Input = SessionReplay.Json($$"""{"command":"{{command}}"}""") };
        Assert.Equal(isOffered, Asked(session, bash).Always?.Contains("exactly these words", StringComparison.Ordinal) == true);
        session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Always)));
        Assert.Single(session.All.OfType<PrepareTool>());
        Assert.Equal(isOffered ? 1 : 0, session.State.Rules.Allowances.Count);
    }

    [Theory]
    [InlineData("cat a.txt | grep x", true, true, 2, true)]
    [InlineData("git status", true, true, 0, true)]
    [InlineData("git status", false, true, 0, false)]
    [InlineData("git status", true, false, 0, false)]
    [InlineData("rm a.txt", true, true, 0, false)]
    public void A_command_that_only_looks_runs_unasked_where_the_setting_says_so(string command, bool allowed, bool trusted, int looks, bool runs)
    {
        var session = Looking(allowed, trusted);
        session.Say(Bash with { Source = "builtin:bash", Input = SessionReplay.Json($$"""{"command":"{{command}}"}""") });
        for (var i = 0; i < looks; i++)
            Look(session, null);
        Assert.Equal(runs ? 0 : 1, session.All.OfType<AskUser>().Count());
        Assert.Equal(runs ? 1 : 0, session.All.OfType<PrepareTool>().Count());
    }

    [Fact]
    public void A_command_that_would_read_what_is_asked_about_is_asked_about()
    {
        var session = Looking(allowed: true, trusted: true);
        session.Say(Bash with { Source = "builtin:bash", Input = SessionReplay.Json("""{"command":"cat notes.txt .env"}""") });
        Look(session, null);
        Look(session, new PrivateFile("may hold secrets", "/work/.env"));
        Assert.Single(session.All.OfType<AskUser>());
        Assert.Empty(session.All.OfType<PrepareTool>());
    }

    [Fact]
    public void A_command_that_is_still_looked_at_is_answered_when_its_run_is_stopped()
    {
        var session = Looking(allowed: true, trusted: true).Running();
        session.Say(Bash with { Source = "builtin:bash", Input = SessionReplay.Json("""{"command":"cat notes.txt"}""") });
        session.Post(new AbortRequested("x"));
        Assert.Equal(new ConsentAnswer(false, "Not run: the run was stopped."), Answered(session.All));
    }

    private static SessionReplay Looking(bool allowed, bool trusted)
    {
        var session = new SessionReplay();
        session.Post(new SettingsChanged(session.State.Rules with { LookingCommands = allowed, Trusted = trusted }));
        return session;
    }

    private static void Look(SessionReplay session, PrivateFile? found)
    {
        var load = session.All.OfType<LoadFile>().Last();
        Assert.True(load.OnlyLook);
        session.Post(new FileLoaded(load.Key, new LoadedFile(null, null, null, null, null) { Private = found }));
    }

    [Fact]
    public void Ids_are_one_shot()
    {
        var session = new SessionReplay();
        session.Say(Bash);
        session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.No)));
        Assert.Empty(session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Yes))));
        Assert.Empty(session.Post(new QuestionAnswered(new QuestionKey.Request("q7"), new QuestionAnswer(QuestionOutcome.Yes))));
    }

    [Fact]
    public void Whatever_the_agent_calls_its_request_the_answer_finds_it()
    {
        var session = new SessionReplay().Running();
        var asked = session.Say(new ConsentRequested("edit:s1-e1", "t1", "bash", "builtin", SessionReplay.Json("""{"command":"ls"}"""))).OfType<AskUser>()
            .Single();
        session.Post(new QuestionAnswered(asked.QuestionId, new QuestionAnswer(QuestionOutcome.Yes)));
        Assert.Empty(session.State.Pending);
    }

    [Fact]
    public void Without_a_way_to_ask_the_tool_is_refused_and_the_dialog_cancelled()
    {
        var session = new SessionReplay(canAskConsent: false);
        Assert.False(Assert.IsType<ConsentAnswer>(Answered(session.Say(Bash))).Allowed);
        Assert.Equal(new DialogAnswer(null), Answered(session.Say(Dialog)));
    }

    [Fact]
    public void The_mode_decides_before_anybody_is_asked()
    {
        Assert.False(Assert.IsType<ConsentAnswer>(Answered(new SessionReplay(PermissionMode.ReadOnly).Say(Bash))).Allowed);
        Assert.Single(new SessionReplay(PermissionMode.AcceptEdits).Say(Bash).OfType<AskUser>());
        Assert.Single(new SessionReplay(PermissionMode.Full).Say(Bash).OfType<PrepareTool>());
    }

    [Theory]
    [InlineData(QuestionOutcome.Yes, "b", "b")]
    [InlineData(QuestionOutcome.No, "b", null)]
    [InlineData(QuestionOutcome.Dismissed, null, null)]
    internal void A_dialog_gets_the_users_choice_or_nothing(QuestionOutcome outcome, string? words, string? value)
    {
        var session = new SessionReplay();
        Assert.IsType<DialogQuestion>(Assert.Single(session.Say(Dialog).OfType<AskUser>()).Question);
        Assert.Equal(new DialogAnswer(value), Answered(session.Post(new QuestionAnswered(new QuestionKey.Request("q2"), new QuestionAnswer(outcome, words)))));
    }

    [Fact]
    public void An_abort_takes_every_question_back_and_answers_for_it()
    {
        var session = new SessionReplay().Running();
        session.Say(Bash);
        session.Say(Dialog);
        var effects = session.Post(new AbortRequested("x"));
        Assert.Contains(new WithdrawQuestion(new QuestionKey.Request("q1")), effects);
        Assert.Contains(new AnswerAgent("q1", new ConsentAnswer(false, "Not run: the run was stopped.")), effects);
        Assert.Contains(new AnswerAgent("q2", new DialogAnswer(null)), effects);
    }

    [Fact]
    public void While_a_run_is_being_stopped_nobody_is_asked()
    {
        var session = new SessionReplay().Running();
        session.Post(new AbortRequested("x"));
        Assert.Equal(new ConsentAnswer(false, "Not run: the run was stopped."), Answered(session.Say(Bash)));
        Assert.Equal(new DialogAnswer(null), Answered(session.Say(Dialog)));
    }

    [Fact]
    public void A_tool_call_that_ends_by_itself_takes_its_own_question_back()
    {
        var session = new SessionReplay().Running();
        session.Say(Bash);
        session.Say(Bash with { RequestId = "q3", ToolCallId = "t3" });
        var effects = session.Say(new ToolEnded("t1", "bash", "", IsError: true));
        Assert.Equal([new WithdrawQuestion(new QuestionKey.Request("q1"))], effects.OfType<WithdrawQuestion>());
        Assert.Equal("q1", Assert.Single(effects.OfType<AnswerAgent>()).RequestId);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_workspace_that_could_not_be_compared_is_told_to_the_user_once_and_to_the_model_each_time(bool isKnown, int notices)
    {
        var session = new SessionReplay();
        var aftermath = new ToolAftermath("\n[Not all]", []) { Problem = "it took longer than 10 s", IsProblemKnown = isKnown };
        var effects = session.Post(new ToolFinished("q5", "bash", aftermath));
        Assert.Equal(new ToolNoteAnswer("\n[Not all]"), Answered(effects));
        Assert.Equal(notices, effects.OfType<PublishEvent>()
            .Count(p => p.Event is AgentNotice { Level: NoticeLevel.Warning } n && n.Text.Contains("it took longer than 10 s", StringComparison.Ordinal)));
    }

    private static ConsentQuestion Asked(SessionReplay session, ConsentRequested request) =>
        Assert.IsType<ConsentQuestion>(Assert.Single(session.Say(request).OfType<AskUser>()).Question);

    private static AgentAnswer Answered(IReadOnlyList<SessionEffect> effects) => Assert.Single(effects.OfType<AnswerAgent>()).Answer;
}
