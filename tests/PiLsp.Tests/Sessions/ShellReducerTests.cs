using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Sessions.Running;
using Xunit;

namespace PiLsp.Tests.Sessions;

public class ShellReducerTests
{
    private readonly SessionReplay _session = new();

    [Fact]
    public void A_command_is_run_once_the_disk_was_looked_at_and_answered_once_it_was_looked_at_again()
    {
        Assert.Single(_session.Post(new ShellRequested("b1", "make", false)).OfType<PrepareShell>());
        Assert.Equal(new RunShell("b1", "make", false), Assert.Single(_session.Post(new ShellPrepared("b1"))));
        _session.Post(new ShellBegun("b1", 1));
        Assert.Equal(new FinishShell("b1"), Assert.Single(_session.Say(new ShellEnded(new ShellResult("made\n", 0)))));
        var done = Assert.Single(Finished(["a.o"]).OfType<CompleteShell>());
        Assert.Equal(("b1", "made\n", 0, "a.o"), (done.ShellId, done.Result.Output, done.Result.ExitCode, Assert.Single(done.Result.Changed)));
        Assert.Null(_session.State.Shell);
    }

    [Fact]
    public void What_it_changed_is_told_with_the_next_prompt_once()
    {
        Run(hidden: false);
        Assert.Contains("make: a.o", Prompt());
        Assert.Equal("do it", Prompt());
    }

    [Fact]
    public void What_is_hidden_is_not_told()
    {
        Run(hidden: true);
        Assert.Equal("do it", Prompt());
    }

    [Fact]
    public void One_at_a_time()
    {
        _session.Post(new ShellRequested("b1", "make", false));
        var refused = Assert.IsType<CompleteShell>(Assert.Single(_session.Post(new ShellRequested("b2", "make", false))));
        Assert.Equal("b2", refused.ShellId);
        Assert.NotNull(refused.Result.Error);
        Assert.Equal("b1", _session.State.Shell?.Id);
    }

    [Fact]
    public void Stopped_before_the_agent_has_it_nothing_is_run()
    {
        _session.Post(new ShellRequested("b1", "make", false));
        _session.Post(new ShellStopRequested("b1"));
        var effects = _session.Post(new ShellPrepared("b1"));
        Assert.Empty(effects.OfType<RunShell>());
        Assert.True(Assert.Single(effects.OfType<CompleteShell>()).Result.IsCancelled);
    }

    [Fact]
    public void An_agent_that_does_not_stop_it_is_killed()
    {
        Begin();
        Assert.Single(_session.Post(new ShellStopRequested(null)).OfType<StopShell>());
        Assert.Single(_session.Pass<Deadline.Shell>().OfType<KillAgent>());
        var effects = _session.Say(new AgentExited("killed", Expected: true));
        Assert.True(Assert.Single(effects.OfType<CompleteShell>()).Result.IsCancelled);
        Assert.True(Assert.Single(effects.OfType<CompleteShellStops>()).Stopped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_agent_that_is_gone_loses_the_command_whichever_is_heard_of_first(bool exitFirst)
    {
        _session.Post(new ShellRequested("b1", "make", false));
        _session.Post(new ShellPrepared("b1"));
        var exit = new AgentSaid(new AgentExited("it died", Expected: false));
        var begun = new ShellBegun("b1", 1);
        _session.Post(exitFirst ? exit : begun);
        Assert.Equal("it died", Assert.Single(_session.Post(exitFirst ? begun : exit).OfType<CompleteShell>()).Result.Error);
    }

    [Fact]
    public void An_agent_that_ends_before_it_has_the_command_leaves_it_to_the_next()
    {
        _session.Post(new ShellRequested("b1", "make", false));
        _session.Post(new ShellPrepared("b1"));
        Assert.Empty(_session.Say(new AgentExited("it died", Expected: true)).OfType<CompleteShell>());
        _session.Post(new ShellBegun("b1", 2));
        _session.Say(new ShellEnded(new ShellResult("", 0)));
        Assert.Null(Assert.Single(Finished([]).OfType<CompleteShell>()).Result.Error);
    }

    [Fact]
    public void An_abort_stops_the_run_and_leaves_the_command_and_stops_the_command_where_nothing_else_goes_on()
    {
        _session.Running();
        Begin();
        Assert.Empty(_session.Post(new AbortRequested("x")).OfType<StopShell>());
        _session.Say(new RunSettled());
        Assert.Single(_session.Post(new AbortRequested("x")).OfType<StopShell>());
        _session.Say(new ShellEnded(new ShellResult("", null, IsCancelled: true)));
        Assert.True(Assert.Single(Finished([]).OfType<CompleteAborts>()).Aborted);
    }

    [Fact]
    public void Its_agent_is_kept_awake()
    {
        Begin();
        Assert.True(SleepReducer.IsBusy(_session.State));
    }

    private void Begin()
    {
        _session.Post(new ShellRequested("b1", "make", false));
        _session.Post(new ShellPrepared("b1"));
        _session.Post(new ShellBegun("b1", 1));
    }

    private void Run(bool hidden)
    {
        _session.Post(new ShellRequested("b1", "make", hidden));
        _session.Post(new ShellPrepared("b1"));
        _session.Post(new ShellBegun("b1", 1));
        _session.Say(new ShellEnded(new ShellResult("", 0)));
        Finished(["a.o"]);
    }

    private IReadOnlyList<SessionEffect> Finished(IReadOnlyList<string> changed) => _session.Post(new ShellFinished("b1", new ToolAftermath(null, changed)));

    private string Prompt()
    {
        var text = Assert.Single(_session.Post(new AskRequested("a1", "do it", PromptDelivery.Start)).OfType<SendPrompt>()).Text;
        _session.Post(new PromptAccepted("a1", RunFollows: false, 1));
        return text;
    }
}
