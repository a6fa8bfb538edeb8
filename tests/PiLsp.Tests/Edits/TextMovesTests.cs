using PiLsp.Edits;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Edits;

/// <summary>What two texts share at their end, known from a third one, is what comparing them would have found.</summary>
public class TextMovesTests
{
    [Fact]
    public void The_shared_end_is_that_of_the_texts_whatever_way_it_was_found()
    {
        var random = new Random(7);
        string Text() => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => (char)('a' + random.Next(2))));
        for (var round = 0; round < 20_000; round++)
        {
            var (old, before, now) = (Text(), Text(), Text());
            var move = new TextMoves(now).From(old, (before, TextEnds.CommonSuffixLength(old, before)));
            Assert.True(TextEnds.CommonSuffixLength(old, now) == move.Suffix, $"\"{old}\", \"{before}\", \"{now}\": {move.Suffix}");
        }
    }
}
