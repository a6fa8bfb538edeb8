using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>From a decision to what really landed, with editors of every kind.</summary>
public class DeliveryTests
{
    private const string Before = SessionReplay.Text;
    private const string After = SessionReplay.Proposed;

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
