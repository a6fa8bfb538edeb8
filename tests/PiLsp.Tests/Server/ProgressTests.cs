using PiLsp.Agents;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

public class ProgressTests
{
    private const string Progress = """{"window":{"workDoneProgress":true}}""";

    [Fact]
    public async Task Progress_begins_when_the_client_has_made_the_token_and_ends_with_the_run()
    {
        await using var editor = await Editor.StartAsync(Progress);
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var create = await editor.ReceiveAsync("window/workDoneProgress/create");
        var agent = await editor.Agents.NextAsync();
        agent.Say(new RunStarted());
        editor.Reply(create, "null");
        var begin = await editor.ReceiveAsync("$/progress");
        Assert.Equal(create["params"]!["token"]!.ToJsonString(), begin["params"]!["token"]!.ToJsonString());
        Assert.Equal(("begin", "Pi"), ((string?)begin["params"]!["value"]!["kind"], (string?)begin["params"]!["value"]!["title"]));
        agent.Say(new RunSettled());
        Assert.Equal("end", (string?)(await editor.ReceiveAsync("$/progress"))["params"]!["value"]!["kind"]);
        await editor.ResultAsync(ask);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_is_over_before_the_token_is_made_is_never_begun(bool refused)
    {
        await using var editor = await Editor.StartAsync(Progress);
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var create = await editor.ReceiveAsync("window/workDoneProgress/create");
        (await editor.Agents.NextAsync()).Say(new RunStarted(), new RunSettled());
        await editor.ResultAsync(ask);
        if (refused)
            editor.ReplyError(create, "no");
        else
            editor.Reply(create, "null");
        await editor.CommandAsync("pi.status");
    }

    [Fact]
    public async Task Cancelling_the_progress_aborts_the_run_and_the_ask_says_so()
    {
        await using var editor = await Editor.StartAsync(Progress);
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var create = await editor.ReceiveAsync("window/workDoneProgress/create");
        var agent = await editor.Agents.NextAsync();
        await agent.PromptedAsync();
        agent.Say(new RunStarted());
        editor.Reply(create, "null");
        var begin = await editor.ReceiveAsync("$/progress");
        Assert.True((bool)begin["params"]!["value"]!["cancellable"]!);
        editor.Notify("window/workDoneProgress/cancel", $$"""{"token":{{create["params"]!["token"]!.ToJsonString()}}}""");
        await agent.Aborted;
        Assert.Equal("aborted", (string?)(await editor.ResultAsync(ask))!["stopReason"]);
        Assert.Equal("end", (string?)(await editor.ReceiveAsync("$/progress"))["params"]!["value"]!["kind"]);
    }

    [Fact]
    public async Task A_client_without_progress_is_not_bothered()
    {
        await using var editor = await Editor.StartAsync();
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        (await editor.Agents.NextAsync()).Say(new RunStarted(), new RunSettled());
        await editor.ResultAsync(ask);
        editor.Notify("window/workDoneProgress/cancel", """{"token":"pi-1"}""");
        await editor.CommandAsync("pi.status");
    }
}
