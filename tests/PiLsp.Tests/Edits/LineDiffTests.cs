using PiLsp.Edits;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Edits;

/// <summary>What texts share at both ends is only compared; what is found is the same as if every line had been numbered.</summary>
public class LineDiffTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Texts_give_the_changes_that_their_numbers_give(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var old = Text(random, random.Next(12));
            var changed = random.Next(4) == 0 ? Text(random, random.Next(12)) : Changed(random, old);
            foreach (var identity in Enum.GetValues<LineIdentity>())
            {
                var counting = identity == LineIdentity.ContentOnly ? LineCounting.Lsp : LineCounting.Newline;
                var (oldLines, newLines) = (new LineTable(old, counting), new LineTable(changed, counting));
                var ids = new LineIds(identity);
                Assert.Equal(LineDiff.Changes(ids.Of(oldLines), ids.Of(newLines)), LineDiff.Changes(oldLines, newLines, identity));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Small_changes_all_over_a_large_text_are_found_each_by_itself(int seed)
    {
        var random = new Random(seed);
        string Body(int i) => i % 7 == 0 ? "}\n" : i % 11 == 0 ? "\n" : $"line {i}\n";
        var old = Enumerable.Range(0, 6_000).Select(Body).ToList();
        for (var round = 0; round < 20; round++)
        {
            var changed = old.ToList();
            var expected = 0;
            for (var at = 5_900; at > 100; at -= random.Next(150, 900), expected++)
            {
                if (random.Next(3) is 0)
                    changed.RemoveRange(at, random.Next(1, 40));
                else
                    changed.InsertRange(at, Enumerable.Range(0, random.Next(1, 40)).Select(n => $"new {n} {random.Next()}\n"));
            }

            var (before, after) = (string.Concat(old), string.Concat(changed));
            var changes = LineDiff.Changes(new LineTable(before), new LineTable(after), LineIdentity.Exact);
            Assert.InRange(changes.Count, expected, expected * 2);
            Assert.Equal(after, TextDiff.Apply(before, TextDiff.Compare(before, after)));
            Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(pair.Second.OldStart > pair.First.OldEnd && pair.Second.NewStart > pair.First.NewEnd));
            var ids = new LineIds(LineIdentity.Exact);
            var numbered = LineDiff.Changes(ids.Of(new LineTable(before)), ids.Of(new LineTable(after)));
            Assert.Equal(numbered.Sum(c => c.OldCount + c.NewCount), changes.Sum(c => c.OldCount + c.NewCount));
        }
    }

    [Fact]
    public void A_text_with_hunks_in_it_is_known_without_being_put_together()
    {
        var random = new Random(4);
        for (var i = 0; i < 2_000; i++)
        {
            var (old, other) = (Text(random, random.Next(12)), Text(random, random.Next(12)));
            var hunks = TextDiff.Compare(old, Changed(random, old));
            var some = hunks.Where(_ => random.Next(3) > 0).ToList();
            var result = TextDiff.Apply(old, some);
            Assert.True(TextDiff.IsApplied(old, some, result));
            Assert.Equal(other == result, TextDiff.IsApplied(old, some, other));
            Assert.False(TextDiff.IsApplied(old, some, result + "x"));
        }
    }

    [Fact]
    public void The_lines_of_a_long_text_are_looked_for_once_also_after_a_change()
    {
        var text = string.Concat(Enumerable.Repeat("a line of it\n", 5_000));
        Assert.Same(LineIndex.Of(text), LineIndex.Of(text));
        var longer = text.Insert(13, "one more\n");
        var spliced = LineIndex.Of(text).Spliced(longer, 13, 0, 9);
        Assert.Same(spliced, LineIndex.Of(longer));
        Assert.Equal(5_002, spliced.Count);
    }

    private static string Changed(Random random, string text)
    {
        var lines = text.Split('\n').ToList();
        for (var n = random.Next(1, 3); n > 0; n--)
        {
            var at = random.Next(lines.Count);
            if (random.Next(3) == 0)
                lines.RemoveAt(at);
            else if (random.Next(2) == 0)
                lines.Insert(at, Line(random));
            else
                lines[at] = random.Next(2) == 0 ? lines[at] + '\r' : Line(random);
            if (lines.Count == 0)
                lines.Add("");
        }

        return string.Join('\n', lines);
    }

    private static string Text(Random random, int lines) =>
        string.Concat(
            Enumerable.Range(0, lines).Select(_ => Line(random) + (random.Next(4) switch { 0 => "\r\n", 1 when random.Next(3) == 0 => "\r", _ => "\n" }))) +
                (random.Next(3) == 0 ? "" : Line(random));

    private static string Line(Random random) => random.Next(5) switch { 0 => "", 1 => "}", 2 => "a", 3 => "b", _ => $"{random.Next(20)}" };
}
