using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class QueueReducerTests
{
    private readonly SessionReplay _session = new();

    [Fact]
    public void What_waits_is_shown_in_the_users_words()
    {
        _session.Running();
        var published = Assert.IsType<QueueChanged>(
            Assert.Single(_session.Say(new QueueChanged([PromptText.With("now", "The user has a.ts open.")], ["later"])).OfType<PublishEvent>()).Event);
        Assert.Equal(["now"], published.Steering);
        Assert.Equal(["later"], published.FollowUp);
    }

    [Fact]
    public void A_stopped_run_gives_back_what_waited_even_when_it_is_over_already()
    {
        _session.Running();
        _session.Post(new AbortRequested("x"));
        _session.Say(new RunSettled());
        Assert.Null(_session.State.Run);
        var effects = _session.Post(new AgentAborted(new QueuedTexts([PromptText.With("now", "context")], [])));
        Assert.Equal(["now"], Assert.IsType<QueueRestored>(Assert.Single(effects.OfType<PublishEvent>()).Event).Steering);
        var done = Assert.Single(effects.OfType<CompleteAborts>());
        Assert.Equal((true, "now"), (done.Aborted, done.Queued.Steering[0]));
    }

    [Fact]
    public void Where_nothing_runs_there_is_nothing_to_stop() =>
        Assert.False(Assert.IsType<CompleteAborts>(Assert.Single(_session.Post(new AbortRequested("x")))).Aborted);

    [Fact]
    public void A_compaction_outside_a_run_is_stopped_too()
    {
        _session.Say(new CompactionStarted("manual"));
        Assert.IsType<AbortAgent>(Assert.Single(_session.Post(new AbortRequested("x"))));
    }

    [Fact]
    public void An_abort_that_fails_is_answered()
    {
        _session.Running();
        _session.Post(new AbortRequested("x"));
        Assert.Contains(_session.Post(new AbortFailed("gone")), e => e is CompleteAborts { Aborted: true });
    }
}
