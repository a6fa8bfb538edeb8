using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>From a tool's write to a decision.</summary>
public class ProposalTests
{
    private static readonly string TwoHunks = Text("2", "4");

    private readonly SessionReplay _session = new SessionReplay().Running();

    [Fact]
    public void A_read_gives_what_the_user_sees()
    {
        var load = _session.Say(new FileReadRequested("q1", "t1", "read", SessionReplay.Path)).OfType<LoadFile>().Single();
        var effects = _session.Post(new FileLoaded(load.Key, new LoadedFile(SessionReplay.Open("unsaved"), null, null, null, null)));
        Assert.Equal([new AnswerAgent("q1", new FileTextAnswer("unsaved"))], effects);
    }

    [Theory]
    [InlineData("ENOENT", "gone")]
    [InlineData("EACCES", "permission denied")]
    public void A_file_that_cannot_be_read_is_an_error_with_its_code(string code, string message)
    {
        var load = _session.Say(new FileReadRequested("q1", "t1", "read", SessionReplay.Path)).OfType<LoadFile>().Single();
        var effects = _session.Post(new FileLoaded(load.Key, new LoadedFile(code == "ENOENT" ? SessionReplay.Missing : null, null, code, message, null)));
        Assert.Equal([new AnswerAgent("q1", new FileErrorAnswer(code, message))], effects);
    }

    [Fact]
    public void A_write_waits_as_a_proposal_and_nothing_else_happens()
    {
        var effects = _session.Propose(TwoHunks);
        Assert.IsType<PublishEdits>(Assert.Single(effects));
        Assert.Equal((ProposalStatus.Open, 2, "t1"), (_session.Edit.Status, _session.Edit.Hunks.Count, _session.Edit.ToolCallId));
    }

    [Fact]
    public void By_message_the_user_is_asked_with_the_files_name()
    {
        var session = new SessionReplay(approval: ApprovalWay.Message).Running();
        var question = Assert.IsType<EditQuestion>(Assert.Single(session.Propose(TwoHunks).OfType<AskUser>()).Question);
        Assert.Equal("Pi wants to change a.txt: 2 changes, +2 −2 lines", question.Summary);
        var creating = Assert.IsType<EditQuestion>(Assert.Single(session.Propose("x\ny\n", SessionReplay.Missing, "t2").OfType<AskUser>()).Question);
        Assert.Equal("Pi wants to create a.txt (2 lines)", creating.Summary);
    }

    [Fact]
    public void The_modes_allow_ask_or_deny()
    {
        var readOnly = new SessionReplay(PermissionMode.ReadOnly).Running();
        readOnly.Propose(TwoHunks);
        Assert.True(readOnly.Told.IsError);
        Assert.Contains("readOnly", readOnly.Told.Text, StringComparison.Ordinal);
        Assert.Empty(readOnly.State.Proposals);

        Assert.Single(new SessionReplay(PermissionMode.AcceptEdits).Running().Propose(TwoHunks).OfType<ApplyToEditor>());
        Assert.Empty(new SessionReplay(PermissionMode.AcceptEdits).Running().Propose(TwoHunks, protectedBecause: "a link out").OfType<ApplyToEditor>());
        Assert.Empty(new SessionReplay(PermissionMode.Full).Running().Propose(TwoHunks, protectedBecause: "a link out").OfType<ApplyToEditor>());
    }

    [Fact]
    public void With_nobody_to_ask_the_model_is_told_so()
    {
        var session = new SessionReplay(approval: ApprovalWay.None).Running();
        session.Propose(TwoHunks);
        Assert.Equal(new WriteOutcomeAnswer(ToolReport.NobodyToAsk, IsError: true), session.Told);
        Assert.Empty(session.State.Proposals);
    }

    [Fact]
    public void A_write_of_what_is_there_already_changes_nothing()
    {
        _session.Propose(SessionReplay.Text);
        Assert.Equal("a.txt already has exactly this content; nothing to change.", _session.Told.Text);
        Assert.False(_session.Told.IsError);
    }

    [Fact]
    public void A_file_that_is_no_text_is_not_edited()
    {
        var load = _session.Say(new FileWriteRequested("q1", "t1", "write", SessionReplay.Path, "x")).OfType<LoadFile>().Single();
        _session.Post(new FileLoaded(load.Key, new LoadedFile(null, [0, 1], null, null, null)));
        Assert.Equal("a.txt cannot be edited: it is not UTF-8 text. The file was not changed.", _session.Told.Text);
    }

