using FsCheck.Fluent;
using PiLsp.Lsp;
using PiLsp.Workspace;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Workspace;

public class TextDocumentTests
{
    private const PositionEncoding Utf16 = PositionEncoding.Utf16;
    private const PositionEncoding Utf8 = PositionEncoding.Utf8;

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("a", 1, 1)]
    [InlineData("a\n", 2, 2)]
    [InlineData("a\r\nb\r\n", 3, 3)]
    [InlineData("a\r\nb\rc\nd", 3, 4)]
    [InlineData("\r\r\n\n", 3, 4)]
    [InlineData("a\u2028b\u0085c\fd", 1, 1)]
    public void Lines_end_with_LF_and_CRLF_and_by_the_LSP_with_CR_and_with_nothing_else(string text, int lines, int byLsp)
    {
        Assert.Equal(lines, Doc(text).LineCount);
        Assert.Equal(byLsp, Doc(text).Counted(LineCounting.Lsp).LineCount);
    }

    // Neovim and Emacs stand behind the \r of a line only where it is a character of it.
    [Theory]
    [InlineData("ab\r\ncd\r\n", 0, 9, 2)]
    [InlineData("ab\r\ncd\n", 0, 3, 3)]
    [InlineData("ab\r\ncd\n", 0, 9, 3)]
    [InlineData("ab\r\ncd\n", 0, 2, 2)]
    [InlineData("a\rb\nc\n", 0, 3, 3)]
    [InlineData("a\rb\nc\n", 1, 1, 5)]
    [InlineData("a\r\r\nb\r\n", 0, 9, 3)]
    [InlineData("a\rb\rc", 0, 4, 4)]
    public void A_place_behind_a_CR_is_one_where_the_CR_belongs_to_the_line(string text, int line, int character, int offset)
    {
        foreach (var encoding in new[] { Utf16, Utf8 })
            Assert.Equal(offset, Doc(text).OffsetAt(new Position(line, character), encoding));
    }

    [Theory]
    [InlineData(0, 99, 1)]
    [InlineData(1, 99, 4)]
    [InlineData(9, 0, 6)]
    [InlineData(-1, 0, 0)]
    [InlineData(1, -1, 3)]
    public void A_position_past_an_end_is_that_end_before_the_line_end(int line, int character, int offset)
    {
        foreach (var encoding in new[] { Utf16, Utf8 })
            Assert.Equal(offset, Doc("a\r\nb\r\n").OffsetAt(new Position(line, character), encoding));
    }

    [Fact]
    public void Characters_are_counted_in_the_negotiated_unit()
    {
        var doc = Doc("é日😀x");
        Assert.Equal(4, doc.OffsetAt(new Position(0, 4), Utf16));
        Assert.Equal(4, doc.OffsetAt(new Position(0, 9), Utf8));
        Assert.Equal(new Position(0, 4), doc.PositionAt(4, Utf16));
        Assert.Equal(new Position(0, 9), doc.PositionAt(4, Utf8));
    }

    [Fact]
    public void No_position_lies_inside_a_character_or_a_line_end()
    {
        var doc = Doc("😀\r\né");
        Assert.Equal(0, doc.OffsetAt(new Position(0, 1), Utf16));
        Assert.Equal(0, doc.OffsetAt(new Position(0, 3), Utf8));
        Assert.Equal(4, doc.OffsetAt(new Position(1, 1), Utf8));
        Assert.Equal(new Position(0, 0), doc.PositionAt(1, Utf16));
        Assert.Equal(new Position(0, 2), doc.PositionAt(3, Utf16));
        Assert.Equal(new Position(0, 4), doc.PositionAt(3, Utf8));
    }

    [Fact]
    public void Offset_and_position_are_inverse() => Holds(Text.Zip(Encoding), input =>
    {
        var (text, encoding) = input;
        var doc = Doc(text);
        for (var offset = 0; offset <= text.Length; offset++)
        {
            var back = doc.OffsetAt(doc.PositionAt(offset, encoding), encoding);
            var inside = offset > 0 && offset < text.Length
                && ((text[offset - 1] == '\r' && text[offset] == '\n' && !doc.HasOddLineEnds) || char.IsSurrogatePair(text[offset - 1], text[offset]));
            if (back != (inside ? offset - 1 : offset))
                return false;
        }

        return true;
    });

    [Fact]
    public void Changes_are_applied_one_after_the_other()
    {
        var changed = Doc("one\ntwo\n").Apply(
            [
                new(new Lsp.Range(new(0, 0), new(1, 0)), ""),
                new(new Lsp.Range(new(0, 3), new(0, 3)), "!\nthree"),
                new(new Lsp.Range(new(1, 0), new(1, 2)), "T"),
            ],
            7,
            Utf16);
        Assert.Equal("two!\nTree\n", changed.Text);
        Assert.Equal(7, changed.Version);
    }

    [Fact]
    public void A_change_without_a_range_is_the_whole_text()
    {
        var changed = Doc("one").Apply(
            [new(new Lsp.Range(new(0, 0), new(0, 3)), "x"), new(null, "all\nnew"), new(new Lsp.Range(new(1, 0), new(1, 0)), "> ")], 2, Utf16);
        Assert.Equal("all\n> new", changed.Text);
    }

    [Fact]
    public void A_backward_range_is_taken_forward()
    {
        var changed = Doc("abcd").Apply([new(new Lsp.Range(new(0, 3), new(0, 1)), "-")], 2, Utf16);
        Assert.Equal("a-d", changed.Text);
    }

    [Fact]
    public void Cursors_sent_from_the_end_to_the_start_give_what_they_give_one_by_one()
    {
        TextDocumentContentChangeEvent[] changes =
        [
            new(new Lsp.Range(new(2, 1), new(2, 1)), "\n\n"),
            new(new Lsp.Range(new(1, 0), new(1, 1)), ""),
            new(new Lsp.Range(new(0, 0), new(0, 1)), "ab"),
        ];
        Assert.Equal("ab\r\n\nz\n\n", Doc("x\r\ny\nz").Apply(changes, 2, Utf16).Text);
    }

    [Fact]
    public void Any_changes_give_the_text_and_the_lines_of_a_naive_model()
    {
        var change = from start in Place
                     from end in Place
                     from text in Gen.Frequency((5, Text), (3, Gen.Elements("", "\n", "\r", "x", "\uDE00")))
                     select new TextDocumentContentChangeEvent(new Lsp.Range(start, end), text);
        Holds(Text.Zip(change.ListOf(), (text, changes) => (text, changes)).Zip(Encoding), input =>
        {
            var ((text, changes), encoding) = input;
            var sorted = changes.OrderByDescending(each => each.Range!.Value.Start).ToList();
            return Agrees(text, [.. changes], encoding) && Agrees(text, sorted, encoding);
        });

        static bool Agrees(string text, List<TextDocumentContentChangeEvent> changes, PositionEncoding encoding)
        {
            var model = text;
            foreach (var each in changes)
            {
                var at = Doc(model);
                var (one, other) = (at.OffsetAt(each.Range!.Value.Start, encoding), at.OffsetAt(each.Range!.Value.End, encoding));
                model = model[..Math.Min(one, other)] + each.Text + model[Math.Max(one, other)..];
            }

            var doc = Doc(text);
            _ = doc.LineCount;
            var result = doc.Apply(changes, 2, encoding);
            var fresh = LineIndex.Of(model);
            return result.Text == model
                && Enumerable.Range(0, fresh.Count).Select(line => fresh[line])
                    .SequenceEqual(Enumerable.Range(0, result.LineCount).Select(line => result.Lines[line]));
        }
    }

    [Fact]
    public void Equal_texts_have_equal_hashes_of_sixteen_digits()
    {
        Assert.Equal(Doc("a\n").Hash, TextDocument.HashOf("a" + "\n"));
        Assert.NotEqual(Doc("a\n").Hash, Doc("a\r\n").Hash);
        Assert.Matches("^[0-9a-f]{16}$", Doc("").Hash);
    }

    private static TextDocument Doc(string text) => new("file:///a.txt", "plaintext", 1, text);
}
