using System.Text.Json.Nodes;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

public class SettingsTests
{
    private const string Pulling = """{"workspace":{"configuration":true}}""";

    [Fact]
    public async Task What_initialize_brings_reaches_the_agent()
    {
        await using var editor =
            await Editor.StartAsync(settings: """{"command":"/opt/pi","extraArgs":["-x"],"env":{"A":"b"},"model":"m","startTimeoutMs":5}""");
        await editor.CommandAsync("pi.newSession");
        var options = (await editor.Agents.NextAsync()).Options;
        Assert.Equal(("/opt/pi", "m", TimeSpan.FromMilliseconds(5), "/work"), (options.Command, options.Model, options.StartTimeout, options.WorkingDirectory));
        Assert.Equal(["-x"], options.ExtraArgs);
        Assert.Equal("b", options.Env["A"]);
    }

    [Theory]
    [InlineData("""{"permissionMode":"sometimes"}""",
        "pi.permissionMode must be one of readOnly, ask, acceptEdits, full, not \"sometimes\"; the old value stays")]
    [InlineData("""{"startTimeoutMs":-1}""", "pi.startTimeoutMs must be a whole number of milliseconds above 0, not -1; the old value stays")]
    [InlineData("""{"extraArgs":"-x"}""", "pi.extraArgs must be a list of strings, not \"-x\"; the old value stays")]
    [InlineData("""{"env":{"KEY":1}}""", "pi.env must be an object of strings; the old value stays")]
    public async Task A_wrong_value_is_refused_by_name_and_the_old_one_stays(string settings, string refusal)
    {
        await using var editor = await Editor.StartAsync();
        editor.Notify("workspace/didChangeConfiguration", $$$"""{"settings":{"pi":{{{settings}}}}}""");
        var shown = await editor.ReceiveAsync("window/showMessage");
        Assert.Equal((1, refusal), ((int)shown["params"]!["type"]!, (string?)shown["params"]!["message"]));
        Assert.Equal("ask", await ModeAsync(editor));
    }

    [Fact]
    public async Task Other_sections_and_keys_are_left_alone()
    {
        await using var editor = await Editor.StartAsync();
        editor.Notify("workspace/didChangeConfiguration", """{"settings":{"other":{"permissionMode":3},"pi":{"future":1,"permissionMode":"full"}}}""");
        Assert.Equal("full", await ModeAsync(editor));
    }

    [Fact]
    public async Task Nothing_is_started_before_the_settings_are_pulled()
    {
        await using var editor = await Editor.StartAsync(Pulling);
        var pull = await editor.ReceiveAsync("workspace/configuration");
        Assert.Equal("pi", (string?)pull["params"]!["items"]![0]!["section"]);
        var asked = editor.Command("pi.ask", """{"prompt":"x"}""");
        await editor.CommandAsync("pi.status");
        Assert.Equal(0, editor.Agents.Count);
        editor.Reply(pull, """[{"command":"mine"}]""");
        var agent = await editor.Agents.NextAsync();
        Assert.Equal("mine", agent.Options.Command);
        await agent.PromptedAsync();
        agent.Say(new Agents.RunStarted(), new Agents.RunSettled());
        await editor.ResultAsync(asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_does_not_answer_the_pull_is_not_waited_for_for_ever(bool error)
    {
        await using var editor = await Editor.StartAsync(Pulling);
        var pull = await editor.ReceiveAsync("workspace/configuration");
        var created = editor.Command("pi.newSession");
        if (error)
        {
            editor.ReplyError(pull, "no");
        }
        else
        {
            await editor.Time.RunningAsync(TimeSpan.FromSeconds(3)).WaitAsync(Editor.Hang);
            editor.Time.Advance(TimeSpan.FromSeconds(3));
        }

        await editor.ResultAsync(created);
        Assert.Equal("pi", (await editor.Agents.NextAsync()).Options.Command);
    }

    [Fact]
    public async Task An_answer_that_takes_longer_than_it_is_waited_for_counts_when_it_comes()
    {
        await using var editor = await Editor.StartAsync(Pulling);
        var pull = await editor.ReceiveAsync("workspace/configuration");
        var created = editor.Command("pi.newSession");
        await editor.Time.RunningAsync(TimeSpan.FromSeconds(3)).WaitAsync(Editor.Hang);
        editor.Time.Advance(TimeSpan.FromSeconds(3));
        await editor.ResultAsync(created);
        editor.Reply(pull, """[{"permissionMode":"readOnly"}]""");
        await WaitForModeAsync(editor, "readOnly");
    }

    [Fact]
    public async Task An_answer_to_an_earlier_pull_does_not_take_back_that_to_a_later_one()
    {
        await using var editor = await Editor.StartAsync(Pulling);
        var first = await editor.ReceiveAsync("workspace/configuration");
        editor.Notify("workspace/didChangeConfiguration", """{"settings":null}""");
        editor.Reply(await editor.ReceiveAsync("workspace/configuration"), """[{"permissionMode":"readOnly"}]""");
        await WaitForModeAsync(editor, "readOnly");
        editor.Reply(first, """[{"permissionMode":"full","approval":"commands","model":3}]""");
        editor.Notify("workspace/didChangeConfiguration", """{"settings":null}""");
        editor.Reply(await editor.ReceiveAsync("workspace/configuration"), """[{"model":4}]""");
        var shown = await editor.ReceiveAsync("window/showMessage");
        Assert.Equal("pi.model must be a string, not 4; the old value stays", (string?)shown["params"]!["message"]);
        Assert.Equal("readOnly", await ModeAsync(editor));
    }

    [Fact]
    public async Task Told_of_a_change_without_the_values_the_server_pulls_again()
    {
        await using var editor = await Editor.StartAsync(Pulling);
        editor.Reply(await editor.ReceiveAsync("workspace/configuration"), "[null]");
        editor.Notify("workspace/didChangeConfiguration", """{"settings":null}""");
        editor.Reply(await editor.ReceiveAsync("workspace/configuration"), """[{"permissionMode":"readOnly"}]""");
        await WaitForModeAsync(editor, "readOnly");
    }

    [Fact]
    public async Task A_mode_set_for_the_session_gives_way_when_the_setting_changes()
    {
        await using var editor = await Editor.StartAsync();
        await editor.CommandAsync("pi.setPermissionMode", """{"mode":"acceptEdits"}""");
        await WaitForModeAsync(editor, "acceptEdits");
        editor.Notify("workspace/didChangeConfiguration", """{"settings":{"pi":{"model":"m"}}}""");
        editor.Notify("workspace/didChangeConfiguration", """{"settings":{"pi":{"permissionMode":"readOnly"}}}""");
        await WaitForModeAsync(editor, "readOnly");
    }

    private static async Task<string?> ModeAsync(Editor editor) => (string?)(await editor.CommandAsync("pi.status"))!["permissionMode"];

    /// <summary>The session hears of it in its own loop; each question to the server gives it a turn.</summary>
    private static async Task WaitForModeAsync(Editor editor, string mode)
    {
        for (var i = 0; i < 10_000 && await ModeAsync(editor) != mode; i++)
            await Task.Yield();
        Assert.Equal(mode, await ModeAsync(editor));
    }
}
