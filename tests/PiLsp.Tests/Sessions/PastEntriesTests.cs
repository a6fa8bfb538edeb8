using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Sessions.Running;
using PiLsp.Sessions.Transcripts;
using PiLsp.Tests.Workspace;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>What was said long ago in a session lies on the disk, and reads as if it did not.</summary>
public sealed class PastEntriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PastTexts _texts;

    public PastEntriesTests() => _texts = new PastTexts(problem => Assert.Fail(problem), _folder.At("past"));

    public void Dispose()
    {
        _texts.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_long_conversation_reads_the_same_from_the_disk()
    {
        var whole = Enumerable.Range(0, 150).Aggregate(Transcript.Empty, Run);
        var some = whole;
        var pages = 0;
        for (; some.Oldest is { Count: > 0 } oldest; pages++)
        {
            var kept = await _texts.KeepAsync(PastEntries.Write(oldest));
            some = some.PutAside((some.Past ?? PastEntries.None(_texts)).With(kept!, oldest.Count));
        }

        Assert.True(pages > 2 && some.Entries.Count < 400, $"{pages} pages, {some.Entries.Count} entries left");
        // It goes on as if nothing had happened.
        (whole, some) = (Run(whole, 150), Run(some, 150));
        foreach (var limit in new[] { 1, 7, 199, 200, 201, 10_000 })
        {
            for (string? before = null; ;)
            {
                var (expected, page) = (whole.Page(before, limit)!.Value, some.Page(before, limit)!.Value);
                Assert.Equal(expected.More, page.More);
                Assert.Equal(PastEntries.Write(expected.Entries), PastEntries.Write(page.Entries));
                if (!expected.More)
                    break;
                before = expected.Entries[0].Id;
                if (limit == 1 && before == "t100")
                    break;
            }
        }

        Assert.Null(some.Page("t0", 1));
        Assert.Null(some.Page("t99999", 1));
        Assert.Equal(TranscriptMarkdown.Write(whole, "# Pi\n"), TranscriptMarkdown.Write(some, "# Pi\n" + TranscriptMarkdown.Past(some.Past!, 0)));
    }

    [Fact]
    public void Nothing_goes_as_long_as_something_may_change_it()
    {
        var whole = Enumerable.Range(0, 150).Aggregate(Transcript.Empty, Run);
        Assert.Empty(whole.Add(new RunStarted()).Oldest);
        var waiting = Enumerable.Range(0, 150).Aggregate(Transcript.Empty.Add(new ShellStarted("sleep 1000", false)), Run);
        Assert.Empty(waiting.Oldest);
        Assert.NotEmpty(waiting.Add(new ShellEnded(new ShellResult("", 0))).Oldest);
    }

    [Fact]
    public void A_session_forgets_the_oldest_runs_and_edits_and_nothing_that_is_open()
    {
        var session = new SessionReplay(PermissionMode.AcceptEdits);
        const int Runs = ForgettingReducer.MostRuns + 2;
        for (var run = 1; run <= Runs; run++)
        {
            session.Running();
            session.Propose($"run {run}\n{SessionReplay.Text}");
            session.Land();
            session.Say(new RunSettled());
        }

        session.Running();
        Assert.Equal(ForgettingReducer.MostRuns, session.State.Runs.Count);
        Assert.Equal("r3", session.State.Runs[0].Id);
        var forgotten = session.All.OfType<ForgetPast>().SelectMany(f => f.ChangeNumbers).ToList();
        Assert.Equal([1, 2], forgotten);
    }

    private static Transcript Run(Transcript transcript, int number)
    {
        AgentEvent[] events =
        [
            new RunStarted(), new UserMessage($"run {number} \ud83d\ude00", number % 3), new ThinkingDelta("well"), new TextDelta("I "), new TextDelta("look"),
            new MessageCompleted(
                "I look", "toolUse", null, new AgentUsage(1, 2, 3, 4, 10, 0.25m), "m") { From = new ModelAnswer("p", "m", number % 2 == 0 ? "p/other" : null) },
            new ToolStarted($"c{number}", "bash", number % 2 == 0 ? JsonElement.Parse("""{"command":"ls"}""") : default) { Parent = "c0" },
            new ToolEnded($"c{number}", "bash", "a\nb", number % 5 == 0) { DurationMs = number },
            new CompactionStarted("threshold"), new CompactionEnded("threshold", 900, 100, false, null),
            new RetryScheduled(1, 3, 2000, "overloaded"), new RetryEnded(number % 2 == 0, 1, null), new AgentNotice(NoticeLevel.Warning, "careful"),
            new RunSettled(),
            new ShellStarted("make", number % 2 == 0), new ShellEnded(new ShellResult("ok", 2, IsCut: true, FullOutputPath: "/tmp/x") { Changed = ["a.c"] }),
        ];
        return events.Aggregate(transcript, (t, e) => t.Add(e));
    }
}
