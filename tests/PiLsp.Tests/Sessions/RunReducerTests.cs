using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class RunReducerTests
{
    private readonly SessionReplay _session = new();

    [Fact]
    public void An_ask_begins_a_run_sends_the_prompt_and_shows_progress()
    {
        var effects = _session.Post(new AskRequested("a1", "hello", PromptDelivery.FollowUp));
        Assert.Equal(new BeginAsk("a1", "r1"), Assert.Single(effects.OfType<BeginAsk>()));
        Assert.Equal(new SendPrompt("a1", "hello", PromptDelivery.Start), Assert.Single(effects.OfType<SendPrompt>()));
        Assert.Equal(ProgressStage.Begin, Assert.Single(effects.OfType<ReportProgress>()).Stage);
    }

    [Fact]
    public void The_result_has_the_last_text_and_the_sum_of_all_usage()
    {
        _session.Running();
        _session.Say(new MessageCompleted("first", "toolUse", null, new AgentUsage(1, 2, 3, 4, 10, 0.5m), "m"));
        _session.Say(new MessageCompleted("answer", "toolUse", null, new AgentUsage(1, 1, 1, 1, 4, 0.25m), "m"));
        _session.Say(new MessageCompleted("", "stop", null, new AgentUsage(0, 1, 0, 0, 1, 0m), "m"));
        var result = Ended("a1");
        Assert.Equal(("answer", "stop", "r1"), (result.Text, result.StopReason, result.RunId));
        Assert.Equal(new AgentUsage(2, 4, 4, 5, 15, 0.75m), result.Usage);
        Assert.Null(_session.State.Run);
    }

    [Fact]
    public void A_second_start_is_refused_and_the_run_goes_on()
    {
        _session.Running();
        Assert.Contains("already working", Assert.Single(_session.Post(new AskRequested("a2", "x", PromptDelivery.Start)).OfType<FailAsk>()).Message,
            StringComparison.Ordinal);
        Assert.Equal("stop", Ended("a1").StopReason);
    }

    [Theory]
    [InlineData(PromptDelivery.Steer)]
    [InlineData(PromptDelivery.FollowUp)]
    internal void Who_steers_a_run_gets_its_end_too(PromptDelivery delivery)
    {
        _session.Running();
        var effects = _session.Post(new AskRequested("a2", "faster", delivery));
        Assert.Contains(new BeginAsk("a2", "r1"), effects);
        Assert.Contains(new SendPrompt("a2", "faster", delivery), effects);
        _session.Say(new UserMessage("faster", 0));
        _session.Say(new RunSettled());
        Assert.Equal(["a1", "a2"], _session.All.OfType<CompleteAsk>().Select(c => c.AskId));
    }

    [Fact]
    public void A_steer_that_fails_fails_alone()
    {
        _session.Running();
        _session.Post(new AskRequested("a2", "x", PromptDelivery.Steer));
        Assert.Equal(new FailAsk("a2", "no"), Assert.Single(_session.Post(new PromptFailed("a2", "no")).OfType<FailAsk>()));
        Ended("a1");
        Assert.DoesNotContain(_session.All.OfType<CompleteAsk>(), c => c.AskId == "a2");
    }

    [Fact]
    public void A_prompt_that_fails_ends_the_run_before_it_began()
    {
        _session.Post(new AskRequested("a1", "x", PromptDelivery.Start));
        var effects = _session.Post(new PromptFailed("a1", "no model"));
        Assert.Contains(new FailAsk("a1", "no model"), effects);
        Assert.Contains(effects.OfType<ReportProgress>(), p => p.Stage == ProgressStage.End);
        Assert.Null(_session.State.Run);
    }

    [Fact]
    public void A_prompt_that_is_dealt_with_at_once_has_no_run_to_wait_for()
    {
        _session.Post(new AskRequested("a1", "/name x", PromptDelivery.Start));
        Assert.Equal(
            "handled", Assert.Single(_session.Post(new PromptAccepted("a1", RunFollows: false, Generation: 1)).OfType<CompleteAsk>()).Result.StopReason);
        Assert.Null(_session.State.Run);
    }

    [Fact]
    public void A_prompt_dealt_with_inside_a_run_ends_alone()
    {
        _session.Running();
        _session.Post(new AskRequested("a2", "/name x", PromptDelivery.Steer));
        Assert.Equal("a2", Assert.Single(_session.Post(new PromptAccepted("a2", RunFollows: false, Generation: 1)).OfType<CompleteAsk>()).AskId);
        Ended("a1");
    }

    [Fact]
    public void A_run_may_settle_before_its_prompt_is_accepted()
    {
        _session.Post(new AskRequested("a1", "x", PromptDelivery.Start));
        _session.Say(new RunStarted());
        Ended("a1");
        Assert.Empty(_session.Post(new PromptAccepted("a1", RunFollows: true, Generation: 1)));
        Assert.Empty(_session.Post(new PromptFailed("a1", "late")));
    }

    [Fact]
    public void A_late_acceptance_does_not_touch_the_next_run()
    {
        _session.Post(new AskRequested("a1", "x", PromptDelivery.Start));
        _session.Say(new RunStarted());
        Ended("a1");
        _session.Post(new AskRequested("a2", "y", PromptDelivery.Start));
        Assert.Empty(_session.Post(new PromptAccepted("a1", RunFollows: false, Generation: 1)));
        Assert.Equal("r2", _session.State.Run!.Id);
    }

    [Fact]
    public void A_run_that_the_agent_begins_by_itself_is_shown_and_nobody_waits_for_it()
    {
        Assert.Contains(_session.Say(new RunStarted()).OfType<ReportProgress>(), p => p.Stage == ProgressStage.Begin);
        Assert.Empty(_session.Say(new RunSettled()).OfType<CompleteAsk>());
        Assert.Null(_session.State.Run);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelling_the_ask_or_aborting_ends_it_with_a_result(bool cancel)
    {
        _session.Running();
        var effects = _session.Post(cancel ? new AskCancelled("a1") : new AbortRequested("pi.abort"));
        Assert.Single(effects.OfType<AbortAgent>());
        Assert.Empty(effects.OfType<CompleteAsk>());
        Assert.Equal("aborted", Ended("a1").StopReason);
        Assert.Contains(new StopDeadline(new Deadline.Abort()), _session.All);
    }

    [Fact]
    public void Only_the_first_abort_counts_and_a_cancelled_stranger_none()
    {
        _session.Running();
        Assert.Empty(_session.Post(new AskCancelled("a9")));
        Assert.NotEmpty(_session.Post(new AbortRequested("x")));
        Assert.Empty(_session.Post(new AbortRequested("x")));
        Assert.Empty(_session.Post(new AskCancelled("a1")));
    }

    [Fact]
    public void While_a_run_is_being_stopped_nothing_joins_it()
    {
        _session.Running();
        _session.Post(new AbortRequested("x"));
        Assert.Contains("being stopped", Assert.Single(_session.Post(new AskRequested("a2", "x", PromptDelivery.Steer)).OfType<FailAsk>()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_abort_before_the_prompt_was_sent_ends_the_run_when_the_sending_has_stopped()
    {
        _session.Post(new AskRequested("a1", "x", PromptDelivery.Start));
        _session.Post(new AbortRequested("x"));
        _session.Post(new PromptFailed("a1", "stopped before the prompt was sent"));
        Assert.Equal("aborted", Assert.Single(_session.All.OfType<CompleteAsk>()).Result.StopReason);
        Assert.Empty(_session.All.OfType<FailAsk>());
        Assert.Null(_session.State.Run);
    }

    [Fact]
    public void An_agent_that_does_not_stop_in_time_is_killed_and_its_end_ends_the_run()
    {
        _session.Running();
        _session.Post(new AbortRequested("x"));
        Assert.Single(_session.Pass<Deadline.Abort>().OfType<KillAgent>());
        _session.Say(new AgentExited("killed", Expected: true));
        Assert.Equal("aborted", Assert.Single(_session.All.OfType<CompleteAsk>()).Result.StopReason);
        Assert.Empty(_session.All.OfType<FailAsk>());
    }

    [Fact]
    public void An_abort_that_fails_kills_the_agent()
    {
        _session.Running();
        _session.Post(new AbortRequested("x"));
        Assert.Equal("broken pipe", Assert.Single(_session.Post(new AbortFailed("broken pipe")).OfType<KillAgent>()).Reason);
        Ended("a1");
        Assert.Empty(_session.Post(new AbortFailed("late")).OfType<KillAgent>());
    }

    [Fact]
    public void A_crash_fails_every_ask_with_its_reason_and_shows_the_end()
    {
        _session.Running();
        _session.Post(new AskRequested("a2", "x", PromptDelivery.Steer));
        var effects = _session.Say(new AgentExited("exit code 3", Expected: false));
        Assert.Equal(
            [new FailAsk("a1", "exit code 3") { Next = Remedy.Retry }, new FailAsk("a2", "exit code 3") { Next = Remedy.Retry }], effects.OfType<FailAsk>());
        Assert.Contains(effects.OfType<PublishEvent>(), e => e.Event is RunSettled);
        Assert.Contains(effects.OfType<ReportProgress>(), p => p.Stage == ProgressStage.End);
        Assert.Null(_session.State.Run);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void An_end_outside_a_run_is_told_only_if_nobody_wanted_it(bool expected, int notices) =>
        Assert.Equal(notices, _session.Say(new AgentExited("gone", expected)).OfType<PublishEvent>().Count());

    [Fact]
    public void The_result_lists_the_edits_of_its_own_run()
    {
        _session.Running();
        _session.Propose(SessionReplay.Text.Replace("two", "2", StringComparison.Ordinal));
        _session.Apply();
        _session.Land();
        Assert.Equal([new AskedEdit(SessionReplay.Uri, ProposalStatus.Applied)], Ended("a1").Edits);
        _session.Running("a2");
        Assert.Empty(Ended("a2").Edits);
    }

    private AskResult Ended(string ask) => Assert.Single(_session.Say(new RunSettled()).OfType<CompleteAsk>(), c => c.AskId == ask).Result;

    [Fact]
    public void An_agent_that_ends_before_it_took_the_prompt_leaves_the_run_to_the_prompts_own_fate()
    {
        _session.Post(new AskRequested("a1", "go", PromptDelivery.Start));
        Assert.Empty(_session.Say(new AgentExited("gone", Expected: false)).OfType<FailAsk>());
        Assert.Equal("no other could be started", Assert.Single(_session.Post(new PromptFailed("a1", "no other could be started")).OfType<FailAsk>()).Message);
    }

    [Fact]
    public void An_agent_that_took_the_prompt_and_ended_fails_the_run_in_whatever_order_that_is_heard()
    {
        _session.Post(new AskRequested("a1", "go", PromptDelivery.Start));
        _session.Say(new AgentExited("gone", Expected: false));
        Assert.Equal("gone", Assert.Single(_session.Post(new PromptAccepted("a1", RunFollows: true, Generation: 1)).OfType<FailAsk>()).Message);

        _session.Post(new AskRequested("a2", "go", PromptDelivery.Start));
        _session.Post(new PromptAccepted("a2", RunFollows: true, Generation: 2));
        Assert.Equal("gone again", Assert.Single(_session.Say(new AgentExited("gone again", Expected: false)).OfType<FailAsk>()).Message);
    }
}
