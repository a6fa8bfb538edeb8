using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class PiSessionStoreTests : IDisposable
{
    private const string Header = """{"type":"session","version":3,"id":"x","timestamp":"2026-01-01T00:00:00Z","cwd":"/work","parentSession":"/p.jsonl"}""";
    private const string Asked =
        """{"type":"message","id":"a","parentId":null,"message":{"role":"user","content":[{"type":"text","text":" plan\nthe garden "}]}}""";
    private const string Answered =
        """{"type":"message","id":"b","parentId":"a","message":{"role":"assistant","provider":"p","model":"m","content":[],"usage":{"input":10,"output":5,"totalTokens":15,"cost":{"total":0.5}}}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("pilsp-store-").FullName;
    private readonly PiSessionStore _store = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_is_summed_up()
    {
        var session =
            await ReadAsync(
                Header, Asked, Answered,
                """{"type":"message","id":"c","parentId":"b","message":{"role":"toolResult","content":[],"usage":{"input":1,"totalTokens":1,"cost":{"total":0.25}}}}""",
            """{"type":"compaction","id":"d","parentId":"c","summary":"s","usage":{"input":2,"totalTokens":2,"cost":{"total":0.125}}}""",
            """{"type":"session_info","id":"e","parentId":"d","name":" Garden "}""");
        Assert.NotNull(session);
        Assert.Equal(("Garden", "plan\nthe garden", "p/m", 2, "/p.jsonl", "/work"),
            (session.Title, session.FirstWords, session.Model, session.Messages, session.Parent, session.WorkingDirectory));
        Assert.Equal((18, 0.875m), (session.Usage.TotalTokens, session.Usage.Cost));
    }

    [Fact]
    public async Task The_first_words_are_those_that_were_answered_first()
    {
        const string failed = """{"type":"message","id":"f","message":{"role":"assistant","content":[],"stopReason":"error","errorMessage":"no key"}}""";
        Assert.Equal("plan\nthe garden", (await ReadAsync(Header, Said("hello"), failed, Asked, failed, Answered))!.FirstWords);
        Assert.Equal("hello", (await ReadAsync(Header, Said("hello"), failed))!.FirstWords);
        Assert.Equal("hello", (await ReadAsync(Header, Said("hello"), failed, Answered, Asked, Answered))!.FirstWords);
    }

    [Fact]
    public async Task A_fork_is_known_by_its_own_first_words_and_by_those_that_it_took_over_until_there_are_any()
    {
        Assert.Equal("old", (await ReadAsync(Header, Said("old", "2025-12-31T00:00:00Z"), Answered))!.FirstWords);
        Assert.Equal(
            "new", (await ReadAsync(Header, Said("old", "2025-12-31T00:00:00Z"), Answered, Said("new", "2026-01-01T00:00:01Z"), Answered, Asked))!.FirstWords);
    }

    [Fact]
    public async Task Of_a_file_that_has_grown_the_new_part_is_added_also_where_a_line_was_half_written()
    {
        var path = Path.Combine(_folder, "s.jsonl");
        await File.WriteAllTextAsync(path, $"{Header}\n{Asked}\n{Answered[..40]}");
        Assert.Equal(1, (await _store.ReadAsync(path, default))!.Messages);
        await File.AppendAllTextAsync(path, $"{Answered[40..]}\n");
        var grown = await _store.ReadAsync(path, default);
        Assert.Equal((2, 15), (grown!.Messages, grown.Usage.TotalTokens));
        await File.WriteAllTextAsync(path, $"{Header}\n");
        Assert.Equal(0, (await _store.ReadAsync(path, default))!.Messages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no session\n")]
    [InlineData("{\"type\":\"message\"}\n")]
    [InlineData("[1]\n")]
    public async Task What_does_not_begin_like_a_session_is_none(string text)
    {
        var path = Path.Combine(_folder, "s.jsonl");
        await File.WriteAllTextAsync(path, text);
        Assert.Null(await _store.ReadAsync(path, default));
    }

    [Fact]
    public async Task A_broken_line_and_a_huge_one_hide_nothing()
    {
        var session =
            await ReadAsync(
                Header, "{broken", "\"text\"",
                $$$"""{"type":"message","id":"h","message":{"role":"toolResult","content":[{"type":"text","text":"{{{new string('x', 3_000_000)}}}"}]}}""",
                Asked, Answered);
        Assert.Equal(2, session!.Messages);
    }

    [Fact]
    public void The_folder_is_found_as_Pi_finds_it()
    {
        var options = new AgentOptions(_folder, "pi", null, [], new Dictionary<string, string> { ["PI_CODING_AGENT_DIR"] = Path.Combine(_folder, "agent") },
            null, null, null, null, null, null, false, TimeSpan.FromSeconds(1));
        var name = $"--{_folder.TrimStart('/').Replace('/', '-')}--";
        if (!OperatingSystem.IsWindows())
            Assert.EndsWith(Path.Combine("agent", "sessions", name), _store.Folder(options), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folder, "own"), _store.Folder(options with { SessionDir = "own" }));
        Assert.Equal(Path.Combine(_folder, "given"), _store.Folder(options with { SessionDir = "own", ExtraArgs = ["--session-dir", "given"] }));
        Directory.CreateDirectory(Path.Combine(_folder, "agent"));
        File.WriteAllText(Path.Combine(_folder, "agent", "settings.json"), """{"sessionDir":"set"}""");
        Assert.Equal(Path.Combine(_folder, "set"), _store.Folder(options));
    }

    private static string Said(string text, string at = "2026-01-01T00:00:00Z") =>
        $$$"""{"type":"message","id":"s","timestamp":"{{{at}}}","message":{"role":"user","content":[{"type":"text","text":"{{{text}}}"}]}}""";

    private async Task<StoredSession?> ReadAsync(params string[] lines)
    {
        var path = Path.Combine(_folder, "s.jsonl");
        await File.WriteAllTextAsync(path, string.Join('\n', lines) + "\n");
        return await _store.ReadAsync(path, default);
    }
}
