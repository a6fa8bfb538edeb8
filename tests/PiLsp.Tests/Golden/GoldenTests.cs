using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Golden;

/// <summary>
/// Recorded stories give the same state and the same effects, byte for byte. <c>scripts/record-golden.mjs</c> records
/// them anew, or accepts what the core makes of them now.
/// </summary>
public class GoldenTests
{
    public static TheoryData<string> Stories => [.. Golden.Stories.Names];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_story_goes_as_it_went(string story)
    {
        var mode = Mode(story);
        if (mode == "record")
            await Golden.Stories.RecordAsync(story);
        var transcript = GoldenTranscript.Load(story);
        var now = transcript.Replay(SessionReducer.Reduce);
        if (mode is "record" or "accept")
            GoldenTranscript.Accept(story, now);
        var golden = GoldenTranscript.Golden(story);
        if (now == golden)
            return;
        var (ours, theirs) = (now.Split('\n'), golden.Split('\n'));
        var at = ours.Zip(theirs).TakeWhile(pair => pair.First == pair.Second).Count();
        var where = ours.Take(at + 1).LastOrDefault(line => line.StartsWith('>')) ?? "the beginning";
        Assert.Fail($"""
            {story}: another outcome at "{where}", line {at + 1}:
            - {Shown(theirs, at)}
            + {Shown(ours, at)}
            If that is intended: node scripts/record-golden.mjs --accept, then look at the difference in git.
            """);
    }

    [Fact]
    public void Every_recorded_story_is_told_and_every_told_one_is_recorded() => Assert.Equal(GoldenTranscript.Names, Golden.Stories.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void The_long_run_is_long() => Assert.True(GoldenTranscript.Load("long-run").Messages.OfType<AgentSaid>().Count() >= 10_000);

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_transcript_is_read_as_it_was_written(string story)
    {
        var transcript = GoldenTranscript.Load(story);
        Assert.All(transcript.Messages.Take(2000), message => Assert.Equal(Canonical.Text(message), Canonical.Text(Canonical.Read<SessionMessage>(Canonical.Text(message)))));
    }

    /// <summary>What scripts/record-golden.mjs wants of this story: <c>record</c>, <c>accept</c>, or nothing.</summary>
    private static string? Mode(string story)
    {
        var words = Environment.GetEnvironmentVariable("PILSP_GOLDEN")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length == 1 || words.Contains(story) ? words[0] : null;
    }

    /// <summary>Around the first difference of two lines, which may be long.</summary>
    private static string Shown(string[] lines, int at) => at >= lines.Length ? "(nothing)" : lines[at].Length > 2000 ? lines[at][..2000] + "…" : lines[at];
}
