using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Sessions.Running;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class SleepReducerTests
{
    private readonly SessionReplay _session = new();

    public SleepReducerTests() =>
        _session.Post(new SettingsChanged(_session.State.Rules with { IdleAfter = TimeSpan.FromMinutes(1) }));

    [Fact]
    public void An_agent_that_nobody_uses_sleeps()
    {
        _session.Post(new AgentUsed());
        Assert.Single(_session.Pass<Deadline.Idle>().OfType<SleepAgent>());
    }

    [Fact]
    public void Whatever_is_open_keeps_it_awake()
    {
        _session.Running();
        Assert.Empty(Passed());
        _session.Say(new RunSettled());
        Assert.Single(Passed());

        _session.Say(new DialogRequested("q1", "select", "Which?", null, ["a"], null, null));
        Assert.Empty(Passed());
        _session.Post(new QuestionAnswered(new QuestionKey.Request("q1"), new QuestionAnswer(QuestionOutcome.Dismissed)));
        Assert.Single(Passed());

        _session.Say(new CompactionStarted("manual"));
        Assert.Empty(Passed());
        _session.Say(new CompactionEnded("manual", 2, 1, false, null));
        Assert.Single(Passed());

        _session.Say(new QueueChanged(["later"], []));
        Assert.Empty(Passed());
    }

    [Fact]
    public void An_edit_that_waits_keeps_it_awake()
    {
        _session.Running();
        _session.Propose("new\n");
        Assert.True(_session.State.IsOpen(_session.Edit));
        Assert.Empty(Passed());
    }

    [Fact]
    public void A_sign_in_keeps_it_awake_until_it_is_over()
    {
        _session.Post(new SignInBegun());
        Assert.Empty(Passed());
        _session.Post(new SignInEnded());
        Assert.Single(Passed());
    }

    [Fact]
    public void Without_a_time_it_never_sleeps()
    {
        var effects = _session.Post(new SettingsChanged(_session.State.Rules with { IdleAfter = TimeSpan.Zero }));
        Assert.Contains(new StopDeadline(new Deadline.Idle()), effects);
        Assert.Empty(_session.Post(new AgentUsed()));
        Assert.Empty(Passed());
    }

    private IEnumerable<SleepAgent> Passed() => _session.Post(new DeadlinePassed(new Deadline.Idle())).OfType<SleepAgent>();
}
