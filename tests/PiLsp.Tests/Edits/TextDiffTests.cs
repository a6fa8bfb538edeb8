using FsCheck.Fluent;
using PiLsp.Edits;
using PiLsp.Tests.Workspace;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Edits;

public class TextDiffTests
{
    [Fact]
    public void Equal_texts_have_no_hunks() => Assert.Empty(TextDiff.Compare("a\n", "a\n"));

    [Fact]
    public void Changes_with_a_line_between_them_are_hunks_of_their_own()
    {
        var hunks = TextDiff.Compare("a\nb\nc\nd\ne\n", "A\nB\nc\ne\nf\n");
        Assert.Equal(
            [
                new Hunk("h1", 0, 4, "a\nb\n", "A\nB\n", 0, 2),
                new Hunk("h2", 6, 2, "d\n", "", 3, 1),
                new Hunk("h3", 10, 0, "", "f\n", 5, 0),
            ],
            hunks);
    }

    [Theory]
    [InlineData("", "a\nb", "h1", 0, "", "a\nb")]
    [InlineData("a\nb", "", "h1", 0, "a\nb", "")]
    [InlineData("a", "a\n", "h1", 0, "a", "a\n")]
    [InlineData("a\r\nb\r\n", "a\nb\r\n", "h1", 0, "a\r\n", "a\n")]
    [InlineData("a\rb\nc\n", "a\rB\nc\n", "h1", 0, "a\rb\n", "a\rB\n")]
    [InlineData("a\u2028b\nc", "a\u2028B\nc", "h1", 0, "a\u2028b\n", "a\u2028B\n")]
    public void A_line_is_its_text_and_its_line_end(string before, string after, string id, int start, string oldText, string newText)
    {
        var hunk = Assert.Single(TextDiff.Compare(before, after));
        Assert.Equal((id, start, oldText, newText), (hunk.Id, hunk.Start, hunk.OldText, hunk.NewText));
    }

    [Fact]
    public void A_line_added_beside_its_like_is_always_the_last_of_them()
    {
        var alone = Assert.Single(TextDiff.Compare("x\nx\ny\n", "x\nx\nx\ny\n"));
        var withMore = TextDiff.Compare("x\nx\ny\nz\n", "x\nx\nx\ny\nZ\n")[0];
        Assert.Equal(2, alone.StartLine);
        Assert.Equal(alone, withMore);
    }

    [Fact]
    public void Some_hunks_can_be_applied_without_the_others()
    {
        const string before = "a\nb\nc\nd\n";
        var hunks = TextDiff.Compare(before, "A\nb\nC\nd\ne\n");
        Assert.Equal("a\nb\nC\nd\n", TextDiff.Apply(before, [hunks[1]]));
        Assert.Equal("A\nb\nc\nd\ne\n", TextDiff.Apply(before, [hunks[2], hunks[0]]));
    }

    [Fact]
    public void A_hunk_of_another_text_is_never_applied()
    {
        var hunks = TextDiff.Compare("a\nb\n", "a\nB\n");
        Assert.Throws<ArgumentException>(() => TextDiff.Apply("a\nx\n", hunks));
        Assert.Throws<ArgumentException>(() => TextDiff.Apply("a", hunks));
        Assert.Throws<ArgumentException>(() => TextDiff.Apply("a\nb\n", [hunks[0], hunks[0]]));
    }

    [Fact]
    public void Applying_all_hunks_gives_exactly_the_new_text() => Holds(Edited, texts =>
    {
        var hunks = TextDiff.Compare(texts.Before, texts.After);
        return TextDiff.Apply(texts.Before, hunks) == texts.After
            && hunks.Zip(hunks.Skip(1)).All(pair => pair.First.StartLine + pair.First.LineCount < pair.Second.StartLine);
    });

    [Theory]
    [InlineData(6_000, int.MaxValue)]
    [InlineData(30_000, 3)]
    [InlineData(30_000, 1)]
    public void Large_texts_with_many_or_few_different_lines_round_trip(int count, int distinct)
    {
        var random = new Random(1);
        var before = Enumerable.Range(0, count).Select(i => distinct > count ? $"line {i}\n" : $"line {random.Next(distinct)}\n").ToList();
        var after = before.SelectMany((line, i) => (i % 97) switch { 3 => [], 40 => [line, $"new {i}\n"], 80 => [$"other {i}\n"], _ => (string[])[line] });
        var (oldText, newText) = (string.Concat(before), string.Concat(after));

        var hunks = TextDiff.Compare(oldText, newText);
        Assert.Equal(newText, TextDiff.Apply(oldText, hunks));
        if (distinct > 1)
            Assert.InRange(hunks.Count, count / 97 * 3, count / 97 * 4);
    }

    [Fact]
    public void Moved_blocks_and_rewritten_files_round_trip()
    {
        var lines = Enumerable.Range(0, 6_000).Select(i => $"line {i}\n").ToList();
        var text = string.Concat(lines);
        var moved = string.Concat(lines[4_000..].Concat(lines[..4_000]));
        var hunks = TextDiff.Compare(text, moved);
        Assert.Equal(moved, TextDiff.Apply(text, hunks));
        Assert.Equal(2, hunks.Count);

        var rewritten = text.Replace("line", "row", StringComparison.Ordinal);
        Assert.Equal(rewritten, Assert.Single(TextDiff.Compare(text, rewritten)).NewText);
    }
}
