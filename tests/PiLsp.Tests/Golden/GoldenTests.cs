using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Golden;

/// <summary>
/// Recorded stories give the same state and the same effects, byte for byte. <c>scripts/record-golden.mjs</c> records
/// them anew, or accepts what the core makes of them now.
/// </summary>
public class GoldenTests
{
    /// <summary>All that is recorded; and to be recorded are those of the Pi that is here.</summary>
    public static TheoryData<string> Stories => [.. GoldenTranscript.Names.Union(Recording ? Golden.Stories.Names.Select(Golden.Stories.OfThisPi) : [])];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_story_goes_as_it_went(string story)
    {
        var mode = Mode(story);
        if (mode == "record")
            await Golden.Stories.RecordAsync(story.Split('/')[1]);
        var transcript = GoldenTranscript.Load(story);
        var now = transcript.Replay(SessionReducer.Reduce);
        if (mode is "record" or "accept")
            GoldenTranscript.Accept(story, now);
        var golden = GoldenTranscript.Golden(story);
        // The effects first: of a core that does the same in another way only the state is another.
        RequireSame(story, "effects", golden.Effects, now.Effects);
        RequireSame(story, "state", golden.State, now.State);
    }

    private static void RequireSame(string story, string what, string golden, string now)
    {
        if (now == golden)
            return;
        var (ours, theirs) = (now.Split('\n'), golden.Split('\n'));
        var at = ours.Zip(theirs).TakeWhile(pair => pair.First == pair.Second).Count();
        var where = ours.Take(at + 1).LastOrDefault(line => line.StartsWith('>')) ?? "the beginning";
        Assert.Fail($"""
            {story}: other {what} at "{where}", line {at + 1}:
            - {Shown(theirs, at)}
            + {Shown(ours, at)}
            If that is intended: node scripts/record-golden.mjs --accept, then look at the difference in git.
            """);
    }

    [Fact]
    public void Every_recorded_story_is_told_and_every_told_one_is_recorded() =>
        Assert.All(GoldenTranscript.ByPi, recorded => Assert.Equal(recorded, Golden.Stories.Names.Order(StringComparer.Ordinal)));

    [Fact]
    public void They_are_recorded_from_Pi_before_and_since_its_tools_are_named_otherwise() =>
        Assert.Equal(["pi-0.87", "pi-1.6"], GoldenTranscript.ByPi.Select(recorded => recorded.Key).Intersect(["pi-0.87", "pi-1.6"]));

    [Fact]
    public void The_long_run_is_long() => Assert.All(
        GoldenTranscript.ByPi, recorded => Assert.True(GoldenTranscript.Load($"{recorded.Key}/long-run").Messages.OfType<AgentSaid>().Count() >= 10_000));

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_transcript_is_read_as_it_was_written(string story)
    {
        var transcript = GoldenTranscript.Load(story);
        Assert.All(transcript.Messages.Take(2000), message =>
            Assert.Equal(Canonical.Text(message), Canonical.Text(Canonical.Read<SessionMessage>(Canonical.Text(message)))));
    }

    /// <summary>What scripts/record-golden.mjs wants of this story: <c>record</c>, <c>accept</c>, or nothing.</summary>
    private static string? Mode(string story)
    {
        if (Words is not [var mode, ..] || (Words.Length > 1 && !Words.Contains(story.Split('/')[1])))
            return null;
        return mode == "record" && story != Golden.Stories.OfThisPi(story.Split('/')[1]) ? null : mode;
    }

    private static bool Recording => Words is ["record", ..];

    private static string[] Words => Environment.GetEnvironmentVariable("PILSP_GOLDEN")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Around the first difference of two lines, which may be long.</summary>
    private static string Shown(string[] lines, int at) => at >= lines.Length ? "(nothing)" : lines[at].Length > 2000 ? lines[at][..2000] + "…" : lines[at];
}
