using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.SecondAgent;

/// <summary>Everything above Pi speaks of agents: another one gets its edits approved, its models picked, its status told.</summary>
public class SecondAgentTests
{
    private const string Client = """{"workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true}},"experimental":{"pi":{"proposals":true}}}""";
    private const string File = "file:///work/a.txt";

    [Fact]
    public async Task It_is_asked_its_edit_is_approved_and_it_hears_what_landed()
    {
        await using var editor = await StartAsync();
        Assert.Equal("LETTERS\n", await RewriteAsync(editor));
        var asked = await editor.ResultAsync(_ask);
        Assert.StartsWith("Told: ", (string?)asked!["text"], StringComparison.Ordinal);
        Assert.Equal(("stop", "applied", 3), ((string?)asked["stopReason"], (string?)asked["edits"]![0]!["status"], (int)asked["usage"]!["totalTokens"]!));
        await editor.EndReviewAsync();
    }

    [Fact]
    public async Task Its_models_are_listed_picked_and_used_and_its_levels_set()
    {
        await using var editor = await StartAsync();
        var groups = (await editor.CommandAsync("pi.listModels"))!["groups"]!.AsArray();
        Assert.Equal(["capitals", "reversal"], Assert.Single(groups)!["models"]!.AsArray().Select(m => (string?)m!["id"]));
        Assert.Equal("reversal", (string?)(await editor.CommandAsync("pi.pickModel", """{"model":"reversal"}"""))!["model"]);
        Assert.Equal("deep", (string?)(await editor.CommandAsync("pi.setThinking", """{"level":"deep"}"""))!["thinking"]);
        Assert.Contains(
            "no model", (await editor.CommandErrorAsync("pi.pickModel", """{"provider":"letters","model":"made-up"}""")).Message, StringComparison.Ordinal);
        Assert.Equal("\nsrettel", await RewriteAsync(editor));
        await editor.ResultAsync(_ask);
        await editor.EndReviewAsync();
        var status = await editor.CommandAsync("pi.status");
        Assert.Equal(
            ("letters/reversal", "deep", "ready"), ((string?)status!["model"], (string?)status["thinking"], (string?)status["availability"]!["state"]));
    }

    [Fact]
    public async Task The_policy_holds_for_it_too()
    {
        await using var editor = await StartAsync("""{"modelPolicy":{"deny":["letters/capitals"]}}""");
        Assert.Contains("denies it", (await editor.CommandErrorAsync("pi.ask", """{"prompt":"rewrite /work/a.txt"}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_does_not_offer_is_refused_clearly()
    {
        await using var editor = await StartAsync();
        Assert.Contains("not set up here", (await editor.CommandErrorAsync("pi.listProviders")).Message, StringComparison.Ordinal);
    }

    private int _ask;

    private static async Task<Editor> StartAsync(string settings = "{}")
    {
        var editor = await Editor.StartAsync(Client, settings, new UpperCaseAgents());
        editor.Open(File, "letters\n");
        return editor;
    }

    private async Task<string> RewriteAsync(Editor editor)
    {
        _ask = editor.Command("pi.ask", """{"prompt":"rewrite /work/a.txt"}""");
        while ((string?)(await editor.ReceiveAsync("pi/edits"))["params"]!["edits"]![0]!["status"] != "open")
            continue;
        var applied = editor.Command("pi.applyEdit");
        await editor.ApplyAsync();
        Assert.True((bool)(await editor.ResultAsync(applied))!["applied"]!);
        return editor.Buffers[File];
    }
}
