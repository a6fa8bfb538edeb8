using System.Text.Json;
using System.Text.Json.Nodes;
using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

public class CommandTests
{
    private const string Editing = """{"workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true}},"experimental":{"pi":{"proposals":true}}}""";
    private const string Saving = """{"workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true}},"experimental":{"pi":{"save":true}}}""";
    private const string Uri = "file:///work/a.txt";

    [Theory]
    [InlineData("pi.ask", "{}", "pi.ask: \"prompt\" is missing")]
    [InlineData("pi.ask", "{\"prompt\":7}", "pi.ask: \"prompt\" must be a string")]
    [InlineData("pi.ask", "[1]", "pi.ask: the argument must be one object")]
    [InlineData("pi.ask", "{\"prompt\":\"x\",\"deliver\":\"later\"}", "pi.ask: \"deliver\" must be one of start, steer, followUp")]
    [InlineData("pi.ask", "{\"prompt\":\"x\",\"wait\":1}", "pi.ask: \"wait\" must be true or false")]
    [InlineData("pi.ask", "{\"prompt\":\"x\",\"textDocument\":{}}", "pi.ask: \"textDocument.uri\" must be a string")]
    [InlineData("pi.ask", "{\"prompt\":\"x\",\"textDocument\":{\"uri\":\"file:///work/a.txt\"},\"range\":{\"start\":{\"line\":-1,\"character\":0}}}",
        "pi.ask: \"start\" must be an LSP position")]
    [InlineData("pi.ask", "{\"prompt\":\"x\",\"sessionId\":\"s9\"}", "pi.ask: there is no session \"s9\"")]
    [InlineData("pi.applyEdit", "{\"hunkIds\":\"h1\"}", "pi.applyEdit: \"hunkIds\" must be a list of strings")]
    [InlineData("pi.applyEdit", "{\"hunkIds\":[],\"newText\":\"\"}", "pi.applyEdit: \"hunkIds\" and \"newText\" exclude each other")]
    [InlineData("pi.applyEdit", "{\"version\":1.5}", "pi.applyEdit: \"version\" must be a whole number")]
    [InlineData("pi.rejectEdit", "{\"reason\":{}}", "pi.rejectEdit: \"reason\" must be a string")]
    [InlineData("pi.setPermissionMode", "{\"mode\":\"yolo\"}", "pi.setPermissionMode: \"mode\" must be one of readOnly, ask, acceptEdits, full")]
    [InlineData("pi.setThinking", """{"level":7}""", "pi.setThinking: \"level\" must be a string")]
    [InlineData("pi.resumeSession", "{}", "pi.resumeSession: \"path\" is missing")]
    [InlineData("pi.ask", """{"prompt":null}""", "pi.ask: \"prompt\" is missing")]
    [InlineData("pi.ask", """{"prompt":"x","attachments":{}}""", "pi.ask: \"attachments\" must be a list of objects")]
    [InlineData("pi.ask", """{"prompt":"x","attachments":[{}]}""", "pi.ask: \"kind\" must be a string")]
    [InlineData(
        "pi.ask", """{"prompt":"x","attachments":[{"kind":"moon"}]}""",
        "pi.ask: there is no attachment of the kind \"moon\"; there are file, selection, diagnostics, openFiles, image, text")]
    [InlineData("pi.ask", """{"prompt":"x","attachments":[{"title":7,"kind":"text"}]}""", "pi.ask: \"title\" must be a string")]
    [InlineData("pi.askAbout", "{}", "pi.askAbout: \"textDocument\" is missing")]
    [InlineData("pi.askAbout", """{"textDocument":{"uri":"file:///a"},"range":[]}""", "pi.askAbout: \"range\" must be an LSP range")]
    [InlineData("pi.rejectEdit", """{"remarks":[{"text":"x"}]}""", "pi.rejectEdit: \"range\" must be an LSP range")]
    [InlineData("pi.abort", """{"what":1}""", "pi.abort: \"what\" must be one of run, retry, bash")]
    public async Task A_wrong_argument_is_refused_by_its_name(string command, string argument, string message)
    {
        await using var editor = await Editor.StartAsync();
        Assert.Equal((RpcErrorCodes.InvalidParams, message), await editor.CommandErrorAsync(command, argument));
        Assert.Equal(0, editor.Agents.Count);
    }

