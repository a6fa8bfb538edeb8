using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>A stored conversation in pages is the same conversation, wherever a page begins, and no page is all of it.</summary>
public class StoredTranscriptTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Any_page_is_what_the_whole_has_there(int seed)
    {
        var random = new Random(seed);
        var parts = Conversation(random, 2_000);
        var whole = parts.SelectMany(p => p).Aggregate(Transcript.Begun(StoredTranscript.IdPrefix), (t, e) => t.Add(e)).Entries;
        var source = new Source(parts);
        using var stored = StoredTranscript.Read(source);
        Assert.Equal(whole.Count, stored.Count);
        Assert.Equal(whole.Select(Text), stored.All().Select(Text));
        for (var i = 0; i < 50; i++)
        {
            var start = random.Next(stored.Count);
            var count = random.Next(1, 300);
            Assert.Equal(whole.Skip(start).Take(count).Select(Text), stored.Range(start, count).Select(Text));
        }

        source.Told = 0;
        stored.Range(stored.Count - 10, 10);
        Assert.InRange(source.Told, 1, parts.Count / 2);
    }

    [Fact]
    public void Pages_go_on_from_what_is_told_here_into_what_is_stored()
    {
        var stored = StoredTranscript.Read(new Source(Conversation(new Random(7), 300)));
        var transcript = Transcript.Empty.After(stored).Add(new RunStarted(), 1).Add(new UserMessage("now", 0), 2);
        var seen = new List<TranscriptEntry>();
        var page = transcript.Page(null, 7)!.Value;
        while (true)
        {
            seen.InsertRange(0, page.Entries);
            if (!page.More)
                break;
            page = transcript.Page(page.Entries[0].Id, 7)!.Value;
        }

        Assert.Equal([.. stored.All().Select(Text), Text(transcript.Entries[0])], seen.Select(Text));
        Assert.Null(transcript.Page($"h{stored.Count + 1}", 7));
    }

    [Fact]
    public void A_long_run_is_cut_into_pages_too_and_a_large_entry_ends_one()
    {
        var run = new List<List<AgentEvent>> { new() { new RunStarted(), new UserMessage("go", 0) } };
        for (var i = 0; i < 50; i++)
            run.Add([new TextDelta($"{i}"), new MessageCompleted($"{i}", "toolUse", null, default, "m"), new ToolStarted($"c{i}", "read", Empty),
                new ToolEnded($"c{i}", "read", "x", false)]);
        run.Add([new RunSettled()]);
        var source = new Source(run) { Size = 600 * 1024 };
        using var stored = StoredTranscript.Read(source);
        source.Told = 0;
        Assert.Equal("48", Assert.IsType<SpokenEntry>(stored.Range(97, 1)[0]).Text);
        Assert.InRange(source.Told, 1, 5);
        Assert.Equal("aborted", Assert.IsType<RunEntry>(stored.Range(stored.Count - 1, 1)[0]).StopReason);
    }

    private static JsonElement Empty { get; } = SessionReplay.Json("{}");

    /// <summary>Messages of runs as they are stored: each of them one part.</summary>
    private static List<List<AgentEvent>> Conversation(Random random, int messages)
    {
        var parts = new List<List<AgentEvent>>();
        var open = new List<string>();
        var running = false;
        for (var i = 0; i < messages; i++)
        {
            var events = new List<AgentEvent>();
            if (!running || random.Next(6) == 0)
            {
                if (running)
                    events.Add(new RunSettled());
                open.Clear();
                events.AddRange([new RunStarted(), new UserMessage($"ask {i}", 0)]);
                running = true;
            }
            else if (open.Count > 0 && random.Next(3) > 0)
            {
                var call = open[random.Next(open.Count)];
                open.Remove(call);
                events.Add(new ToolEnded(call, "bash", $"out {i}", random.Next(4) == 0));
            }
            else
            {
                events.AddRange(
                    [new ThinkingDelta($"hm {i}"), new TextDelta($"say {i}"),
                        new MessageCompleted($"say {i}", random.Next(2) == 0 ? "toolUse" : "stop", null, new AgentUsage(1, 1, 0, 0, 2, 0), "m")]);
                for (var call = random.Next(3); call > 0; call--)
                {
                    open.Add($"c{i}-{call}");
                    events.Add(new ToolStarted($"c{i}-{call}", "bash", Empty));
                }
            }

            if (random.Next(20) == 0)
                events.Add(new AgentNotice(NoticeLevel.Info, $"note {i}"));
            parts.Add(events);
        }

        parts.Add([new RunSettled()]);
        return parts;
    }

    private static string Text(TranscriptEntry entry) =>
        entry is SpokenEntry spoken ? $"{spoken.Id} {spoken.IsThinking} {spoken.IsDone} {spoken.Text}" : entry.ToString();

    private sealed class Source(List<List<AgentEvent>> parts) : IAgentHistory
    {
        public long Size { get; init; }

        public int Told { get; set; }

        public IEnumerable<HistoryPart> From(HistoryPlace place)
        {
            for (var at = place.Part; at < parts.Count; at++)
            {
                Told++;
                yield return new HistoryPart(parts[at], new HistoryPlace(at + 1, 0), Size);
            }
        }

        public void Dispose()
        {
        }
    }
}
