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

            // The edits' ranges all belong to the text before them: from the end to the start none disturbs another.
            var text = texts.Before;
            foreach (var edit in edits.Reverse())
            {
                var (start, end) = (document.OffsetAt(edit.Range.Start, encoding), document.OffsetAt(edit.Range.End, encoding));
                text = text[..start] + edit.NewText + text[end..];
            }

            return text == TextDiff.Apply(texts.Before, hunks);
        });

    private static IReadOnlyList<TextEdit> Edits(string before, string after, PositionEncoding encoding) =>
        TextDiff.MinimalEdits(new TextDocument("file:///a", "plaintext", 1, before), TextDiff.Compare(before, after), encoding);
}