    [Fact]
    public void An_edit_is_made_for_what_its_tool_read_not_for_what_the_user_typed_since()
    {
        var load = _session.Say(new FileReadRequested("t1r", "t1", "edit", SessionReplay.Path)).OfType<LoadFile>().Single();
        _session.Post(new FileLoaded(load.Key, new LoadedFile(SessionReplay.Open(SessionReplay.Text), null, null, null, null)));
        var again = _session.Say(new FileWriteRequested("t1w", "t1", "edit", SessionReplay.Path, Text("2"))).OfType<LoadFile>().Single();
        _session.Post(new FileLoaded(again.Key, new LoadedFile(SessionReplay.Open("typed\n" + SessionReplay.Text, 2), null, null, null, null)));
        Assert.Equal("typed\n" + Text("2"), _session.Edit.NewText);
    }

    [Fact]
    public void A_question_answered_yes_applies_no_rejects_with_the_users_words()
    {
        var session = new SessionReplay(approval: ApprovalWay.Message).Running();
        session.Propose(TwoHunks);
        Assert.Single(session.Post(new QuestionAnswered(new QuestionKey.Edit("s1-e1"), new QuestionAnswer(QuestionOutcome.Yes))).OfType<ApplyToEditor>());
        session.Land();
        Assert.Equal("Applied to a.txt (2 changes).", session.Told.Text);

        session.Propose(Text("2"), call: "t2");
        session.Post(new QuestionAnswered(new QuestionKey.Edit("s1-e2"), new QuestionAnswer(QuestionOutcome.No, "not now")));
        Assert.Equal("The user rejected your edit of a.txt. The file was not changed. The user says: not now", session.Told.Text);
    }

    [Theory]
    [InlineData(QuestionOutcome.Dismissed)]
    [InlineData(QuestionOutcome.TimedOut)]
    [InlineData(QuestionOutcome.Review)]
    internal void A_question_that_decides_nothing_leaves_the_edit_for_the_commands(QuestionOutcome outcome)
    {
        var session = new SessionReplay(approval: ApprovalWay.Message).Running();
        session.Propose(TwoHunks);
        session.Post(new QuestionAnswered(new QuestionKey.Edit("s1-e1"), new QuestionAnswer(outcome)));
        Assert.True(session.State.IsOpen(session.Edit));
        Assert.Single(session.Apply().OfType<ApplyToEditor>());
    }

    [Fact]
    public void When_nobody_can_be_asked_after_all_the_tool_does_not_wait_for_ever()
    {
        var session = new SessionReplay(approval: ApprovalWay.Message).Running();
        session.Propose(TwoHunks);
        session.Post(new QuestionAnswered(new QuestionKey.Edit("s1-e1"), new QuestionAnswer(QuestionOutcome.NobodyToAsk)));
        Assert.Equal("Your edit of a.txt was not applied: nobody could be asked for approval.", session.Told.Text);
    }

    [Fact]
    public void A_decision_takes_the_question_back_and_a_late_answer_hits_nothing()
    {
        var session = new SessionReplay(approval: ApprovalWay.Message).Running();
        session.Propose(TwoHunks);
        Assert.Contains(new WithdrawQuestion(new QuestionKey.Edit("s1-e1")), session.Decide(new RejectDecision(null, null)));
        Assert.Empty(session.Post(new QuestionAnswered(new QuestionKey.Edit("s1-e1"), new QuestionAnswer(QuestionOutcome.Yes))));
    }

    [Fact]
    public void A_decision_about_what_is_not_there_is_an_error()
    {
        _session.Apply();
        Assert.Equal("There is no open edit.", _session.Result.Error);
        _session.Propose(TwoHunks);
        _session.Decide(ApplyDecision.All, "s1-e9");
        Assert.Contains("There is no edit \"s1-e9\"", _session.Result.Error, StringComparison.Ordinal);
        _session.Apply("h9");
        Assert.Equal("Edit s1-e1 has no hunk \"h9\".", _session.Result.Error);
        Assert.True(_session.State.IsOpen(_session.Edit));
    }

    [Fact]
    public void A_second_decision_is_told_that_it_came_too_late()
    {
        _session.Propose(TwoHunks);
        _session.Apply();
        Assert.Empty(_session.Decide(ApplyDecision.All, "s1-e1").OfType<ApplyToEditor>());
        Assert.Equal((false, "it is being applied right now"), (_session.Result.Done, _session.Result.Reason));
        _session.Land();
        _session.Decide(new RejectDecision(null, null), "s1-e1");
        Assert.Equal((false, "it is already applied"), (_session.Result.Done, _session.Result.Reason));
    }

