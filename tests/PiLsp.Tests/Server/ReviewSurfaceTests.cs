using System.Text.Json.Nodes;
using PiLsp.Agents;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Server;

/// <summary>What an editor that knows nothing of us shows of a proposal: diagnostics, code actions, lenses.</summary>
public class ReviewSurfaceTests
{
    private const string Editing =
        """{"workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true},"codeLens":{"refreshSupport":true}},"textDocument":{"publishDiagnostics":{"dataSupport":true}}}""";
    private const string Uri = "file:///work/a.txt";

    [Fact]
    public async Task Each_waiting_hunk_is_a_diagnostic_at_its_place_in_the_buffer()
    {
        await using var editor = await ProposedAsync();
        var marks = await MarksAsync(editor);
        Assert.Equal([(1, "Pi wants to change:\n- two\n+ 2"), (3, "Pi wants to delete:\n- four")],
            marks.Select(m => ((int)m!["range"]!["start"]!["line"]!, (string)m["message"]!)));
        // The user types above them: they move along.
        editor.Type(Uri, "zero\none\ntwo\nthree\nfour\n");
        Assert.Equal([2, 4], (await MarksAsync(editor)).Select(m => (int)m!["range"]!["start"]!["line"]!));
        // And into one: it can only be rejected.
        editor.Type(Uri, "zero\none\ntwo and a half\nthree\nfour\n");
        var clash = (await MarksAsync(editor)).First(m => (int)m!["range"]!["start"]!["line"]! == 2);
        Assert.Equal(("clash", "Pi wants to change these lines, but you have changed them meanwhile."), ((string?)clash!["code"], (string?)clash["message"]));
        await EndAsync(editor);
    }

    [Fact]
    public async Task A_code_action_decides_its_hunk_and_the_marks_go_with_the_last()
    {
        await using var editor = await ProposedAsync();
        await MarksAsync(editor);
        var actions =
            (await editor.ResultAsync(
                "textDocument/codeAction",
                $$$"""{"textDocument":{"uri":"{{{Uri}}}"},"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":0}},"context":{"diagnostics":[]}}"""))!.AsArray();
        var command = actions.Select(a => a!["command"]).First(c => (string?)c?["command"] == "pi.rejectEdit")!;
        await editor.CommandAsync("pi.rejectEdit", command["arguments"]![0]!.ToJsonString());
        Assert.Equal(3, (int)Assert.Single(await MarksAsync(editor))!["range"]!["start"]!["line"]!);
        var rejected = editor.Command("pi.rejectEdit", "{}");
        await editor.ResultAsync(rejected);
        Assert.Empty(await MarksAsync(editor));
        await EndAsync(editor);
    }

    [Fact]
    public async Task A_client_with_marks_of_its_own_gets_none()
    {
        await using var editor = await ProposedAsync(
            """{"workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true}},"experimental":{"pi":{"proposals":true,"reviewMarks":false}}}""");
        await editor.ReceiveAsync("pi/edits");
        Assert.Null(await editor.ResultAsync("textDocument/codeLens", $$$"""{"textDocument":{"uri":"{{{Uri}}}"}}""") is { } lenses && lenses.AsArray().Count > 0
            ? "lenses" : null);
        await editor.EndReviewAsync();
    }

    private static async Task<JsonArray> MarksAsync(Editor editor)
    {
        var marks = (await editor.ReceiveAsync("textDocument/publishDiagnostics"))["params"]!["diagnostics"]!.AsArray();
        editor.Reply(await editor.ReceiveAsync("workspace/codeLens/refresh"), "null");
        return marks;
    }

    private static async Task<Editor> ProposedAsync(string capabilities = Editing)
    {
        var editor = await Editor.StartAsync(capabilities, """{"approval":"commands"}""");
        editor.Open(Uri, "one\ntwo\nthree\nfour\n");
        await editor.CommandAsync("pi.ask", """{"prompt":"x","wait":false}""");
        var agent = await editor.Agents.NextAsync();
        agent.Say(new RunStarted(), new FileReadRequested("q1", "t1", "edit", "/work/a.txt"));
        await agent.AnsweredAsync<FileTextAnswer>("q1");
        agent.Say(new FileWriteRequested("q2", "t1", "edit", "/work/a.txt", "one\n2\nthree\n"));
        return editor;
    }

    private static async Task EndAsync(Editor editor)
    {
        await editor.CommandAsync("pi.status");
        await editor.EndReviewAsync();
    }
}
