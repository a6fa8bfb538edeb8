using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>From a decision to what really landed, with editors of every kind.</summary>
public class DeliveryTests
{
    private const string Before = SessionReplay.Text;
    private const string After = "one\n2\nthree\n4\nfive\n";

    private readonly SessionReplay _session = new SessionReplay().Running();

    public DeliveryTests() => _session.Propose(After);

    [Fact]
    public void The_answer_alone_proves_nothing()
    {
        _session.Apply();
        _session.Answer(true);
        Assert.True(_session.State.IsBeingApplied(_session.Edit));
        _session.See(After);
        Assert.Equal(ProposalStatus.Applied, _session.Edit.Status);
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
        Assert.True(_session.Result.Done);
        Assert.Equal(["h1", "h2"], _session.Result.Landed);
    }

    [Fact]
    public void A_report_before_the_answer_counts_when_the_answer_comes()
    {
        _session.Apply();
        Assert.Empty(_session.See(After).OfType<AnswerAgent>());
        _session.Answer(true);
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void What_the_user_types_elsewhere_meanwhile_does_not_matter()
    {
        _session.Apply();
        _session.See(After + "typed\n");
        _session.Answer(true);
        Assert.Equal(ProposalStatus.Applied, _session.Edit.Status);
    }

    [Fact]
    public void A_lie_is_found_out_when_no_report_comes()
    {
        _session.Apply();
        _session.Answer(true);
        _session.Pass<Deadline.Landed>();
        Assert.Equal("Your edit of a.txt was not applied: the editor said it applied the edit, but the buffer does not show it.", _session.Told.Text);
        Assert.True(_session.Told.IsError);
        Assert.False(_session.Result.Done);
    }

    [Fact]
    public void A_refusal_is_passed_on_with_its_reason()
    {
        _session.Apply();
        _session.Answer(false, "the buffer is read-only");
        Assert.Equal("Your edit of a.txt was not applied: the editor refused it: the buffer is read-only.", _session.Told.Text);
    }

    [Fact]
    public void An_edit_that_landed_in_spite_of_a_refusal_is_told_as_it_is()
    {
        _session.Apply();
        _session.See(After);
        _session.Answer(false, "whatever");
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void An_editor_that_never_answers_does_not_hold_the_tool_for_ever()
    {
        _session.Apply();
        _session.Pass<Deadline.Answer>();
        Assert.Contains("never answered", _session.Told.Text, StringComparison.Ordinal);
        Assert.Empty(_session.Answer(true));
    }

    [Fact]
    public void What_nobody_answered_for_is_never_sent_again()
    {
        _session.Apply();
        _session.See(After);
        _session.See(Before);
        Assert.Empty(_session.Pass<Deadline.Answer>().OfType<ApplyToEditor>());
        Assert.Equal("Your edit of a.txt was not applied: the buffer showed it for a moment, but no longer does.", _session.Told.Text);
    }

    [Fact]
    public void Half_an_edit_is_told_as_half()
    {
        _session.Apply();
        _session.See("one\n2\nthree\nfour\nfive\n");
        _session.Answer(false, "failed at the second");
        Assert.Equal("Only a part of your edit of a.txt was applied:\n- line 2: applied.\n- line 4: not applied.\n", _session.Told.Text);
        Assert.False(_session.Told.IsError);
    }

    [Fact]
    public void Where_something_else_stands_the_model_reads_what()
    {
        _session.Apply();
        _session.Answer(true);
        _session.See("one\n2\nthree\n4 and more\nfive\n");
        _session.Pass<Deadline.Landed>();
        Assert.Equal(
            "Only a part of your edit of a.txt was applied:\n- line 2: applied.\n- line 4: something else stands there now:\n```\n4 and more\n```\n",
            _session.Told.Text);
    }

    [Fact]
    public void The_user_being_quicker_the_edit_is_sent_again_for_the_new_text()
    {
        _session.Apply();
        _session.See("zero\n" + Before);
        _session.Answer(false, "stale");
        var again = _session.All.OfType<ApplyToEditor>().Last();
        Assert.Equal((2, 2, "zero\n" + After), (again.DeliveryNumber, again.Sent.Version!.Value, TextDiff.Apply(again.Sent.Text, again.Hunks)));
        _session.Land();
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void An_editor_that_skips_a_stale_edit_and_calls_it_applied_gets_it_again()
    {
        _session.Apply();
        _session.See("zero\n" + Before);
        _session.Answer(true);
        Assert.Single(_session.Pass<Deadline.Landed>().OfType<ApplyToEditor>());
        _session.Land();
        Assert.Equal(ProposalStatus.Applied, _session.Edit.Status);
    }

    [Fact]
    public void A_line_like_the_one_beside_it_is_not_sent_again_where_there_is_one_more()
    {
        _session.Propose("a\nx\nx\nb\n", SessionReplay.Open("a\nx\nb\n"), "t2");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.See("a\nx  \nx\nb  \n");
        _session.Answer(false);
        Assert.Single(_session.All.OfType<ApplyToEditor>());
    }

    [Fact]
    public void A_deletion_that_a_formatter_makes_look_as_if_it_had_not_come_is_not_sent_again()
    {
        const string before = "{ call();\n{\n  call();\n{\nend\n";
        _session.Propose("{\n  call();\n{\nend\n", SessionReplay.Open(before), "t2");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.See("{ call();\n{\nend\n");
        _session.Answer(true);
        Assert.Empty(_session.Pass<Deadline.Landed>().OfType<ApplyToEditor>());
        Assert.Contains("something else stands there now", _session.Told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_three_times_it_is_given_up()
    {
        _session.Apply();
        for (var i = 0; i < 3; i++)
        {
            _session.See(_session.All.OfType<ApplyToEditor>().Last().Sent.Text + "typed\n");
            _session.Answer(false, "stale");
        }

        Assert.Equal(3, _session.All.OfType<ApplyToEditor>().Count());
        Assert.Equal(ProposalStatus.Failed, _session.Edit.Status);
    }

    [Fact]
    public void On_the_second_way_a_hunk_whose_lines_the_user_took_is_a_clash_and_the_other_lands()
    {
        _session.Apply();
        _session.See("one\nzwei\nthree\nfour\nfive\n");
        _session.Answer(false, "stale");
        Assert.Equal(["h2"], _session.All.OfType<ApplyToEditor>().Last().Hunks.Select(h => h.Id));
        _session.Land();
        Assert.Equal(
            "Only a part of your edit of a.txt was applied:\n- line 2: not applied, the user changed these lines meanwhile. They now " +
                "read:\n```\nzwei\n```\n- line 4: applied.\n",
            _session.Told.Text);
    }

    [Fact]
    public void A_late_answer_to_an_earlier_delivery_hits_nothing()
    {
        _session.Apply();
        _session.See("zero\n" + Before);
        _session.Answer(false, "stale");
        Assert.Empty(_session.Post(new ApplyAnswered(1, true, null)));
        Assert.Empty(_session.Post(new DeadlinePassed(new Deadline.Answer(1))));
        Assert.Empty(_session.Post(new DeadlinePassed(new Deadline.Landed(1))));
    }

    [Fact]
    public void The_edit_is_carried_over_to_what_is_there_when_the_user_decides()
    {
        _session.See("zero\n" + Before);
        var apply = Assert.Single(_session.Apply().OfType<ApplyToEditor>());
        Assert.Equal((2, "zero\n" + After), (apply.Sent.Version!.Value, TextDiff.Apply(apply.Sent.Text, apply.Hunks)));
    }

    [Fact]
    public void A_clash_at_the_decision_sends_only_the_rest()
    {
        _session.See("one\nzwei\nthree\nfour\nfive\n");
        Assert.Equal(["h2"], Assert.Single(_session.Apply().OfType<ApplyToEditor>()).Hunks.Select(h => h.Id));
    }

    [Fact]
    public void If_everything_clashes_nothing_is_sent_and_the_model_reads_what_is_there()
    {
        _session.See("one\nzwei\nthree\nvier\nfive\n");
        Assert.Empty(_session.Apply().OfType<ApplyToEditor>());
        Assert.StartsWith("Your edit of a.txt was not applied: the user changed the same lines meanwhile.", _session.Told.Text, StringComparison.Ordinal);
        Assert.EndsWith("```\nvier\n```\nRead the file again before you edit it.", _session.Told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_user_typed_likewise_is_there_already()
    {
        _session.See(After);
        Assert.Empty(_session.Apply().OfType<ApplyToEditor>());
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void A_decision_made_on_another_version_decides_nothing()
    {
        _session.See("zero\n" + Before);
        Assert.Empty(_session.Decide(new ApplyDecision(null, null, 1, false)).OfType<ApplyToEditor>());
        Assert.Contains("The buffer is at version 2, the decision was made on version 1", _session.Result.Reason, StringComparison.Ordinal);
        Assert.True(_session.State.IsOpen(_session.Edit));
        Assert.Single(_session.Decide(new ApplyDecision(null, null, 2, false)).OfType<ApplyToEditor>());
    }

    [Fact]
    public void Hunks_not_chosen_are_left_out_or_kept_as_asked()
    {
        _session.Decide(new ApplyDecision(["h2"], null, null, KeepRest: true));
        _session.Land();
        Assert.Equal((true, true), (_session.State.IsOpen(_session.Edit), _session.Result.Done));
        Assert.DoesNotContain(_session.All.OfType<AnswerAgent>(), a => a.Answer is WriteOutcomeAnswer);
        _session.Apply();
        _session.Land();
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);

        _session.Propose("1\n2\nthree\n4\n5\n", SessionReplay.Open(After, 9), "t2");
        _session.Decide(new ApplyDecision(["h2"], null, null, KeepRest: false));
        _session.Land();
        Assert.Equal("Only a part of your edit of a.txt was applied:\n- line 1: left out by the user.\n- line 5: applied.\n", _session.Told.Text);
    }

    [Fact]
    public void The_users_own_version_is_told_as_a_difference()
    {
        _session.Decide(new ApplyDecision(null, "one\n2\nthree\nIV\nfive\n", null, false));
        _session.Land();
        Assert.Equal(ProposalStatus.Applied, _session.Edit.Status);
        Assert.StartsWith("The user changed your proposal before applying it. What now stands in a.txt, against the text you edited:\n--- a/a.txt\n",
            _session.Told.Text, StringComparison.Ordinal);
        Assert.EndsWith("+IV\n five\n", _session.Told.Text, StringComparison.Ordinal);
        Assert.Equal(["h1"], _session.Result.Landed);
        Assert.Null(_session.Result.Reason);
    }

    [Fact]
    public void The_users_own_version_is_told_by_what_landed_not_by_what_was_sent()
    {
        _session.Decide(new ApplyDecision(null, "one\n2\nthree\nIV\nfive\n", null, false));
        _session.See("one\ntwo\nthree\nIV\nfive\n");
        _session.Answer(true);
        _session.Pass<Deadline.Landed>();
        Assert.Empty(_session.Result.Landed);
        Assert.DoesNotContain("+2\n", _session.Told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_text_as_proposed_is_just_the_proposal()
    {
        _session.Decide(new ApplyDecision(null, After, null, false));
        _session.Land();
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void The_users_own_version_that_clashes_on_its_way_is_put_back()
    {
        _session.Decide(new ApplyDecision(null, "one\n2\nthree\nIV\nfive\n", null, false));
        _session.See("one\nzwei\nthree\nvier\nfive\n");
        _session.Answer(false, "stale");
        Assert.Equal((true, false), (_session.State.IsOpen(_session.Edit), _session.Result.Done));
        Assert.Contains("Look at the edit again", _session.Result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_returns_after_its_run_was_stopped_is_told_and_not_opened_again()
    {
        _session.Decide(new ApplyDecision(["h1"], null, null, KeepRest: true));
        _session.Post(new AbortRequested("x"));
        _session.Land();
        Assert.Equal(ProposalStatus.Stopped, _session.Edit.Status);
        Assert.Equal(
            "Only a part of your edit of a.txt was applied:\n- line 2: applied.\n- line 4: not applied, the run was stopped before anybody decided.\n" +
                "The user can still apply the rest; you will be told with the next message if that happens.", _session.Told.Text);
    }

    [Fact]
    public void A_closed_file_is_read_again_when_the_user_decides()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        var effects = _session.Decide(ApplyDecision.All, "s1-e2", SessionReplay.Closed("zero\n" + Before));
        var apply = Assert.Single(effects.OfType<ApplyToEditor>());
        Assert.Equal("zero\n" + After, TextDiff.Apply(apply.Sent.Text, apply.Hunks));
    }

    [Fact]
    public void What_the_editor_keeps_to_itself_is_believed_remembered_and_said_to_be_unchecked()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.Answer(true);
        Assert.Contains(new RememberUnsaved(SessionReplay.Path, Before, After), _session.Pass<Deadline.Landed>());
        Assert.Equal("Applied to a.txt (2 changes). The editor says so; it has not opened the file for us, so it could not be checked.", _session.Told.Text);
    }

    [Fact]
    public void A_closed_file_that_the_editor_opens_for_the_edit_is_checked()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.Answer(true);
        _session.See(Before);
        Assert.True(_session.State.IsBeingApplied(_session.Edit));
        _session.See(After);
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void A_buffer_closed_while_the_edit_was_on_its_way_is_judged_by_its_last_text()
    {
        _session.Apply();
        _session.Post(new FileSeen(SessionReplay.Closed(Before)));
        _session.Answer(true);
        var effects = _session.Pass<Deadline.Landed>();
        Assert.Empty(effects.OfType<RememberUnsaved>());
        Assert.Empty(effects.OfType<ApplyToEditor>());
        Assert.True(_session.Told.IsError);
    }

    [Fact]
    public void A_new_file_is_created()
    {
        _session.Propose("x\n", SessionReplay.Missing, "t2");
        var apply = Assert.Single(_session.Decide(ApplyDecision.All, "s1-e2", SessionReplay.Missing).OfType<ApplyToEditor>());
        Assert.False(apply.Sent.Exists);
        _session.See("x\n");
        _session.Answer(true);
        Assert.Equal("Created a.txt.", _session.Told.Text);
    }

    [Fact]
    public void A_new_file_of_which_no_line_was_chosen_is_not_created()
    {
        _session.Propose("x\n", SessionReplay.Missing, "t2");
        Assert.Empty(_session.Decide(new ApplyDecision([], null, null, false), "s1-e2", SessionReplay.Missing).OfType<ApplyToEditor>());
        Assert.True(_session.Told.IsError);
    }

    [Fact]
    public void Opened_and_typed_into_while_it_was_read_the_file_is_taken_from_the_editor()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        var load = Assert.Single(_session.Post(new EditDecided("d2", "s1-e2", ApplyDecision.All)).OfType<LoadFile>());
        _session.See("zero\n" + Before);
        var effects = _session.Post(new FileLoaded(load.Key, new LoadedFile(SessionReplay.Closed(Before), null, null, null, null)));
        Assert.Equal("zero\n" + Before, Assert.Single(effects.OfType<ApplyToEditor>()).Sent.Text);
    }

    [Fact]
    public void Two_edits_of_one_file_go_one_after_the_other()
    {
        _session.Propose(After + "six\n", SessionReplay.Open(Before), "t2");
        _session.Decide(ApplyDecision.All, "s1-e1");
        Assert.Empty(_session.Decide(ApplyDecision.All, "s1-e2").OfType<ApplyToEditor>());
        _session.See(After);
        var next = Assert.Single(_session.Answer(true).OfType<ApplyToEditor>());
        Assert.Equal(After + "six\n", TextDiff.Apply(next.Sent.Text, next.Hunks));
        _session.Land();
        Assert.Equal([ProposalStatus.Applied, ProposalStatus.Applied], _session.State.Proposals.Select(p => p.Status));
    }
}
