using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>What the user decides: about another text than was shown, about some hunks, or with a text of the user's own.</summary>
public class DecidedTests
{
    private const string Before = SessionReplay.Text;
    private const string After = SessionReplay.Proposed;

    private readonly SessionReplay _session = new SessionReplay().Running();

    public DecidedTests() => _session.Propose(After);

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
}
