using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class PiHistoryTests
{
    [Fact]
    public void A_stored_conversation_reads_like_the_runs_it_was()
    {
        var events = Read("""
            {"role":"system","content":"be good"},
            {"role":"user","content":"first"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"I read."},{"type":"toolCall","id":"c1","name":"read","arguments":{"path":"a"}}],"stopReason":"toolUse","usage":{"totalTokens":3}},
            {"role":"toolResult","toolCallId":"c1","toolName":"read","content":[{"type":"text","text":"text"}],"isError":false},
            {"role":"user","content":[{"type":"text","text":"steered"},{"type":"image","data":"x"}]},
            {"role":"assistant","content":[{"type":"text","text":"Done."}],"stopReason":"stop","usage":{}},
            {"role":"user","content":"second"},
            {"role":"assistant","content":[],"stopReason":"error","errorMessage":"no credit","usage":{}}
            """);
        Assert.Equal(
            ["RunStarted", "UserMessage", "ThinkingDelta", "TextDelta", "MessageCompleted", "ToolStarted", "ToolEnded", "UserMessage", "TextDelta",
                "MessageCompleted", "RunSettled",
             "RunStarted", "UserMessage", "MessageCompleted", "RunSettled"],
            events.Select(e => e.GetType().Name));
        Assert.Equal([("first", 0), ("steered", 1), ("second", 0)], events.OfType<UserMessage>().Select(u => (u.Text, u.Images)));
        Assert.Equal("no credit", events.OfType<MessageCompleted>().Last().Error);
    }

    [Fact]
    public void What_was_compacted_shows_as_a_compaction()
    {
        var events =
            Read("""{"role":"compactionSummary","summary":"…","tokensBefore":1234},{"role":"user","content":"on"},{"role":"assistant","content":[],"stopReason":"stop"}""");
        Assert.Equal(1234, Assert.IsType<CompactionEnded>(events[0]).TokensBefore);
    }

    [Theory]
    [InlineData("""{"role":"user"}""")]
    [InlineData("""{"role":"assistant","content":"plain"}""")]
    [InlineData("""{"role":"from the future","content":[]}""")]
    [InlineData("17")]
    public void Unknown_and_broken_messages_break_nothing(string message) => Assert.NotNull(Read(message));

    private static IReadOnlyList<AgentEvent> Read(string messages)
    {
        using var document = JsonDocument.Parse($$"""{"messages":[{{messages}}]}""");
        return PiHistory.Read(document.RootElement.Clone());
    }
}
