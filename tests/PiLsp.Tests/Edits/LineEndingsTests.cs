using PiLsp.Edits;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Edits;

public class LineEndingsTests
{
    [Theory]
    [InlineData("a\r\nb\r\n", "a\nX\nb\n", "a\r\nX\r\nb\r\n")]
    [InlineData("a\nb\n", "a\r\nb\r\nc\r\n", "a\nb\nc\n")]
    [InlineData("a\r\nb\nc\r\n", "a\nb\nc\n", "a\r\nb\nc\r\n")]
    [InlineData("a\r\nb\nc\r\n", "A\nB\nC\n", "A\r\nB\nC\r\n")]
    [InlineData("a\nb\r\n", "a\nb\nc\n", "a\nb\r\nc\r\n")]
    [InlineData("a\rb\r", "a\nb\nc\n", "a\rb\rc\r")]
    [InlineData("a\rb\nc\n", "a\nnew\nb\nc\n", "a\rnew\nb\nc\n")]
    [InlineData("a\rb\r\n", "a\nB\nnew\n", "a\rB\r\nnew\r\n")]
    [InlineData("a\r\nb", "a\nb\nc\n", "a\r\nb\r\nc\r\n")]
    [InlineData("a\r\nb\r\n", "a\nb", "a\r\nb")]
    [InlineData("a\r\nb", "a\nb\n", "a\r\nb\r\n")]
    [InlineData("a", "a\r\nb\n", "a\r\nb\n")]
    [InlineData("", "\uFEFFa\r\nb\n", "\uFEFFa\r\nb\n")]
    public void Line_ends_are_the_bases_and_the_last_one_is_the_proposals(string baseText, string proposed, string adopted) =>
        Assert.Equal(adopted, LineEndings.Adopt(baseText, proposed));

    [Theory]
    [InlineData("a\n", "\uFEFFa\n", "a\n")]
    [InlineData("\uFEFFa\n", "a\n", "\uFEFFa\n")]
    [InlineData("\uFEFFa\n", "\uFEFFb\n", "\uFEFFb\n")]
    public void A_byte_order_mark_is_there_if_the_base_has_one(string baseText, string proposed, string adopted) =>
        Assert.Equal(adopted, LineEndings.Adopt(baseText, proposed));

    [Fact]
    public void An_unchanged_proposal_is_the_base_again_whatever_line_ends_it_came_with() => Holds(Text, text =>
        LineEndings.Adopt(text, text) == text
        && LineEndings.Adopt(text, text.ReplaceLineEndings("\n")) is var adopted
        && (text.Contains('\u2028', StringComparison.Ordinal) || text.Contains('\r', StringComparison.Ordinal) || adopted == text));

    [Fact]
    public void Adopting_twice_changes_nothing_more() => Holds(Edited, texts =>
    {
        var once = LineEndings.Adopt(texts.Before, texts.After);
        return LineEndings.Adopt(texts.Before, once) == once;
    });

    [Fact]
    public void Nothing_but_line_ends_and_the_mark_changes() => Holds(Edited, texts =>
    {
        var adopted = LineEndings.Adopt(texts.Before, texts.After);
        var (before, after) = (SplitLines(texts.After.TrimStart('\uFEFF')), SplitLines(adopted.TrimStart('\uFEFF')));
        return before.Count == after.Count
            && before.Zip(after).All(pair => Content(pair.First) == Content(pair.Second) && IsEnded(pair.First) == IsEnded(pair.Second));

        static string Content(string line) => line.TrimEnd('\r', '\n');
        static bool IsEnded(string line) => line[^1] is '\r' or '\n';
    });
}
