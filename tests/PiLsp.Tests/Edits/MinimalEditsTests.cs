using FsCheck.Fluent;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Workspace;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Edits;

public class MinimalEditsTests
{
    [Theory]
    [InlineData("int x = 1;\n", "int x = 22;\n", 0, 8, 0, 9, "22")]
    [InlineData("call(a);\n", "call(a, b);\n", 0, 6, 0, 6, ", b")]
    [InlineData("aa\n", "aaa\n", 0, 2, 0, 2, "a")]
    [InlineData("x\na\r\n", "x\na\n", 1, 1, 2, 0, "\n")]
    [InlineData("a😀b\n", "a😁b\n", 0, 1, 0, 3, "😁")]
    [InlineData("👨‍👩‍👧\n", "👨‍👩‍👦\n", 0, 0, 0, 8, "👨‍👩‍👦")]
    [InlineData("xe\n", "xe\u0301\n", 0, 1, 0, 2, "e\u0301")]
    [InlineData("a", "a\nb", 0, 1, 0, 1, "\nb")]
    [InlineData("a\n", "a\nb\n", 0, 1, 0, 1, "\nb")]
    [InlineData("a\r\n", "a\r\nb\r\n", 0, 1, 0, 1, "\r\nb")]
    [InlineData("a\n", "a\nb", 1, 0, 1, 0, "b")]
    [InlineData("\n", "a\nb\n", 0, 0, 0, 0, "a\nb")]
    [InlineData("p\rq\nfoo\n", "p\rq\nbar\n", 1, 0, 1, 3, "bar")]
    [InlineData("p\rq\r\nx\n", "p\rQ\r\nx\n", 0, 2, 0, 3, "Q")]
    public void An_edit_takes_whole_characters_and_no_more(
        string before, string after, int startLine, int start, int endLine, int end, string newText)
    {
        var edit = Assert.Single(Edits(before, after, PositionEncoding.Utf16));
        Assert.Equal(new TextEdit(new Lsp.Range(new(startLine, start), new(endLine, end)), newText), edit);
    }

    [Fact]
    public void Lines_that_come_or_go_are_whole_lines()
    {
        Assert.Equal(
            [
                new TextEdit(new Lsp.Range(new(1, 0), new(1, 0)), "x\ny\n"),
                new TextEdit(new Lsp.Range(new(2, 0), new(3, 0)), ""),
            ],
            Edits("a\nb\nc\nd\n", "a\nx\ny\nb\nd\n", PositionEncoding.Utf16));
    }

    // Neovim makes a line break of a \r that an edit brings, also of one that was there.
    [Theory]
    [InlineData("10%\r50%\rdone\nx\n", "11%\r50%\rgone\nx\n")]
    [InlineData("a\r\nb\r\nc\n", "A\r\nB\r\nc\n")]
    [InlineData("a\rb\rc\rd\nx\n", "A\rc\rD\nx\n")]
    [InlineData("a\rb\rc\n", "a\rc\n")]
    [InlineData("a\rb\rc\n", "a\rb\n")]
    [InlineData("a\rb\nx\n", "new\na\rB\nx\n")]
    public void A_CR_that_stays_is_in_no_edit(string before, string after)
    {
        var document = new TextDocument("file:///a", "plaintext", 1, before);
        var edits = Edits(before, after, PositionEncoding.Utf16);
        Assert.All(edits, edit => Assert.DoesNotContain('\r', edit.NewText));
        Assert.Equal(after, Applied(document, edits, PositionEncoding.Utf16));
    }

    // Helix has no place between the two characters of a \r\n, so what is put there comes before both.
    [Theory]
    [InlineData("x\r\n}\re", "x\r\nnew\r\n}\r")]
    [InlineData("\rx\r\ny\n", "new\rx\r\nnew\r\ny\n")]
    [InlineData("\rx\r\ny\r\nz\n", "new\rx\r\nz\n")]
    public void Lines_with_CRLF_beside_a_lone_CR_come_and_go_whole(string before, string after)
    {
        var document = new TextDocument("file:///a", "plaintext", 1, before);
        var edits = Edits(before, after, PositionEncoding.Utf16);
        Assert.Equal(after, Applied(document, edits, PositionEncoding.Utf16));
        foreach (var edit in edits)
        {
            Assert.DoesNotContain('\r', edit.NewText.Replace("\r\n", "\n", StringComparison.Ordinal));
            foreach (var at in new[] { document.OffsetAt(edit.Range.Start, PositionEncoding.Utf16), document.OffsetAt(edit.Range.End, PositionEncoding.Utf16) })
                Assert.False(at > 0 && at < before.Length && before[at - 1] == '\r' && before[at] == '\n', $"an edit within a CRLF: {edit}");
        }
    }

    [Fact]
    public void Columns_are_in_the_negotiated_unit() =>
        Assert.Equal(new Lsp.Range(new(0, 5), new(0, 6)), Assert.Single(Edits("日é1\n", "日é2\n", PositionEncoding.Utf8)).Range);

    [Fact]
    public void An_editor_that_applies_them_gets_the_text_of_the_hunks() =>
        Holds(Edited.Zip(Encoding).Zip(Gen.Choose(0, 255)), input =>
        {
            var ((texts, encoding), taken) = input;
            var hunks = TextDiff.Compare(texts.Before, texts.After).Where((_, i) => taken < 64 || (taken >> (i % 8) & 1) == 1).ToList();
            var document = new TextDocument("file:///a", "plaintext", 1, texts.Before);
            var edits = TextDiff.MinimalEdits(document, hunks, encoding);

            return Applied(document, edits, encoding) == TextDiff.Apply(texts.Before, hunks);
        });

    /// <summary>The edits' ranges all belong to the text before them: from the end to the start none disturbs another.</summary>
    private static string Applied(TextDocument document, IReadOnlyList<TextEdit> edits, PositionEncoding encoding)
    {
        var text = document.Text;
        foreach (var edit in edits.Reverse())
        {
            var (start, end) = (document.OffsetAt(edit.Range.Start, encoding), document.OffsetAt(edit.Range.End, encoding));
            text = text[..start] + edit.NewText + text[end..];
        }

        return text;
    }

    private static IReadOnlyList<TextEdit> Edits(string before, string after, PositionEncoding encoding) =>
        TextDiff.MinimalEdits(new TextDocument("file:///a", "plaintext", 1, before), TextDiff.Compare(before, after), encoding);
}
