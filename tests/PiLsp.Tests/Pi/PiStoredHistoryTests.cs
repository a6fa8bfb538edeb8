using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

/// <summary>A session file read line by line tells what Pi would tell of it.</summary>
public sealed class PiStoredHistoryTests : IDisposable
{
    private const string Header = """{"type":"session","version":3,"id":"s","timestamp":"2026-11-30T00:00:00.000Z","cwd":"/w"}""";

    private readonly string _file = Path.GetTempFileName();
    private readonly List<string> _log = [];

    public void Dispose() => File.Delete(_file);

    /// <summary>What all of Pi's versions make of it: a branch that was left, a compaction, an extension's message, a broken line.</summary>
    public static string[] Story { get; } =
    [
        User("a", null, "first"), Said("b", "a", "one"), User("x", "b", "a branch that was left"), Said("y", "x", "gone"),
        User("c", "b", "kept"), Said("d", "c", "two"),
        """{"type":"compaction","id":"e","parentId":"d","timestamp":"2026-11-30T00:00:00.000Z","summary":"so far","firstKeptEntryId":"c","tokensBefore":77}""",
        """{"type":"custom_message","id":"f","parentId":"e","timestamp":"2026-11-30T00:00:00.000Z","customType":"t","content":"an extension's","display":true}""",
        """{"type":"custom","id":"g","parentId":"f","timestamp":"2026-11-30T00:00:00.000Z","customType":"t","data":{}}""",
        """{"type":"message","id":"h","parentId":"g","timestamp":"2026-11-30T00:00:00.000Z","message":{"role":"bashExecution","command":"ls","output":"a.txt","exitCode":0,"cancelled":false,"truncated":false,"timestamp":1}}""",
        User("i", "h", "half \\ud83d"), Said("j", "i", "three"),
    ];

    [Fact]
    public void The_last_branch_is_told_from_its_last_compaction_on()
    {
        using var history = Open(7, [.. Story, """{"type":"message","id":"k","par"""]);
        var events = history!.From(default).SelectMany(p => p.Events).ToList();
        Assert.Equal(["kept", "half \ud83d"], events.OfType<UserMessage>().Select(u => u.Text));
        Assert.Equal(["two", "three"], events.OfType<MessageCompleted>().Select(m => m.Text));
        Assert.Equal(77, Assert.IsType<CompactionEnded>(events[0]).TokensBefore);
        Assert.Equal("an extension's", Assert.Single(events.OfType<AgentNotice>()).Text);
        Assert.Equal("ls", Assert.Single(events.OfType<ShellStarted>()).Command);
        Assert.IsType<RunSettled>(events[^1]);
    }

    [Fact]
    public void It_goes_on_from_any_part_as_if_it_had_told_those_before()
    {
        using var history = Open(7, Story);
        var parts = history!.From(default).ToList();
        for (var i = 0; i < parts.Count; i++)
            Assert.Equal(
                string.Join('\n', parts.Skip(i + 1).SelectMany(p => p.Events)), string.Join('\n', history.From(parts[i].Next).SelectMany(p => p.Events)));
    }

    [Fact]
    public void What_was_changed_in_the_context_is_told_as_it_was_changed()
    {
        using var history = Open(3,
        [
            User("a", null, "long"), Said("b", "a", "out"), User("c", "b", "secret"), Said("d", "c", "in"),
            """{"type":"context_edit","id":"e","parentId":"d","timestamp":"2026-11-30T00:00:00.000Z","targetId":"a","replacement":{"content":"short"}}""",
            """{"type":"context_edit","id":"f","parentId":"e","timestamp":"2026-11-30T00:00:00.000Z","targetId":"c","replacement":null}""",
            """{"type":"context_edit","id":"g","parentId":"f","timestamp":"2026-11-30T00:00:00.000Z","targetId":"d","replacement":{"content":[{"type":"text","text":"inner"}]}}""",
        ]);
        var events = history!.From(default).SelectMany(p => p.Events).ToList();
        Assert.Equal(["short"], events.OfType<UserMessage>().Select(u => u.Text));
        Assert.Equal(["out", "inner"], events.OfType<MessageCompleted>().Select(m => m.Text));
    }

    [Theory]
    [InlineData(6, """{"type":"session","version":3,"id":"s"}""")]
    [InlineData(7, """{"type":"session","version":2,"id":"s"}""")]
    [InlineData(7, """{"type":"message","id":"q"}""")]
    public void A_file_that_may_be_read_otherwise_is_left_to_Pi(int messages, string header)
    {
        File.WriteAllLines(_file, [header, .. Story]);
        Assert.Null(PiStoredHistory.Open(_file, messages, _log.Add));
    }

    [Fact]
    public void A_file_that_becomes_another_is_an_error_and_no_other_conversation()
    {
        using var history = Open(7, Story);
        File.WriteAllText(_file, "something else");
        Assert.Throws<IOException>(() => history!.From(default).ToList());
    }

    private PiStoredHistory? Open(int messages, string[] entries)
    {
        File.WriteAllText(_file, string.Join('\n', [Header, .. entries]));
        return PiStoredHistory.Open(_file, messages, _log.Add);
    }

    public static string User(string id, string? parent, string text) => $$$$$"""
        {"type":"message","id":"{{{{{id}}}}}","parentId":{{{{{(parent is null ? "null" : $"\"{parent}\"")}}}}},"timestamp":"2026-11-30T00:00:00.000Z","message":{"role":"user","content":[{"type":"text","text":"{{{{{text}}}}}"}],"timestamp":1}}
        """;

    public static string Said(string id, string parent, string text) => $$$$$"""
        {"type":"message","id":"{{{{{id}}}}}","parentId":"{{{{{parent}}}}}","timestamp":"2026-11-30T00:00:00.000Z","message":{"role":"assistant","content":[{"type":"text","text":"{{{{{text}}}}}"}],"api":"openai-completions","provider":"local","model":"scripted-1","usage":{"input":1,"output":1,"cacheRead":0,"cacheWrite":0,"totalTokens":2,"cost":{"input":0,"output":0,"cacheRead":0,"cacheWrite":0,"total":0}},"stopReason":"stop","timestamp":1}}
        """;
}
