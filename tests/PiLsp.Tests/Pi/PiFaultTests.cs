using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Pi;

/// <summary>What the fake Pi does wrong, and what a user gets to read about it.</summary>
public sealed class PiFaultTests
{
    [Fact]
    public async Task A_crash_at_the_start_shows_what_stderr_said()
    {
        await using var agent = TestAgent.Fake("crash-at-start");
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains("exit code 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("Cannot find module \"left-pad\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exit_without_a_word_is_said_to_be_one()
    {
        await using var agent = TestAgent.Fake("silent-exit");
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains("ended with exit code 0 and said nothing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hang-at-start")]
    [InlineData("deaf-at-start")]
    public async Task A_start_that_hangs_ends_at_the_deadline_and_leaves_nothing_running(string scenario)
    {
        await using var agent = TestAgent.Fake(scenario, options => options with { StartTimeout = TimeSpan.FromSeconds(2) });
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains("pi.startTimeoutMs", error.Message, StringComparison.Ordinal);
        Assert.True((await agent.NextAsync<AgentExited>()).Expected);
    }

    [Theory]
    [InlineData("other-program", "not Pi")]
    [InlineData("version-garbage", "not Pi")]
    [InlineData("version-fails", "SyntaxError")]
    public async Task Another_program_of_the_name_is_recognized(string scenario, string says)
    {
        await using var agent = TestAgent.Fake(scenario);
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-gate", "not loaded the gate")]
    [InlineData("wrong-nonce", "nonce")]
    [InlineData("wrong-challenge", "challenge")]
    [InlineData("silent-gate", "did not answer")]
    [InlineData("garbled-gate", "No prompt was sent")]
    [InlineData("foreign-edit", "my-edit.ts")]
    [InlineData("builtin-edit", "<builtin:edit>")]
    public async Task Without_a_proven_gate_nothing_starts(string scenario, string says)
    {
        await using var agent = TestAgent.Fake(scenario);
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains("would not be held back", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        await agent.NextAsync<AgentExited>();
        Assert.DoesNotContain(agent.Seen, output => output is RunStarted);
    }

    [Theory]
    [InlineData("crash-in-run", "FATAL ERROR: heap out of memory")]
    [InlineData("killed-in-run", "signal 9")]
    [InlineData("silent-end", "exit code 0")]
    public async Task A_death_in_a_run_is_the_last_output_with_its_reason(string scenario, string says)
    {
        await using var agent = TestAgent.Fake(scenario);
        await agent.StartAsync();
        await agent.PromptAsync("go");
        var exited = await agent.NextAsync<AgentExited>();
        Assert.False(exited.Expected);
        Assert.Contains(says, exited.Reason, StringComparison.Ordinal);
        await agent.Agent.Outputs.Completion;
        await Assert.ThrowsAnyAsync<AgentException>(() => agent.Agent.GetStateAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Garbage_between_the_records_changes_nothing()
    {
        await using var agent = TestAgent.Fake("garbage");
        await agent.StartAsync();
        var outputs = await agent.RunAsync("go");
        Assert.Equal("ab", string.Concat(outputs.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.Contains(agent.Log, line => line.Contains("skipped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("separators", "line\u2028separator\u2029paragraph \u0085next \r\n end")]
    [InlineData("retry", "Hello from the fake Pi.")]
    public async Task The_last_message_is_whole(string scenario, string text)
    {
        await using var agent = TestAgent.Fake(scenario);
        await agent.StartAsync();
        var outputs = await agent.RunAsync("go");
        Assert.Equal(text, outputs.OfType<MessageCompleted>().Last().Text);
        Assert.Single(outputs.OfType<RunStarted>());
    }

    [Fact]
    public async Task A_flood_of_deltas_arrives_complete_and_in_order()
    {
        await using var agent = TestAgent.Fake("flood");
        await agent.StartAsync();
        var outputs = await agent.RunAsync("go");
        Assert.Equal(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i} ")), string.Concat(outputs.OfType<TextDelta>().Select(delta => delta.Text)));
    }

    [Fact]
    public async Task Abort_of_a_long_run_returns_when_it_is_over()
    {
        await using var agent = TestAgent.Fake("long-run");
        await agent.StartAsync();
        Assert.True(await agent.PromptAsync("go"));
        await agent.NextAsync<TextDelta>();
        await agent.Agent.AbortAsync(CancellationToken.None);
        await agent.NextAsync<RunSettled>();
        Assert.False((await agent.Agent.GetStateAsync(CancellationToken.None)).IsStreaming);
    }

    [Fact]
    public async Task A_running_Pi_takes_no_second_start_but_what_is_meant_for_later_and_abort_forgets_that()
    {
        await using var agent = TestAgent.Fake("long-run");
        await agent.StartAsync();
        Assert.True(await agent.PromptAsync("go"));
        await agent.NextAsync<TextDelta>();
        var error = await Assert.ThrowsAsync<AgentException>(() => agent.PromptAsync("and?"));
        Assert.Contains("already processing", error.Message, StringComparison.Ordinal);

        Assert.True(await agent.PromptAsync("faster", PromptDelivery.Steer));
        Assert.True(await agent.PromptAsync("then this", PromptDelivery.FollowUp));
        await agent.NextAsync<QueueChanged>(queue => queue.Steering is ["faster"] && queue.FollowUp is ["then this"]);
        await agent.Agent.AbortAsync(CancellationToken.None);
        await agent.NextAsync<RunSettled>();
        Assert.Empty(agent.Seen.OfType<QueueChanged>().Last().Steering);
        Assert.Single(agent.Seen.OfType<RunStarted>());
    }

    [Fact]
    public async Task A_proposal_that_Pi_stopped_waiting_for_can_still_be_answered_without_harm()
    {
        await using var agent = TestAgent.Fake("abandoned-edit");
        await agent.StartAsync();
        Assert.True(await agent.PromptAsync("go"));
        agent.Agent.Answer((await agent.NextAsync<FileReadRequested>()).RequestId, new FileTextAnswer("old"));
        var write = await agent.NextAsync<FileWriteRequested>();
        await agent.NextAsync<ToolEnded>();
        agent.Agent.Answer(write.RequestId, new WriteOutcomeAnswer("late", IsError: false));
        await agent.NextAsync<RunSettled>();
        Assert.False((await agent.Agent.GetStateAsync(CancellationToken.None)).IsStreaming);
    }

    [Theory]
    [InlineData("ignores-sigterm")]
    [InlineData("grandchild")]
    [InlineData("detached-grandchild")]
    public async Task Ending_a_stubborn_Pi_leaves_no_process(string scenario)
    {
        var mark = "PILSP_TEST_MARK=" + Guid.NewGuid().ToString("N");
        await using var agent = TestAgent.Fake(scenario, options => options with
        {
            Env = new Dictionary<string, string>(options.Env) { [mark.Split('=')[0]] = mark.Split('=')[1] },
        });
        await agent.StartAsync();
        await agent.PromptAsync("go");
        await agent.NextAsync<TextDelta>();
        Assert.NotEmpty(Processes.WithEnvironment(mark));
        await agent.Agent.DisposeAsync();
        Assert.Empty(Processes.WithEnvironment(mark));
        Assert.True((await agent.NextAsync<AgentExited>()).Expected);
    }

    [Fact]
    public async Task A_prompt_that_an_extension_deals_with_starts_no_run()
    {
        await using var agent = TestAgent.Fake("command");
        await agent.StartAsync();
        Assert.False(await agent.PromptAsync("/hey"));
        Assert.Equal(new AgentNotice(NoticeLevel.Info, "hey yourself", IsForUser: true), await agent.NextAsync<AgentNotice>());
        Assert.True(await agent.PromptAsync("hey"));
    }

    [Fact]
    public async Task A_newer_Pi_says_itself_whether_a_run_follows()
    {
        await using var agent = TestAgent.Fake("newer");
        await agent.StartAsync();
        await agent.RunAsync("go");
        Assert.Single(agent.Seen.OfType<RunSettled>());
    }

    [Fact]
    public async Task Without_credentials_the_prompt_fails_with_what_to_do()
    {
        await using var agent = TestAgent.Fake("no-models", options => options with { Model = "scripted-1" });
        Assert.Null((await agent.StartAsync()).Model);
        var error = await Assert.ThrowsAsync<AgentException>(() => agent.PromptAsync("go"));
        Assert.StartsWith("No API key found for the selected model. Sign in to a provider", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_model_is_looked_up_and_set_with_its_level()
    {
        await using var agent = TestAgent.Fake("text", options => options with { Model = "local/thinker-1", Thinking = "high" });
        var state = await agent.StartAsync();
        Assert.Equal(("local/thinker-1", "high"), (state.Model?.FullId, state.Thinking));
    }

    [Theory]
    [InlineData(null, "scripted-2", null, "local/scripted-1")]
    [InlineData("locla", null, null, "local")]
    [InlineData(null, "scripted-1", "high", "It has: off")]
    public async Task A_choice_that_Pi_does_not_have_is_refused_with_what_it_has(string? provider, string? model, string? thinking, string says)
    {
        await using var agent = TestAgent.Fake("text", options => options with { Provider = provider, Model = model, Thinking = thinking });
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--mode")]
    [InlineData("--print")]
    [InlineData("--export=x")]
    public async Task Arguments_that_would_keep_Pi_from_serving_are_refused_by_name(string argument)
    {
        await using var agent = TestAgent.Fake("text", options => options with { ExtraArgs = [argument] });
        var error = await Assert.ThrowsAsync<AgentException>(agent.StartAsync);
        Assert.Contains("pi.extraArgs contains " + argument, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dialog", "select", "two")]
    [InlineData("confirm", "confirm", "true")]
    public async Task A_dialog_of_an_extension_is_asked_and_answered(string scenario, string kind, string value)
    {
        await using var agent = TestAgent.Fake(scenario);
        await agent.StartAsync();
        Assert.True(await agent.PromptAsync("go"));
        var dialog = await agent.NextAsync<DialogRequested>();
        Assert.Equal(kind, dialog.Kind);
        agent.Agent.Answer(dialog.RequestId, new DialogAnswer(value));
        await agent.NextAsync<RunSettled>();
    }

    [Fact]
    public async Task An_answer_of_the_wrong_kind_is_no_consent()
    {
        await using var agent = TestAgent.Fake("bash");
        await agent.StartAsync();
        Assert.True(await agent.PromptAsync("go"));
        var consent = await agent.NextAsync<ConsentRequested>();
        agent.Agent.Answer(consent.RequestId, new WriteOutcomeAnswer("applied", IsError: false));
        Assert.True((await agent.NextAsync<ToolEnded>()).IsError);
    }
}