    [Fact]
    public async Task An_unknown_command_is_answered_with_those_there_are()
    {
        await using var editor = await Editor.StartAsync();
        var (code, message) = await editor.CommandErrorAsync("pi.fly");
        Assert.Equal(RpcErrorCodes.InvalidParams, code);
        Assert.Contains("pi.ask", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pi.applyEdit", "{}", "There is no open edit.")]
    [InlineData("pi.rejectEdit", "{\"editId\":\"e7\"}", "There is no edit \"e7\".")]
    [InlineData("pi.applyEdit", "{\"all\":true}", "There is no open edit.")]
    [InlineData("pi.resumeSession", "{\"path\":\"/none/such\"}", "There is no session file \"/none/such\"; look in the list of sessions.")]
    public async Task What_is_not_there_is_an_error_to_act_on(string command, string argument, string message)
    {
        await using var editor = await Editor.StartAsync();
        Assert.Equal((RpcErrorCodes.RequestFailed, message), await editor.CommandErrorAsync(command, argument));
    }

    [Fact]
    public async Task A_failed_start_is_told_and_leaves_nothing_behind_and_the_next_ask_tries_again()
    {
        await using var editor = await Editor.StartAsync();
        editor.Agents.Prepare = agent => agent.OnStart = _ => throw new AgentException("there is no pi on the PATH");
        Assert.Equal((RpcErrorCodes.RequestFailed, "there is no pi on the PATH"), await editor.CommandErrorAsync("pi.ask", """{"prompt":"x"}"""));
        await (await editor.Agents.NextAsync()).Disposed;
        Assert.Equal("failed", (string?)(await editor.CommandAsync("pi.status"))!["state"]);
        editor.Agents.Prepare = _ => { };
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        (await editor.Agents.NextAsync()).Say(new RunStarted(), new RunSettled());
        Assert.Equal("stop", (string?)(await editor.ResultAsync(ask))!["stopReason"]);
    }

    [Fact]
    public async Task An_ask_takes_the_selection_of_the_live_buffer_along()
    {
        await using var editor = await Editor.StartAsync();
        editor.Open(Uri, "one\ntwo\n");
        editor.Type(Uri, "one\nzwei\n");
        await editor.CommandAsync(
            "pi.ask", """{"prompt":"why?","wait":false,"textDocument":{"uri":"file:///work/a.txt"},"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":4}}}""");
        var (text, _) = await (await editor.Agents.NextAsync()).PromptedAsync();
        Assert.StartsWith("why?", text, StringComparison.Ordinal);
        Assert.Contains("a.txt", text, StringComparison.Ordinal);
        Assert.Contains("zwei", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_an_ask_aborts_its_run_and_still_answers()
    {
        await using var editor = await Editor.StartAsync();
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var agent = await editor.Agents.NextAsync();
        await agent.PromptedAsync();
        agent.Say(new RunStarted());
        editor.Cancel(ask);
        await agent.Aborted;
        Assert.Equal("aborted", (string?)(await editor.ResultAsync(ask))!["stopReason"]);
    }

    [Fact]
    public async Task An_agent_that_hangs_on_abort_is_ended()
    {
        await using var editor = await Editor.StartAsync();
        editor.Agents.Prepare = a => a.SettlesOnAbort = false;
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var agent = await editor.Agents.NextAsync();
        await agent.PromptedAsync();
        agent.Say(new RunStarted());
        await editor.CommandAsync("pi.abort");
        await agent.Aborted;
        await editor.Time.RunningAsync(TimeSpan.FromSeconds(5)).WaitAsync(Editor.Hang);
        editor.Time.Advance(TimeSpan.FromSeconds(5));
        await agent.Disposed;
        Assert.Equal("aborted", (string?)(await editor.ResultAsync(ask))!["stopReason"]);
    }

    [Fact]
    public async Task A_crash_fails_the_ask_with_its_reason_and_the_next_one_gets_a_new_agent()
    {
        await using var editor = await Editor.StartAsync();
        var ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        var agent = await editor.Agents.NextAsync();
        await agent.PromptedAsync();
        agent.Say(new RunStarted());
        agent.Crash("pi ended with exit code 3");
        Assert.Equal((RpcErrorCodes.RequestFailed, "pi ended with exit code 3"), await editor.ErrorAsync(ask));
        ask = editor.Command("pi.ask", """{"prompt":"x"}""");
        (await editor.Agents.NextAsync()).Say(new RunStarted(), new RunSettled());
        await editor.ResultAsync(ask);
    }

    [Fact]
    public async Task An_edit_goes_from_the_tool_by_the_user_into_the_buffer_and_back()
    {
        await using var editor = await Editor.StartAsync(Editing);
        editor.Open(Uri, "one\ntwo\n");
        await editor.CommandAsync("pi.ask", """{"prompt":"x","wait":false}""");
        var agent = await editor.Agents.NextAsync();
        agent.Say(new RunStarted(), new FileReadRequested("q1", "t1", "edit", "/work/a.txt"));
        Assert.Equal("one\ntwo\n", (await agent.AnsweredAsync<FileTextAnswer>("q1")).Text);
        agent.Say(new FileWriteRequested("q2", "t1", "edit", "/work/a.txt", "one\n2\n"));
        var shown = (await editor.ReceiveAsync("pi/edits"))["params"]!["edits"]![0]!;
        Assert.Equal(("open", "one\n2\n"), ((string?)shown["status"], (string?)shown["newText"]));
        await editor.ReceiveAsync("textDocument/publishDiagnostics");
        Assert.Equal("one\ntwo\n", editor.Buffers[Uri]);

        var applied = editor.Command("pi.applyEdit", new JsonObject { ["editId"] = (string?)shown["id"] }.ToJsonString());
        await editor.ApplyAsync();
        Assert.True((bool)(await editor.ResultAsync(applied))!["applied"]!);
        Assert.Equal("one\n2\n", editor.Buffers[Uri]);
        Assert.Equal("Applied to a.txt.", (await agent.AnsweredAsync<WriteOutcomeAnswer>("q2")).Text);
        Assert.Equal("applied", (string?)(await editor.CommandAsync("pi.listEdits"))!["edits"]![0]!["status"]);
        await editor.EndReviewAsync();
    }

    [Fact]
    public async Task A_tool_does_not_wait_for_ever_for_a_client_that_does_not_save()
    {
        await using var editor = await Editor.StartAsync(Saving, """{"permissionMode":"full","protectedPaths":[]}""");
        editor.Open(Uri, "one\ntwo\n");
        await editor.CommandAsync("pi.ask", """{"prompt":"x","wait":false}""");
        var agent = await editor.Agents.NextAsync();
        agent.Say(new RunStarted(), new FileWriteRequested("q1", "t1", "write", "/work/a.txt", "one\n2\n"));
        await editor.ApplyAsync();
        await agent.AnsweredAsync<WriteOutcomeAnswer>("q1");
        agent.Say(new ConsentRequested("q2", "t2", "bash", "builtin", JsonDocument.Parse("""{"command":"ls"}""").RootElement));
        var save = await editor.ReceiveAsync("pi/save");
        Assert.Equal(Uri, (string?)save["params"]!["uris"]![0]);
        editor.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.True((await agent.AnsweredAsync<ConsentAnswer>("q2")).Allowed);
        await editor.ReceiveAsync("$/cancelRequest");
        await editor.EndReviewAsync();
    }

    [Fact]
    public async Task A_file_written_elsewhere_in_the_client_is_read_from_the_buffer_not_the_disk()
    {
        await using var editor = await Editor.StartAsync(Editing);
        await editor.CommandAsync("pi.newSession");
        var agent = await editor.Agents.NextAsync();
        editor.Open(Uri, "unsaved");
        await editor.CommandAsync("pi.status");
        agent.Say(new FileReadRequested("q1", "t1", "read", "/work/a.txt"));
        Assert.Equal("unsaved", (await agent.AnsweredAsync<FileTextAnswer>("q1")).Text);
        agent.Say(new FileReadRequested("q2", "t2", "read", "/work/none/such.txt"));
        Assert.Equal("ENOENT", (await agent.AnsweredAsync<FileErrorAnswer>("q2")).Code);
    }
}