    [Fact]
    public void Without_an_id_the_oldest_open_edit_is_meant()
    {
        _session.Propose(TwoHunks);
        _session.Propose(Text("2"), call: "t2");
        _session.Decide(new RejectDecision(null, null));
        Assert.Equal([ProposalStatus.Rejected, ProposalStatus.Open], _session.State.Proposals.Select(p => p.Status));
    }

    [Fact]
    public void Some_hunks_may_be_rejected_with_words_of_their_own()
    {
        _session.Propose(TwoHunks);
        _session.Decide(new RejectDecision("two is fine", ["h1"]));
        Assert.True(_session.State.IsOpen(_session.Edit));
        _session.Apply();
        _session.Land();
        Assert.Equal(
            "Only a part of your edit of a.txt was applied:\n- line 2: rejected. The user says: two is fine\n- line 4: applied.\n", _session.Told.Text);
    }

    [Fact]
    public void A_rejection_of_the_rest_names_what_landed_before()
    {
        _session.Propose(TwoHunks);
        _session.Decide(new ApplyDecision(["h1"], null, null, KeepRest: true));
        _session.Land();
        _session.Decide(new RejectDecision("enough", null));
        Assert.Equal("Only a part of your edit of a.txt was applied:\n- line 2: applied.\n- line 4: rejected. The user says: enough\n", _session.Told.Text);
    }

    [Fact]
    public void An_empty_new_file_can_be_created_and_rejected()
    {
        _session.Propose("", SessionReplay.Missing);
        _session.Decide(new RejectDecision(null, null));
        Assert.Equal("The user rejected your edit of a.txt. The file was not changed.", _session.Told.Text);

        _session.Propose("", SessionReplay.Missing, "t2");
        Assert.Single(_session.Decide(ApplyDecision.All, onDisk: SessionReplay.Missing).OfType<ApplyToEditor>());
        _session.Answer(false, "read-only");
        Assert.Equal("Your edit of a.txt was not applied: the editor refused it: read-only.", _session.Told.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_waits_is_stopped_with_the_run_and_withdrawn_with_its_tool_call(bool abort)
    {
        _session.Propose(TwoHunks);
        _session.Decide(new ApplyDecision(["h1"], null, null, KeepRest: true));
        _session.Land();
        _session.Propose(Text("2"), call: "t2");
        if (abort)
            _session.Post(new AbortRequested("x"));
        else
            _session.Say(new ToolEnded("t1", "edit", "", IsError: true));
        Assert.Equal(
            abort ? [ProposalStatus.Stopped, ProposalStatus.Stopped] : [ProposalStatus.Partial, ProposalStatus.Open],
            _session.State.Proposals.Select(p => p.Status));
        var why = abort ? "the run was stopped before anybody decided" : "the tool call ended";
        Assert.Contains(_session.All.OfType<AnswerAgent>(), a =>
            a is { RequestId: "t1w", Answer: WriteOutcomeAnswer w } && w.Text.Contains($"- line 4: not applied, {why}.", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_withdrawn_is_told_as_not_changed()
    {
        _session.Propose(TwoHunks);
        _session.Say(new AgentExited("crash", Expected: false));
        Assert.Equal("The edit of a.txt was withdrawn before anybody decided: Pi is gone. The file was not changed.", _session.Told.Text);
    }

    [Fact]
    public void Reads_and_writes_under_way_are_answered_when_the_run_is_stopped()
    {
        _session.Say(new FileReadRequested("q1", "t1", "read", SessionReplay.Path));
        _session.Say(new FileWriteRequested("q2", "t2", "write", SessionReplay.Path, "x"));
        var effects = _session.Post(new AbortRequested("x"));
        Assert.IsType<FileErrorAnswer>(Assert.Single(effects.OfType<AnswerAgent>(), a => a.RequestId == "q1").Answer);
        Assert.Equal("a.txt was not changed: the run was stopped.", _session.Told.Text);
    }

    private static string Text(params string[] numbers)
    {
        var text = SessionReplay.Text;
        foreach (var number in numbers)
            text = text.Replace(number == "2" ? "two" : "four", number, StringComparison.Ordinal);
        return text;
    }
}
