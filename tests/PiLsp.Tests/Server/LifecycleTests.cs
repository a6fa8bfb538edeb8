using PiLsp.Rpc;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

public class LifecycleTests
{
    [Fact]
    public async Task Nothing_is_answered_before_initialize()
    {
        await using var editor = new Editor();
        Assert.Equal(RpcErrorCodes.ServerNotInitialized, (await editor.CommandErrorAsync("pi.status")).Code);
    }

    [Fact]
    public async Task Initialize_offers_what_the_server_can_and_comes_once()
    {
        await using var editor = new Editor();
        var result =
            await editor.ResultAsync("initialize", """{"processId":null,"rootUri":null,"capabilities":{"general":{"positionEncodings":["utf-8","utf-16"]}}}""");
        Assert.Equal("pilsp", (string?)result!["serverInfo"]!["name"]);
        Assert.Equal("utf-8", (string?)result["capabilities"]!["positionEncoding"]);
        Assert.Contains("pi.ask", result["capabilities"]!["executeCommandProvider"]!["commands"]!.AsArray().Select(c => (string?)c));
        Assert.Equal(RpcErrorCodes.InvalidRequest, (await editor.ErrorAsync(editor.Request("initialize", """{"capabilities":{}}"""))).Code);
    }

    [Fact]
    public async Task After_shutdown_only_exit_is_left_and_the_code_is_0()
    {
        await using var editor = await Editor.StartAsync();
        Assert.Null(await editor.ResultAsync("shutdown", "null"));
        Assert.Equal(RpcErrorCodes.InvalidRequest, (await editor.CommandErrorAsync("pi.status")).Code);
        editor.Notify("exit", "null");
        Assert.Equal(0, await editor.Running.WaitAsync(Editor.Hang));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_shutdown_the_code_is_1(bool exit)
    {
        await using var editor = await Editor.StartAsync();
        if (exit)
            editor.Notify("exit", "null");
        else
            await editor.CloseInputAsync();
        Assert.Equal(1, await editor.Running.WaitAsync(Editor.Hang));
    }

    [Fact]
    public async Task Shutdown_answers_when_no_agent_is_left_and_tells_who_waits()
    {
        await using var editor = await Editor.StartAsync();
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var agent = await editor.Agents.NextAsync();
        await agent.PromptedAsync();
        agent.Say(new Agents.RunStarted());
        var shutdown = editor.Request("shutdown", "null");
        await agent.Disposed;
        Assert.Null(await editor.ResultAsync(shutdown));
        Assert.NotEmpty((await editor.ErrorAsync(ask)).Message);
    }

    [Fact]
    public async Task The_end_of_the_input_ends_the_agents_too()
    {
        await using var editor = await Editor.StartAsync();
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var agent = await editor.Agents.NextAsync();
        await agent.PromptedAsync();
        await editor.CloseInputAsync();
        await agent.Disposed;
        await editor.ErrorOrResultAsync(ask);
    }

    [Fact]
    public async Task A_change_that_cannot_be_read_ends_the_connection()
    {
        await using var editor = await Editor.StartAsync();
        editor.Notify("textDocument/didChange", """{"textDocument":{"uri":"file:///work/a.txt","version":2},"contentChanges":"x"}""");
        editor.Fails = true;
        await Assert.ThrowsAsync<RpcFatalException>(() => editor.Running.WaitAsync(Editor.Hang));
    }
}
