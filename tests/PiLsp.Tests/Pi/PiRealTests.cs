using System.Text.Json.Nodes;
using PiLsp.Agents;
using Xunit;
using static PiLsp.Tests.Pi.ScriptedModel;

namespace PiLsp.Tests.Pi;

/// <summary>The real Pi, driven by the scripted model: what no fake can vouch for.</summary>
public sealed class PiRealTests
{
    [Fact]
    public async Task A_text_run_streams_completes_and_settles_once()
    {
        await using var bed = await BedAsync(Text("Hello from the script."));
        var state = await bed.Agent.StartAsync();
        var outputs = await bed.Agent.RunAsync("hi");

        Assert.Equal("local/scripted-1", state.Model?.FullId);
        Assert.Equal("Hello from the script.", string.Concat(outputs.OfType<TextDelta>().Select(delta => delta.Text)));
        var message = Assert.Single(outputs.OfType<MessageCompleted>());
        Assert.Equal(("Hello from the script.", "stop", 15L), (message.Text, message.StopReason, message.Usage.TotalTokens));
        Assert.Single(outputs.OfType<RunStarted>());
        Assert.Single(outputs.OfType<RunSettled>());
    }

    /// <summary>Deleted under it, Pi has to be asked; what it says then is what was read.</summary>
    [Fact]
    public async Task A_stored_conversation_is_read_from_its_file_as_Pi_tells_it()
    {
        var folder = TestAgent.NewFolder();
        await using var model = await StartAsync(folder);
        var file = Path.Combine(folder, "stored.jsonl");
        var header = new JsonObject
        {
            ["type"] = "session",
            ["version"] = 3,
            ["id"] = "0196d3c8-0000-7000-8000-000000000001",
            ["timestamp"] = "2026-11-30T00:00:00.000Z",
            ["cwd"] = folder
        };
        await File.WriteAllLinesAsync(file, [header.ToJsonString(), .. PiStoredHistoryTests.Story]);
        await using var agent = TestAgent.Real(folder, model, options => options with { SessionFile = file });
        await agent.StartAsync();
        using var read = Assert.IsType<PiLsp.Pi.PiStoredHistory>(await agent.Agent.ReadHistoryAsync(CancellationToken.None));
        File.Delete(file);
        using var told = Assert.IsType<ToldHistory>(await agent.Agent.ReadHistoryAsync(CancellationToken.None));
        Assert.Equal(
            told.From(default).SelectMany(p => p.Events).Select(e => e.ToString()), read.From(default).SelectMany(p => p.Events).Select(e => e.ToString()));
    }

    [Fact]
    public async Task The_gate_reports_where_every_tool_comes_from()
    {
        await using var bed = await BedAsync();
        await bed.Agent.StartAsync();
        var tools = bed.Agent.Agent.Gate!.Tools.ToDictionary(tool => tool.Name, tool => tool.Source);
        Assert.Equal((Installed.Gate, Installed.Gate, Installed.Gate), (tools["read"], tools["edit"], tools["write"]));
        // With brackets before Pi 1.x.
        Assert.Equal("builtin:bash", tools["bash"].Trim('<', '>'));
    }

