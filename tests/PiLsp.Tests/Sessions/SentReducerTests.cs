using PiLsp.Agents;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>Who sent a message into a run gets the result of the run that took it up.</summary>
public class SentReducerTests
{
    private readonly SessionReplay _session = new SessionReplay().Running();

    [Fact]
    public void A_message_that_is_taken_up_has_the_runs_result()
    {
        Send("a2", "turn");
        Accept("a2", PromptFate.Queued);
        _session.Say(new UserMessage("turn", 0));
        Assert.Equal([("a1", "r1"), ("a2", "r1")], Ended("Done."));
    }

    [Fact]
    public void A_message_that_is_queued_in_other_words_has_the_runs_result_too()
    {
        Send("a2", "/skill:x");
        Accept("a2", PromptFate.Queued);
        _session.Say(new UserMessage("<skill>", 0));
        Assert.Equal([("a1", "r1"), ("a2", "r1")], Ended("Done."));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_message_that_came_too_late_has_the_result_of_the_run_that_it_began(bool heardBefore, bool inOtherWords)
    {
        Send("a2", "turn");
        if (heardBefore)
            Accept("a2", PromptFate.Started);
        Assert.Equal([("a1", "r1")], Ended("First."));
        if (!heardBefore)
            Accept("a2", PromptFate.Started);
        _session.Say(new RunStarted());
        _session.Say(new UserMessage(inOtherWords ? "<skill>" : "turn", 0));
        Assert.Equal([("a2", "r2")], Ended("Turned."));
        Assert.Empty(_session.State.Late);
    }

    [Fact]
    public void It_may_have_begun_and_ended_its_run_before_the_agent_is_heard_to_have_taken_it()
    {
        Send("a2", "/skill:x");
        Assert.Equal([("a1", "r1")], Ended("First."));
        _session.Say(new RunStarted());
        Assert.Empty(Ended("Turned."));
        var done = Assert.Single(Accept("a2", PromptFate.Started).OfType<CompleteAsk>());
        Assert.Equal(("a2", "r2", "Turned."), (done.AskId, done.Result.RunId, done.Result.Text));
    }

    [Fact]
    public void One_that_was_queued_before_the_run_settled_and_is_heard_of_later_has_its_result()
    {
        Send("a2", "/skill:x");
        Assert.Equal([("a1", "r1")], Ended("First."));
        Assert.Equal("r1", Assert.Single(Accept("a2", PromptFate.Queued).OfType<CompleteAsk>()).Result.RunId);
    }

    [Fact]
    public void One_that_an_extension_dealt_with_or_that_is_refused_waits_for_no_run()
    {
        Send("a2", "/x");
        Send("a3", "y");
        Assert.Equal([("a1", "r1")], Ended("First."));
        Assert.Equal("handled", Assert.Single(Accept("a2", PromptFate.Handled).OfType<CompleteAsk>()).Result.StopReason);
        Assert.Equal("no", Assert.Single(_session.Post(new PromptFailed("a3", "no")).OfType<FailAsk>()).Message);
        Assert.Empty(_session.State.Late);
    }

    [Fact]
    public void Stopped_between_the_runs_nobody_waits_any_more()
    {
        Send("a2", "turn");
        Ended("First.");
        var effects = _session.Post(new AbortRequested("user"));
        Assert.Equal(("a2", "aborted"), (Assert.Single(effects.OfType<CompleteAsk>()).AskId, effects.OfType<CompleteAsk>().Single().Result.StopReason));
        Assert.Single(effects.OfType<AbortAgent>());
    }

    [Fact]
    public void Pi_that_ends_between_the_runs_takes_it_along()
    {
        Send("a2", "turn");
        Send("a3", "on its way still");
        Accept("a2", PromptFate.Started);
        Ended("First.");
        Assert.Equal("a2", Assert.Single(_session.Say(new AgentExited("gone", Expected: false)).OfType<FailAsk>()).AskId);
        Assert.Equal("gone", Assert.Single(Accept("a3", PromptFate.Started, generation: 1).OfType<FailAsk>()).Message);
    }

    private void Send(string ask, string text) => _session.Post(new AskRequested(ask, text, PromptDelivery.Steer));

    private IReadOnlyList<SessionEffect> Accept(string ask, PromptFate fate, int generation = 1) =>
        _session.Post(new PromptAccepted(ask, fate != PromptFate.Handled, generation) { Queued = fate == PromptFate.Queued });

    private IEnumerable<(string Ask, string? Run)> Ended(string text)
    {
        _session.Say(new MessageCompleted(text, "stop", null, default, null));
        return _session.Say(new RunSettled()).OfType<CompleteAsk>().Select(c => (c.AskId, c.Result.RunId));
    }
}
