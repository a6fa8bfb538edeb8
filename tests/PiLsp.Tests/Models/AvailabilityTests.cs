using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class AvailabilityTests
{
    private static readonly AgentException Missing =
        new("not there (tried /a/pi). Install it.") { Problem = "not there", State = AvailabilityState.NotFound, Tried = ["/a/pi"] };

    [Fact]
    public void A_failed_start_says_why_where_and_what_to_do()
    {
        var known = After(new StartBegan(), new StartFailed(Missing));
        Assert.Equal((AvailabilityState.NotFound, "not there"), (known.State, known.Message));
        Assert.Equal(["/a/pi"], known.Tried);
        Assert.Contains("npm install", known.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_in_which_nothing_can_be_sent_says_what_to_do() => Assert.All(
        Enum.GetValues<AvailabilityState>(), state => Assert.Equal(
            (state is AvailabilityState.Unknown or AvailabilityState.Checking or AvailabilityState.Starting or AvailabilityState.Ready) switch
            {
                true => (true, true),
                false => (false, false),
            },
            (new Availability(state).Advice is null, new Availability(state).Next.Count == 0)));

    [Fact]
    public void A_good_start_after_any_failure_is_ready() => Assert.All(
        Enum.GetValues<AvailabilityState>().Except([AvailabilityState.ModelsKeptOut]), state => Assert.Equal(
            AvailabilityState.Ready, After(new StartFailed(new AgentException("x") { State = state }), new StartBegan(), new StartSucceeded(true)).State));

    [Fact]
    public void What_is_known_counts_no_more_when_the_setup_changes() =>
        Assert.Equal(AvailabilityState.Unknown, After(new StartSucceeded(true), new SetupChanged()).State);

    [Fact]
    public void A_second_start_does_not_make_a_ready_agent_unknown() =>
        Assert.Equal(AvailabilityState.Ready, After(new StartSucceeded(true), new StartBegan(), new StartGivenUp()).State);

    [Fact]
    public void A_start_that_was_given_up_tells_nothing() =>
        Assert.Equal(AvailabilityState.Unknown, After(new StartBegan(), new StartGivenUp()).State);

    [Fact]
    public void Credentials_come_and_go_without_a_start()
    {
        Assert.Equal(AvailabilityState.NoCredentials, After(new StartSucceeded(false)).State);
        Assert.Equal(AvailabilityState.Ready, After(new StartSucceeded(false), new ModelsSeen(Some)).State);
        Assert.Equal(AvailabilityState.NoCredentials, After(new StartSucceeded(true), new ModelsSeen(None)).State);
    }

    [Fact]
    public void Models_that_rules_keep_out_are_another_matter_than_none_at_all()
    {
        var keptOut = After(new CheckBegan(), new ModelsSeen(KeptOut));
        Assert.Equal(AvailabilityState.ModelsKeptOut, keptOut.State);
        Assert.Equal("Every model that Pi has credentials for is kept out: not today.", keptOut.Message);
        // A start does not look at the rules; a prompt that went through, and a look, say otherwise.
        Assert.Equal(AvailabilityState.ModelsKeptOut, After(new ModelsSeen(KeptOut), new StartBegan(), new StartSucceeded(true)).State);
        Assert.Equal(AvailabilityState.Ready, After(new ModelsSeen(KeptOut), new PromptTaken()).State);
        Assert.Equal(AvailabilityState.Ready, After(new ModelsSeen(KeptOut), new ModelsSeen(Some)).State);
        Assert.Equal(AvailabilityState.Unknown, After(new ModelsSeen(KeptOut), new SetupChanged()).State);
    }

    [Fact]
    public void What_else_is_wrong_stays_wrong_when_there_is_no_model() =>
        Assert.Equal(AvailabilityState.NotFound, After(new StartFailed(Missing), new ModelsSeen(None)).State);

    private static readonly AgentModel Model = new("a", "b", "b", false, 1, [], 0, 0);
    private static readonly SortedModels None = new([], []);
    private static readonly SortedModels Some = new([Model], []);
    private static readonly SortedModels KeptOut = new([], [(Model, "not today"), (Model with { Id = "c" }, "not today")]);

    private static Availability After(params IEnumerable<AvailabilityMessage> messages) =>
        messages.Aggregate(Availability.Unknown, AvailabilityReducer.Reduce);
}
