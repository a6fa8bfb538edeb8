using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>Which execution of a tool something belongs to, and what becomes of it when the tool does not report.</summary>
public class ToolReducerTests
{
    private static readonly ConsentRequested Bash = new("q1", "", "bash", "builtin", SessionReplay.Json("""{"command":"make"}""")) { Execution = "x1" };

    [Fact]
    public void What_a_tool_changed_past_the_review_is_told()
    {
        var session = new SessionReplay();
        Assert.Equal(new FinishTool("q5", "t1", "bash"), Assert.Single(session.Say(new ToolNoteRequested("q5", "t1", "bash"))));
        var effects = session.Post(new ToolFinished("q5", "bash", new ToolAftermath("note", ["a.txt"])));
        Assert.Contains(new AnswerAgent("q5", new ToolNoteAnswer("note")), effects);
        Assert.Contains("a.txt", Assert.IsType<AgentNotice>(Assert.Single(effects.OfType<PublishEvent>()).Event).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_calls_without_an_id_are_prepared_and_told_each_for_itself()
    {
        var session = Running();
        Allow(session, Bash);
        Allow(session, Bash with { RequestId = "q2", Execution = "x2" });
        Assert.Equal(["x1", "x2"], session.All.OfType<PrepareTool>().Select(p => p.Execution));
        session.Say(new ToolNoteRequested("q3", "", "bash") { Execution = "x2" });
        Assert.Equal(new FinishTool("q3", "x2", "bash"), session.All.OfType<FinishTool>().Single());
        Assert.Equal(["x1"], session.State.Watched.Keys);
    }

    [Fact]
    public void The_end_of_one_call_leaves_the_questions_of_another_with_its_id()
    {
        var session = Running();
        session.Say(Bash);
        session.Propose("one\n2\nthree\nfour\nfive\n", call: "");
        Assert.DoesNotContain(session.Say(new ToolEnded("", "read", "", IsError: true) { SharesId = true }), e => e is not PublishEvent);
        Assert.True(session.State.IsOpen(session.Edit));
        Assert.Contains("q1", session.State.Pending.Keys);
        session.Say(new ToolEnded("", "edit", "", IsError: true));
        Assert.Equal(ProposalStatus.Withdrawn, session.Edit.Status);
        Assert.Empty(session.State.Pending);
    }

    [Fact]
    public void What_a_stopped_tool_changed_is_told_to_the_user_at_once_and_to_the_model_with_the_next_prompt()
    {
        var session = Running();
        Allow(session, Bash);
        session.Post(new AbortRequested("user"));
        Assert.Empty(session.All.OfType<FinishTool>());
        Assert.Equal(new FinishTool(null, "x1", "bash"), Assert.Single(session.Say(new ToolEnded("", "bash", "aborted", IsError: true)).OfType<FinishTool>()));
        session.Say(new RunSettled());
        var effects = session.Post(new ToolFinished(null, "bash", new ToolAftermath("note", ["a.txt", "b.txt"])));
        Assert.Equal("Changed outside your review: a.txt, b.txt", Assert.IsType<AgentNotice>(Assert.Single(effects.OfType<PublishEvent>()).Event).Text);
        Assert.Empty(effects.OfType<AnswerAgent>());
        var prompt = Assert.Single(session.Post(new AskRequested("a2", "go on", PromptDelivery.Start)).OfType<SendPrompt>());
        Assert.Contains("Changed on disk by tools that were stopped:\nbash: a.txt, b.txt", prompt.Text, StringComparison.Ordinal);
        Assert.Empty(session.State.Watched);
    }

    [Fact]
    public void Tools_that_Pi_took_with_it_are_looked_after_too()
    {
        var session = Running();
        Allow(session, Bash);
        Assert.Equal(new FinishTool(null, "x1", "bash"), Assert.Single(session.Say(new AgentExited("Pi crashed", Expected: false)).OfType<FinishTool>()));
    }

    [Fact]
    public void Stopped_while_the_disk_is_looked_at_a_tool_does_not_run()
    {
        var session = Running();
        session.Say(Bash);
        session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Yes)));
        session.Post(new AbortRequested("user"));
        session.Say(new ToolEnded("", "bash", "aborted", IsError: true));
        var effects = session.Post(new ToolPrepared("q1"));
        Assert.Equal(new FinishTool(null, "x1", "bash") { NeverRan = true }, Assert.Single(effects.OfType<FinishTool>()));
        Assert.False(Assert.IsType<ConsentAnswer>(Assert.Single(effects.OfType<AnswerAgent>()).Answer).Allowed);
        Assert.Empty(session.State.Watched);
    }

    [Fact]
    public void An_edit_is_never_made_on_what_was_read_of_another_file()
    {
        var session = new SessionReplay(PermissionMode.AcceptEdits).Running();
        var load = session.Say(new FileReadRequested("r1", "", "edit", "/work/other.txt")).OfType<LoadFile>().Single();
        var other = new FileSnapshot("/work/other.txt", "file:///work/other.txt", "secret\n", 1, Exists: true);
        session.Post(new FileLoaded(load.Key, new LoadedFile(other, null, null, null, null)));
        load = session.Say(new FileWriteRequested("w1", "", "edit", SessionReplay.Path, "one\n2\nthree\nfour\nfive\n")).OfType<LoadFile>().Single();
        session.Post(new FileLoaded(load.Key, new LoadedFile(SessionReplay.Open(SessionReplay.Text), null, null, null, null)));
        Assert.Equal((SessionReplay.Path, SessionReplay.Text), (session.Edit.Base.Path, session.Edit.Base.Text));
        Assert.Single(session.Edit.Hunks);
    }

    private static SessionReplay Running() => new SessionReplay().Running();

    private static void Allow(SessionReplay session, ConsentRequested request)
    {
        session.Say(request);
        session.Post(new QuestionAnswered(new QuestionKey.Request(request.RequestId), new QuestionAnswer(QuestionOutcome.Yes)));
        session.Post(new ToolPrepared(request.RequestId));
    }
}
