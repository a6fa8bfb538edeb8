using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

/// <summary>Prompts that begin with a slash: ours are carried out, all others are the agent's.</summary>
public class SlashCommandTests
{
    private const string Picking = """{"experimental":{"pi":{"pick":true}}}""";

    private static readonly AgentModel[] Models = [Model("p", "small"), Model("p", "large")];

    [Fact]
    public async Task A_command_of_ours_answers_with_what_it_did_and_the_agent_gets_no_prompt()
    {
        await using var editor = await Editor.StartAsync();
        var asked = await editor.CommandAsync("pi.ask", """{"prompt":"/name \"My garden\""}""");
        Assert.Equal(("handled", "pi.renameSession"), ((string?)asked!["stopReason"], (string?)asked["command"]));
        Assert.Equal("Name: My garden", (string?)asked["text"]);
        Assert.Equal("My garden", (await editor.Agents.NextAsync()).Name);
    }

    [Fact]
    public async Task The_permissions_are_set_without_starting_anything()
    {
        await using var editor = await Editor.StartAsync();
        var asked = await editor.CommandAsync("pi.ask", """{"prompt":"/permissions acceptEdits"}""");
        Assert.Equal("Permissions: acceptEdits", (string?)asked!["text"]);
        Assert.Equal("acceptEdits", (string?)(await editor.CommandAsync("pi.status"))!["permissionMode"]);
        Assert.Equal(0, editor.Agents.Count);
    }

    [Fact]
    public async Task What_was_not_named_is_chosen_by_the_user()
    {
        await using var editor = await Editor.StartAsync(Picking);
        var ask = editor.Command("pi.ask", """{"prompt":"/permissions"}""");
        var pick = await editor.ReceiveAsync("pi/pick");
        Assert.Contains(pick["params"]!["items"]!.AsArray(), item => (string?)item!["id"] == "readOnly");
        editor.Reply(pick, """{"id":"readOnly"}""");
        Assert.Equal("Permissions: readOnly", (string?)(await editor.ResultAsync(ask))!["text"]);
    }

    [Fact]
    public async Task Choosing_nothing_changes_nothing()
    {
        await using var editor = await Editor.StartAsync(Picking);
        var ask = editor.Command("pi.ask", """{"prompt":"/permissions"}""");
        editor.Reply(await editor.ReceiveAsync("pi/pick"), "{}");
        Assert.Equal("Nothing changed.", (string?)(await editor.ResultAsync(ask))!["text"]);
        Assert.Equal("ask", (string?)(await editor.CommandAsync("pi.status"))!["permissionMode"]);
    }

    [Fact]
    public async Task A_model_is_set_by_its_name()
    {
        await using var editor = await Editor.StartAsync();
        editor.Agents.Prepare = agent => agent.Models = Models;
        var asked = await editor.CommandAsync("pi.ask", """{"prompt":"/model p/large"}""");
        Assert.Equal("Model: p/large", (string?)asked!["text"]);
        Assert.Equal(("p", "large"), ((string?)asked["result"]!["provider"], (string?)asked["result"]!["model"]));
    }

    [Theory]
    [InlineData("/permissions yolo", RpcErrorCodes.InvalidParams, "/permissions: the mode must be one of readOnly, ask, acceptEdits, full")]
    [InlineData("/name", RpcErrorCodes.RequestFailed, "Give a name: /name Garden")]
    [InlineData("/resume", RpcErrorCodes.RequestFailed, "There is no stored session in this workspace yet.")]
    [InlineData("/permissions", RpcErrorCodes.RequestFailed, "This editor cannot show a choice; name what you want behind the command.")]
    public async Task What_cannot_be_done_is_said(string prompt, int code, string message)
    {
        await using var editor = await Editor.StartAsync();
        Assert.Equal((code, message), await editor.CommandErrorAsync("pi.ask", $$"""{"prompt":"{{prompt}}"}"""));
    }

    [Theory]
    [InlineData("/review the last commit")]
    [InlineData("/skill:deploy now")]
    public async Task Any_other_is_the_agents_to_the_last_word(string prompt)
    {
        await using var editor = await Editor.StartAsync();
        editor.Open("file:///work/a.txt", "one\n");
        await editor.CommandAsync("pi.ask", $$$"""{"prompt":"{{{prompt}}}","wait":false,"textDocument":{"uri":"file:///work/a.txt"}}""");
        Assert.Equal(prompt, (await (await editor.Agents.NextAsync()).PromptedAsync()).Text);
    }

    [Fact]
    public async Task The_list_has_ours_first_and_those_of_the_agent_that_we_do_not_have()
    {
        await using var editor = await Editor.StartAsync();
        editor.Agents.Prepare = agent =>
            agent.Commands = [new AgentCommand("review", "Looks", "prompt"), new AgentCommand("model", "An extension's", "extension")];
        var commands = (await editor.CommandAsync("pi.listCommands"))!["commands"]!.AsArray();
        Assert.Equal("builtin", (string?)commands.Single(c => (string?)c!["name"] == "model")!["source"]);
        Assert.Equal("review", (string?)commands[^1]!["name"]);
    }

    private static AgentModel Model(string provider, string id) => new(provider, id, id, Reasoning: true, 100_000, ["text"], 1, 2);
}
