using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using Xunit;

namespace PiLsp.Tests.Sessions;

public sealed class TranscriptTests
{
    private static readonly AgentUsage Five = new(2, 3, 0, 0, 5, 0.5m);

    [Fact]
    public void A_run_with_a_tool_reads_in_the_order_in_which_it_happened()
    {
        var transcript = Fold(
            new RunStarted(), new TurnStarted(), new UserMessage("do it\n\n<editor>\nThe user has a.ts open.\n</editor>", 0),
            new ThinkingDelta("let "), new ThinkingDelta("me"), new TextDelta("I "), new TextDelta("look."),
            new MessageCompleted("I look.", "toolUse", null, Five, "m1"),
            new ToolStarted("c1", "bash", Json("""{"command":"npm test"}""")), new ToolProgressed("c1", "bash", "run"),
            new ToolEnded("c1", "bash", "running", false),
            new TextDelta("Done."), new MessageCompleted("Done.", "stop", null, Five, "m1"), new TurnEnded(), new RunSettled());
        Assert.Collection(
            transcript.Entries,
            e => Assert.Equal(("do it", "<editor>\nThe user has a.ts open.\n</editor>"), (Assert.IsType<UserEntry>(e).Text, ((UserEntry)e).Context)),
            e => Assert.True(e is SpokenEntry { IsThinking: true, IsDone: true, Text: "let me" }),
            e => Assert.True(e is SpokenEntry { IsThinking: false, IsDone: true, Text: "I look.", Model: "m1" }),
            e => Assert.True(e is ToolEntry { Title: "bash: npm test", State: EntryState.Done, Output: "running" }),
            e => Assert.True(e is SpokenEntry { Text: "Done." }),
            e => Assert.True(e is RunEntry { StopReason: "stop", Error: null, Usage.TotalTokens: 10 }));
        Assert.False(transcript.IsRunning);
        Assert.Equal(15, transcript.Seq);
    }

    [Fact]
    public void What_streams_is_running_until_its_message_is_complete()
    {
        var transcript = Fold(new RunStarted(), new TextDelta("half"));
        Assert.True(transcript.IsRunning);
        Assert.False(Assert.IsType<SpokenEntry>(transcript.Entries[^1]).IsDone);
    }

    [Fact]
    public void A_message_that_came_without_deltas_has_its_text() =>
        Assert.True(Fold(
            new RunStarted(), new MessageCompleted("all at once", "stop", null, Five, "m")).Entries[^1] is SpokenEntry { Text: "all at once", IsDone: true });

    [Fact]
    public void A_message_without_words_is_no_entry() =>
        Assert.Empty(Fold(new RunStarted(), new MessageCompleted("", "toolUse", null, Five, "m")).Entries);

    [Fact]
    public void An_agent_that_is_lost_leaves_nothing_running()
    {
        var transcript = Fold(
            new RunStarted(), new MessageCompleted("", "toolUse", null, Five, null), new ToolStarted("c1", "read", Json("{}")),
            new AgentNotice(NoticeLevel.Error, "Pi ended."), new RunSettled());
        Assert.True(transcript.Entries[0] is ToolEntry { State: EntryState.Failed });
        Assert.True(transcript.Entries[^1] is RunEntry { StopReason: "error", Error: "Pi ended.", Usage.TotalTokens: 5 });
    }

    [Fact]
    public void A_run_stopped_inside_a_tool_was_aborted() => Assert.True(
        Fold(new RunStarted(), new MessageCompleted("", "toolUse", null, Five, null), new ToolStarted("c1", "bash", Json("{}")),
            new ToolEnded("c1", "bash", "", true), new RunSettled())
            .Entries[^1] is RunEntry { StopReason: "aborted", Error: null });

    [Fact]
    public void Retries_and_compactions_end_where_they_began()
    {
        var transcript = Fold(
            new RunStarted(), new RetryScheduled(1, 3, 2000, "overloaded"), new RetryEnded(true, 1, null),
            new CompactionStarted("threshold"), new CompactionEnded("threshold", 900, 100, false, null), new RunSettled());
        Assert.True(transcript.Entries[0] is RetryEntry { State: EntryState.Done, Attempt: 1, Error: "overloaded" });
        Assert.True(transcript.Entries[1] is CompactionEntry { State: EntryState.Done, TokensBefore: 900, TokensAfter: 100 });
    }

