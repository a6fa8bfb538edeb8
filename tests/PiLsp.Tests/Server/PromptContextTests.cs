using System.Text.Json.Nodes;
using PiLsp.Rpc;
using PiLsp.Tests.Harness;
using PiLsp.Tests.Workspace;
using Xunit;

namespace PiLsp.Tests.Server;

/// <summary>What goes with a prompt, as the agent gets it; the disk is a folder of the test's.</summary>
public sealed class PromptContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_mentioned_goes_along_as_the_user_sees_it()
    {
        await using var editor = await StartAsync();
        await File.WriteAllTextAsync(_folder.At("saved.txt"), "on the disk\n");
        await File.WriteAllTextAsync(_folder.At("open.txt"), "old\n");
        editor.Open(Uri("open.txt"), "unsaved\n");
        var text = await AskedAsync(editor, """{"prompt":"compare @saved.txt with @open.txt"}""");
        Assert.StartsWith("compare @saved.txt with @open.txt", text, StringComparison.Ordinal);
        Assert.Contains("on the disk", text, StringComparison.Ordinal);
        Assert.Contains("unsaved", text, StringComparison.Ordinal);
        Assert.DoesNotContain("old", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_with_an_at_that_is_no_file_is_only_a_word()
    {
        await using var editor = await StartAsync();
        Assert.Equal("ask @somebody about it", await AskedAsync(editor, """{"prompt":"ask @somebody about it"}"""));
    }

    [Fact]
    public async Task What_lies_outside_is_left_out_and_said()
    {
        await using var editor = await StartAsync("""{"experimental":{"pi":{"events":true}}}""");
        using var other = new TemporaryFolder();
        await File.WriteAllTextAsync(other.At("secret.txt"), "nobody's business");
        var path = other.At("secret.txt").Replace('\\', '/');
        var text = await AskedAsync(editor, new JsonObject { ["prompt"] = $"look at @{path}" }.ToJsonString());
        Assert.DoesNotContain("nobody's business", text, StringComparison.Ordinal);
        var resolved = await editor.CommandAsync("pi.resolveContext", new JsonObject { ["prompt"] = $"look at @{path}" }.ToJsonString());
        Assert.Contains("outside the workspace", (string?)Assert.Single(resolved!["items"]!.AsArray())!["problem"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachments_come_in_their_order_behind_the_prompt()
    {
        await using var editor = await StartAsync();
        editor.Open(Uri("a.txt"), "one\ntwo\nthree\n");
        var attachments = $$$"""
            [{"kind":"text","title":"The log","text":"it failed"},
             {"kind":"selection","uri":"{{{Uri("a.txt")}}}","range":{"start":{"line":1,"character":0},"end":{"line":1,"character":3} } },
             {"kind":"openFiles"}]
            """;
        var text = await AskedAsync(editor, $$"""{"prompt":"why?","attachments":{{attachments}}}""");
        var places = new[] { "why?", "The log", "it failed", "at line 2", "two", "The user has these files open" }
            .Select(part => text.IndexOf(part, StringComparison.Ordinal)).ToList();
        Assert.All(places, at => Assert.True(at >= 0, text));
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain("three", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"kind":"smell"}]""", "there is no attachment of the kind \"smell\"; there are file, selection, diagnostics, openFiles, image, text")]
    [InlineData("""[{"kind":"text","title":"x"}]""", "\"text\" must be a string")]
    [InlineData("""["a.txt"]""", "\"attachments\" must be a list of objects")]
    public async Task An_attachment_that_is_not_understood_is_refused_before_anything_starts(string attachments, string problem)
    {
        await using var editor = await StartAsync();
        var (code, message) = await editor.CommandErrorAsync("pi.ask", $$"""{"prompt":"x","attachments":{{attachments}}}""");
        Assert.Equal((RpcErrorCodes.InvalidParams, $"pi.ask: {problem}"), (code, message));
        Assert.Equal(0, editor.Agents.Count);
    }

    private string Uri(string name) => new Uri(_folder.At(name)).AbsoluteUri;

    private Task<Editor> StartAsync(string capabilities = "{}") => Editor.StartAsync(capabilities, root: new Uri(_folder.At(".")).AbsoluteUri);

    private static async Task<string> AskedAsync(Editor editor, string argument)
    {
        var asked = JsonNode.Parse(argument)!.AsObject();
        asked["wait"] = false;
        var ask = editor.Command("pi.ask", asked.ToJsonString());
        var (text, _) = await (await editor.Agents.NextAsync()).PromptedAsync();
        await editor.ResultAsync(ask);
        return text;
    }
}
