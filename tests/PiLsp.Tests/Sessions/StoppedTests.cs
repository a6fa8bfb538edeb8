using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>A run that is stopped while the editor is applying: what lands is told as landed, what was not sent is not sent any more.</summary>
public class StoppedTests
{
    private const string Before = SessionReplay.Text;
    private const string After = SessionReplay.Proposed;

    private readonly SessionReplay _session = new SessionReplay().Running();

    [Fact]
    public void What_lands_after_the_stop_is_the_tools_result()
    {
        _session.Propose(After);
        _session.Apply();
        Assert.DoesNotContain(_session.Post(new AbortRequested("pi.abort")), e => e is AnswerAgent);
        _session.Land();
        Assert.Equal(("Applied to a.txt (2 changes).", false), (_session.Told.Text, _session.Told.IsError));
        _session.Say(new RunSettled());
        Assert.Equal(ProposalStatus.Applied, Assert.Single(_session.All.OfType<CompleteAsk>().Single().Result.Edits).Status);
    }

    [Fact]
    public void What_is_not_known_in_time_is_said_to_be_so_and_told_with_the_next_prompt()
    {
        _session.Propose(After);
        _session.Apply();
        _session.Post(new AbortRequested("pi.abort"));
        _session.Pass<Deadline.Outcome>();
        Assert.Contains("is not known yet", _session.Told.Text, StringComparison.Ordinal);
        _session.Say(new RunSettled());
        _session.Land();
        Assert.Equal(1, _session.All.Count(e => e is AnswerAgent { Answer: WriteOutcomeAnswer }));
        var prompt = _session.Post(new AskRequested("a2", "go on", PromptDelivery.Start)).OfType<SendPrompt>().Single();
        Assert.Contains("Applied to a.txt (2 changes).", prompt.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_is_gone_leaves_what_lands_for_the_next_prompt()
    {
        _session.Propose(After);
        _session.Apply();
        _session.Say(new AgentExited("gone", Expected: false));
        _session.Land();
        Assert.Equal("Applied to a.txt (2 changes).", Assert.Single(_session.State.Untold));
    }

    [Fact]
    public void What_waits_for_another_edit_of_the_file_is_not_sent_any_more()
    {
        _session.Propose("one\n2\nthree\nfour\nfive\n", call: "t1");
        _session.Propose("one\ntwo\nthree\n4\nfive\n", call: "t2");
        _session.Decide(ApplyDecision.All, "s1-e1");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.Post(new AbortRequested("pi.abort"));
        Assert.StartsWith("Nobody had decided about your edit of a.txt when the run was stopped. The file was not changed.", _session.Told.Text,
            StringComparison.Ordinal);
        _session.Land();
        Assert.Equal("Applied to a.txt.", _session.Told.Text);
        Assert.Single(_session.All.OfType<ApplyToEditor>());
        Assert.Equal(["Applied", "Stopped"], _session.State.Proposals.Select(p => p.Status.ToString()));
    }

    [Fact]
    public void What_was_open_when_the_user_stopped_can_be_applied_later_and_the_model_hears_of_it_with_the_next_prompt()
    {
        StopOpen();
        Assert.Contains("Nobody had decided", _session.Told.Text, StringComparison.Ordinal);
        Assert.Null(_session.State.FindEdit(null));
        _session.See("zero\n" + Before);
        _session.Decide(ApplyDecision.All, "s1-e1");
        _session.Land();
        Assert.Equal((true, ProposalStatus.Applied), (_session.Result.Done, _session.Result.Status));
        Assert.Equal(1, _session.All.Count(e => e is AnswerAgent { Answer: WriteOutcomeAnswer }));
        Assert.Contains("Applied to a.txt (2 changes).", NextPrompt(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_stopped_is_let_go_by_the_next_prompt_which_says_nothing_that_the_model_knows()
    {
        StopOpen();
        Assert.Equal("go on", NextPrompt());
        Assert.Equal(ProposalStatus.Withdrawn, Assert.Single(_session.State.Proposals).Status);
        _session.Decide(ApplyDecision.All, "s1-e1");
        Assert.Equal((false, "it is already withdrawn"), (_session.Result.Done, _session.Result.Reason));
    }

    [Fact]
    public void What_was_stopped_and_is_rejected_reaches_the_model_with_the_reason()
    {
        StopOpen();
        _session.Decide(new RejectDecision("not like this", null), "s1-e1");
        Assert.Contains("The user says: not like this", NextPrompt(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_is_applied_later_is_told_and_the_rest_goes_with_the_next_prompt()
    {
        StopOpen();
        _session.Decide(new ApplyDecision(["h1"], null, null, KeepRest: true), "s1-e1");
        _session.Land();
        Assert.Equal(ProposalStatus.Stopped, Assert.Single(_session.State.Proposals).Status);
        Assert.Contains("Only a part of your edit of a.txt was applied", NextPrompt(), StringComparison.Ordinal);
        Assert.Equal(ProposalStatus.Partial, Assert.Single(_session.State.Proposals).Status);
    }

    [Fact]
    public void What_is_being_applied_when_the_next_prompt_comes_lands_and_the_rest_of_it_is_not_open_again()
    {
        StopOpen();
        _session.Decide(new ApplyDecision(["h1"], null, null, KeepRest: true), "s1-e1");
        Assert.Equal("go on", NextPrompt());
        _session.Land();
        Assert.Equal(ProposalStatus.Partial, Assert.Single(_session.State.Proposals).Status);
        Assert.Contains("line 2: applied", Assert.Single(_session.State.Untold), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_by_a_rule_about_models_withdraws_what_that_model_proposed()
    {
        _session.Propose(After);
        _session.Say(new AnswerRefused(new ModelAnswer("p", "m", null), "not today"));
        Assert.Equal(ProposalStatus.Withdrawn, Assert.Single(_session.State.Proposals).Status);
    }

    [Fact]
    public void What_was_stopped_outlives_the_agent_and_lets_it_sleep()
    {
        StopOpen();
        Assert.False(PiLsp.Sessions.Running.SleepReducer.IsBusy(_session.State));
        _session.Say(new AgentExited("asleep", Expected: true));
        Assert.Equal(ProposalStatus.Stopped, Assert.Single(_session.State.Proposals).Status);
    }

    [Fact]
    public void What_a_server_before_had_left_is_stopped_here_until_the_user_goes_on()
    {
        StopOpen();
        var left = _session.State.Proposals[0];
        var next = new SessionReplay();
        next.Post(new ProposalsReturned([left with { ToldUndecided = false }]));
        Assert.Equal(("s1-e1", ProposalStatus.Stopped), (next.Edit.Id, next.Edit.Status));
        next.Decide(ApplyDecision.All, "s1-e1");
        next.Land();
        Assert.Equal(ProposalStatus.Applied, next.Edit.Status);

        var gone = new SessionReplay().Running();
        gone.Post(new ProposalsReturned([left]));
        Assert.Empty(gone.State.Proposals);
    }

    private void StopOpen()
    {
        _session.Propose(After);
        _session.Post(new AbortRequested("pi.abort"));
        _session.Say(new RunSettled());
    }

    private string NextPrompt() => _session.Post(new AskRequested("a2", "go on", PromptDelivery.Start)).OfType<SendPrompt>().Single().Text;

    [Fact]
    public void A_version_of_the_users_own_takes_nothing_out_that_came_after_it()
    {
        _session.Propose("one\n2\nthree\nfour\nfive\n", call: "t1");
        _session.Propose("one\ntwo\nthree\n4\nfive\n", call: "t2");
        _session.Decide(ApplyDecision.All, "s1-e1");
        _session.Decide(new ApplyDecision(null, "one\ntwo\nthree\nmine\nfive\n", null, KeepRest: false), "s1-e2");
        _session.Land();
        var apply = _session.All.OfType<ApplyToEditor>().Last();
        Assert.Equal("one\n2\nthree\nmine\nfive\n", TextDiff.Apply(apply.Sent.Text, apply.Hunks));
    }

    [Fact]
    public void A_version_of_the_users_own_on_lines_that_have_become_others_is_looked_at_again()
    {
        _session.Propose("one\n2\nthree\nfour\nfive\n", call: "t1");
        _session.Propose("one\ntwo\nthree\n4\nfive\n", call: "t2");
        _session.Decide(ApplyDecision.All, "s1-e1");
        _session.Decide(new ApplyDecision(null, "one\nmine\nthree\n4\nfive\n", null, KeepRest: false), "s1-e2");
        _session.Land();
        Assert.Equal((false, ProposalStatus.Open), (_session.Result.Done, _session.Result.Status));
        Assert.Single(_session.All.OfType<ApplyToEditor>());
    }

    [Fact]
    public void What_is_remembered_of_a_closed_file_stands_for_its_disk_however_often_it_is_edited()
    {
        _session.Propose(After, SessionReplay.Closed(Before));
        _session.Decide(ApplyDecision.All);
        _session.Answer(true);
        var first = _session.Pass<Deadline.Landed>().OfType<RememberUnsaved>().Single();
        Assert.Equal((Before, After), (first.DiskText, first.Text));

        var unsaved = SessionReplay.Closed(After) with { Disk = new PiLsp.Workspace.OlderDisk(Before) };
        _session.Propose("all\n" + After, unsaved, call: "t2");
        _session.Decide(ApplyDecision.All, onDisk: unsaved);
        _session.Answer(true);
        var second = _session.Pass<Deadline.Landed>().OfType<RememberUnsaved>().Single();
        Assert.Equal((Before, "all\n" + After), (second.DiskText, second.Text));
    }
}