    [Fact]
    public async Task An_edit_is_computed_on_the_answered_text_and_leaves_the_disk_alone()
    {
        await using var bed = await BedAsync(Call(("edit", Edit("notes.txt", "second", "2nd"))), Text("{{lastToolResult}}"));
        var file = Path.Combine(bed.Agent.Folder, "notes.txt");
        await File.WriteAllTextAsync(file, "on disk");
        await bed.Agent.StartAsync();
        Assert.True(await bed.Agent.PromptAsync("go"));

        var read = await bed.Agent.NextAsync<FileReadRequested>();
        Assert.Equal(("edit", file), (read.Tool, read.Path));
        bed.Agent.Agent.Answer(read.RequestId, new FileTextAnswer("\uFEFFfirst\r\nsecond 𝒳\r\nno last newline"));
        var write = await bed.Agent.NextAsync<FileWriteRequested>();
        Assert.Equal((read.ToolCallId, file, "\uFEFFfirst\r\n2nd 𝒳\r\nno last newline"), (write.ToolCallId, write.Path, write.NewText));
        bed.Agent.Agent.Answer(write.RequestId, new WriteOutcomeAnswer("Applied as the user changed it.", IsError: false));

        await bed.Agent.NextAsync<RunSettled>();
        Assert.Equal("Applied as the user changed it.", bed.Agent.Seen.OfType<MessageCompleted>().Last().Text);
        Assert.False(Assert.Single(bed.Agent.Seen.OfType<ToolEnded>()).IsError);
        Assert.Equal("on disk", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task The_reason_of_a_rejection_reaches_the_model()
    {
        await using var bed = await BedAsync(Call(("write", new JsonObject { ["path"] = "deep/new.txt", ["content"] = "x" })), Text("{{lastToolResult}}"));
        await bed.Agent.StartAsync();
        Assert.True(await bed.Agent.PromptAsync("go"));
        var write = await bed.Agent.NextAsync<FileWriteRequested>();
        bed.Agent.Agent.Answer(write.RequestId, new WriteOutcomeAnswer("The user rejected this: use tabs.", IsError: true));
        await bed.Agent.NextAsync<RunSettled>();

        Assert.Equal("The user rejected this: use tabs.", bed.Agent.Seen.OfType<MessageCompleted>().Last().Text);
        Assert.True(Assert.Single(bed.Agent.Seen.OfType<ToolEnded>()).IsError);
        Assert.False(Directory.Exists(Path.Combine(bed.Agent.Folder, "deep")));
    }

    [Fact]
    public async Task A_missing_file_is_named_to_the_model_with_its_error_code()
    {
        await using var bed = await BedAsync(Call(("edit", Edit("gone.txt", "a", "b"))), Text("{{lastToolResult}}"));
        await bed.Agent.StartAsync();
        Assert.True(await bed.Agent.PromptAsync("go"));
        var read = await bed.Agent.NextAsync<FileReadRequested>();
        bed.Agent.Agent.Answer(read.RequestId, new FileErrorAnswer("ENOENT", "no such file"));
        await bed.Agent.NextAsync<RunSettled>();
        Assert.Contains("ENOENT", bed.Agent.Seen.OfType<MessageCompleted>().Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_read_as_an_image_and_a_look_alike_buffer_as_text()
    {
        var image = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");
        await using var bed = await BedAsync(
            Call(("read", new JsonObject { ["path"] = "dot.png" })), Call(("read", new JsonObject { ["path"] = "note.txt" })), Text("done"));
        await bed.Agent.StartAsync();
        Assert.True(await bed.Agent.PromptAsync("go"));
        bed.Agent.Agent.Answer((await bed.Agent.NextAsync<FileReadRequested>()).RequestId, new FileBytesAnswer(image));
        Assert.StartsWith("Read image file [image/png]", (await bed.Agent.NextAsync<ToolEnded>()).Text, StringComparison.Ordinal);
        bed.Agent.Agent.Answer((await bed.Agent.NextAsync<FileReadRequested>()).RequestId, new FileTextAnswer("GIF89a is how it begins"));
        Assert.Equal("GIF89a is how it begins", (await bed.Agent.NextAsync<ToolEnded>()).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bash_runs_only_with_consent(bool allowed)
    {
        await using var bed = await BedAsync(Call(("bash", new JsonObject { ["command"] = "echo ran > ran.txt" })), Text("{{lastToolResult}}"));
        await bed.Agent.StartAsync();
        Assert.True(await bed.Agent.PromptAsync("go"));
        var consent = await bed.Agent.NextAsync<ConsentRequested>();
        Assert.Equal(
            ("bash", "builtin:bash", "echo ran > ran.txt"), (consent.Tool, consent.Source.Trim('<', '>'), consent.Input.GetProperty("command").GetString()));
        bed.Agent.Agent.Answer(consent.RequestId, new ConsentAnswer(allowed, allowed ? null : "Not in this folder."));
        if (allowed) bed.Agent.Agent.Answer((await bed.Agent.NextAsync<ToolNoteRequested>()).RequestId, new ToolNoteAnswer("\n[ran.txt is new]"));
        await bed.Agent.NextAsync<RunSettled>();

        Assert.Equal(allowed, File.Exists(Path.Combine(bed.Agent.Folder, "ran.txt")));
        Assert.EndsWith(allowed ? "[ran.txt is new]" : "Not in this folder.", bed.Agent.Seen.OfType<MessageCompleted>().Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abort_lets_go_of_an_open_proposal_and_the_late_answer_hurts_nobody()
    {
        await using var bed = await BedAsync(Call(("write", new JsonObject { ["path"] = "a.txt", ["content"] = "x" })), Text("after"));
        await bed.Agent.StartAsync();
        Assert.True(await bed.Agent.PromptAsync("go"));
        var write = await bed.Agent.NextAsync<FileWriteRequested>();
        await bed.Agent.Agent.AbortAsync(CancellationToken.None);
        bed.Agent.Agent.Answer(write.RequestId, new WriteOutcomeAnswer("too late", IsError: false));
        await bed.Agent.NextAsync<RunSettled>();

        Assert.False((await bed.Agent.Agent.GetStateAsync(CancellationToken.None)).IsStreaming);
        await bed.Agent.RunAsync("again");
        Assert.Equal("after", bed.Agent.Seen.OfType<MessageCompleted>().Last().Text);
    }

    [Fact]
    public async Task A_session_goes_on_in_a_new_process_after_a_crash()
    {
        await using var bed = await BedAsync(Text("first answer"), Hang("second"), Text("third"));
        await bed.Agent.StartAsync();
        await bed.Agent.RunAsync("remember 42");
        var file = (await bed.Agent.Agent.GetStateAsync(CancellationToken.None)).SessionFile!;
        Assert.True(await bed.Agent.PromptAsync("hang"));
        await bed.Agent.NextAsync<TextDelta>();
        Processes.Kill(Processes.WithEnvironment("PI_CODING_AGENT_DIR=" + Path.Combine(bed.Agent.Folder, "agent")));
        var exited = await bed.Agent.NextAsync<AgentExited>();
        Assert.False(exited.Expected);
        Assert.Contains("signal 9", exited.Reason, StringComparison.Ordinal);

        await using var again =
            TestAgent.Real(TestAgent.NewFolder(), bed.Model, options => options with { SessionFile = file, WorkingDirectory = bed.Agent.Folder });
        var state = await again.StartAsync();
        Assert.Equal(file, state.SessionFile);
        using var history = await again.Agent.ReadHistoryAsync(CancellationToken.None);
        Assert.Contains(new UserMessage("remember 42", 0), history.From(default).SelectMany(part => part.Events));
        await again.RunAsync("go on");
    }

    [Fact]
    public async Task The_gate_holds_in_the_session_that_a_process_goes_over_to()
    {
        await using var bed = await BedAsync(Text("one"), Call(("write", new JsonObject { ["path"] = "a.txt", ["content"] = "x" })), Text("two"));
        var first = await bed.Agent.StartAsync();
        await bed.Agent.RunAsync("one");
        var second = await bed.Agent.Agent.CloneSessionAsync(CancellationToken.None);
        Assert.NotEqual(first.SessionId, second.SessionId);
        using var history = await bed.Agent.Agent.ReadHistoryAsync(CancellationToken.None);
        Assert.Contains(new UserMessage("one", 0), history.From(default).SelectMany(part => part.Events));
        Assert.True(await bed.Agent.PromptAsync("two"));
        var write = await bed.Agent.NextAsync<FileWriteRequested>();
        bed.Agent.Agent.Answer(write.RequestId, new WriteOutcomeAnswer("no", IsError: true));
        await bed.Agent.NextAsync<RunSettled>();
        Assert.False(File.Exists(Path.Combine(bed.Agent.Folder, "a.txt")));
    }

    [Fact]
    public async Task Without_credentials_the_real_Pi_starts_and_the_prompt_says_how_to_sign_in()
    {
        await using var bed = await BedAsync();
        File.Delete(Path.Combine(bed.Agent.Folder, "agent", "models.json"));
        Assert.Null((await bed.Agent.StartAsync()).Model);
        Assert.Empty(await bed.Agent.Agent.ListModelsAsync(CancellationToken.None));
        var error = await Assert.ThrowsAsync<AgentException>(() => bed.Agent.PromptAsync("hi"));
        Assert.StartsWith("No API key found", error.Message, StringComparison.Ordinal);
        // A terminal's command since Pi 1.5.1, before it one of Pi's own.
        Assert.Matches("pi auth login|/login", error.Message);
    }

    internal sealed record Bed(ScriptedModel Model, TestAgent Agent) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Agent.DisposeAsync();
            await Model.DisposeAsync();
        }
    }

    private static async Task<Bed> BedAsync(params JsonObject[] steps)
    {
        var folder = TestAgent.NewFolder();
        var model = await StartAsync(folder, steps);
        return new Bed(model, TestAgent.Real(folder, model));
    }
}