    [Fact]
    public void Two_tools_at_once_keep_their_own_results()
    {
        var transcript = Fold(
            new RunStarted(), new ToolStarted("c1", "read", Json("{}")), new ToolStarted("c2", "read", Json("{}")),
            new ToolEnded("c2", "read", "second", false), new ToolEnded("c1", "read", "first", true));
        Assert.Equal([("first", EntryState.Failed), ("second", EntryState.Done)], transcript.Entries.OfType<ToolEntry>().Select(t => (t.Output, t.State)));
    }

    [Fact]
    public void Large_input_and_output_are_kept_short_and_say_so()
    {
        var input = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["path"] = "a.ts", ["content"] = new('x', 100_000) });
        var tool = Assert.IsType<ToolEntry>(
            Fold(new ToolStarted("c1", "write", input), new ToolEnded("c1", "write", new string('y', 100_000), false)).Entries[0]);
        Assert.True(tool.IsCut);
        Assert.InRange(tool.Output.Length, TranscriptBounds.MaxOutput, TranscriptBounds.MaxOutput + 100);
        Assert.Equal("a.ts", tool.Input.GetProperty("path").GetString());
        Assert.InRange(tool.Input.GetRawText().Length, 1, 4096);
    }

    [Fact]
    public void Pages_go_back_without_a_gap_and_end_at_the_beginning()
    {
        var transcript = Fold([.. Enumerable.Range(1, 5).Select(i => new AgentNotice(NoticeLevel.Info, $"{i}"))]);
        var last = transcript.Page(null, 2)!.Value;
        var middle = transcript.Page(last.Entries[0].Id, 2)!.Value;
        var first = transcript.Page(middle.Entries[0].Id, 2)!.Value;
        Assert.Equal(["1", "2", "3", "4", "5"], first.Entries.Concat(middle.Entries).Concat(last.Entries).Cast<NoticeEntry>().Select(n => n.Text));
        Assert.Equal((true, true, false), (last.More, middle.More, first.More));
        Assert.Null(transcript.Page("none", 2));
    }

    [Fact]
    public void A_stored_conversation_comes_before_what_is_there_already()
    {
        var live = Fold(new RunStarted(), new TextDelta("new"));
        var whole = live.After(StoredTranscript.Read(new ToldHistory([new RunStarted(), new UserMessage("old", 0), new RunSettled()])))
            .Add(new TextDelta("er"));
        var (entries, more) = whole.Page(null, 10)!.Value;
        Assert.False(more);
        Assert.Equal(
            ["old", "aborted", "newer"], entries.Select(e => e switch { UserEntry u => u.Text, RunEntry r => r.StopReason, SpokenEntry s => s.Text, _ => "" }));
        Assert.Equal(3, entries.Select(e => e.Id).Distinct().Count());
        Assert.Equal(live.Seq, whole.Seq);
    }

    [Fact]
    public void What_an_earlier_run_left_is_closed_and_a_later_run_leaves_it_alone()
    {
        var transcript = Fold(
            new RunStarted(), new TextDelta("one"), new ToolStarted("t1", "bash", Json("{}")), new RunSettled(),
            new RunStarted(), new TextDelta("two"), new MessageCompleted("two!", "stop", null, default, "m"), new RunSettled());
        Assert.Equal(["one", "two!"], transcript.Entries.OfType<SpokenEntry>().Select(s => s.Text));
        Assert.Equal(EntryState.Failed, Assert.Single(transcript.Entries.OfType<ToolEntry>()).State);
        Assert.All(transcript.Entries.OfType<SpokenEntry>(), s => Assert.True(s.IsDone));
    }

    private static Transcript Fold(params AgentEvent[] events) => events.Select((e, i) => (e, i)).Aggregate(Transcript.Empty, (t, x) => t.Add(x.e, x.i + 1));

    private static JsonElement Json(string text) => SessionReplay.Json(text);
}
