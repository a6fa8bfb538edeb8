using System.Text.Json;
using PiLsp.Lsp;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

/// <summary>What editors were recorded to send for texts with odd line ends (the client's own text is the right one).</summary>
public class LineCountingTests
{
    private const string Progress = "progress 10%\rprogress 50%\rdone\nkeep one\nkeep two\nfoo\nkeep three\n";

    [Theory]
    [InlineData("", LineEndKinds.None)]
    [InlineData("a\nb", LineEndKinds.Lf)]
    [InlineData("a\r\nb", LineEndKinds.CrLf)]
    [InlineData("a\rb\r", LineEndKinds.Cr)]
    [InlineData("a\r\nb\n", LineEndKinds.CrLf | LineEndKinds.Lf)]
    [InlineData("a\r\r\n", LineEndKinds.CrLf | LineEndKinds.Cr)]
    internal void The_kinds_of_line_ends_are_counted_once_each(string text, LineEndKinds kinds) => Assert.Equal(kinds, LineEnds.KindsIn(text));

    [Fact]
    public void Typing_below_a_lone_CR_goes_where_Neovim_and_Emacs_mean_it()
    {
        var typed = Doc(Progress).Apply([Change(3, 0, 3, 3, "bar", 3)], 2, PositionEncoding.Utf16);
        Assert.Equal(Progress.Replace("foo", "bar", StringComparison.Ordinal), typed.Text);
        Assert.False(typed.IsDoubtful);
    }

    [Fact]
    public void Typing_behind_a_CR_at_the_end_of_a_line_stays_behind_it()
    {
        var typed = Doc("one\r\ntwo\nthree\n").Apply([Change(0, 4, 0, 4, "x", 0)], 2, PositionEncoding.Utf16);
        Assert.Equal("one\rx\ntwo\nthree\n", typed.Text);
    }

    [Fact]
    public void A_client_that_counts_by_the_LSP_is_known_by_the_length_that_it_gives()
    {
        var typed = Doc(Progress).Apply([Change(5, 0, 5, 3, "bar", 3)], 2, PositionEncoding.Utf16);
        Assert.Equal(Progress.Replace("foo", "bar", StringComparison.Ordinal), typed.Text);
        Assert.Equal((LineCounting.Lsp, false), (typed.Counting, typed.IsDoubtful));

        // An old Mac's text in Neovim: the one line that \n makes of it has no line three.
        var mac = Doc("one\rtwo\rthree\r").Apply([Change(1, 0, 1, 3, "2", 3)], 2, PositionEncoding.Utf16);
        Assert.Equal("one\r2\rthree\r", mac.Text);
    }

    [Fact]
    public void A_change_that_fits_no_count_is_doubted_until_the_whole_text_comes()
    {
        var doubted = Doc(Progress).Apply([Change(1, 0, 1, 4, "", 9)], 2, PositionEncoding.Utf16);
        Assert.True(doubted.IsDoubtful);
        Assert.True(doubted.Apply([Change(2, 0, 2, 1, "x", 1)], 3, PositionEncoding.Utf16).IsDoubtful);
        Assert.False(doubted.Apply([new(null, "all of it")], 3, PositionEncoding.Utf16).IsDoubtful);
    }

    [Fact]
    public void A_client_that_turns_out_to_count_otherwise_after_a_guess_is_doubted()
    {
        var guessed = Doc(Progress).Apply([Change(2, 0, 2, 0, "x", 0)], 2, PositionEncoding.Utf16);
        Assert.Equal((true, false), (guessed.IsGuessed, guessed.IsDoubtful));
        Assert.True(guessed.Apply([Change(5, 0, 5, 3, "bar", 3)], 3, PositionEncoding.Utf16).IsDoubtful);
    }

    [Fact]
    public void A_place_behind_the_end_of_a_text_without_a_last_line_end_is_no_reason_for_doubt()
    {
        var typed = Doc("a\rb\nlast").Apply([Change(1, 0, 2, 0, "end\n", 5)], 2, PositionEncoding.Utf16);
        Assert.Equal(("a\rb\nend\n", false), (typed.Text, typed.IsDoubtful));
    }

    [Theory]
    // Helix deletes "a\rb\n" or "0%\rp" and counts each \r of it as a line.
    [InlineData("x\na\rb\nc\n", 1, 0, 3, 0, "x\nc\n")]
    [InlineData("10%\rp50%\ny\n", 0, 1, 1, 1, "150%\ny\n")]
    [InlineData("a\r\nb\nc\n", 0, 0, 1, 0, "b\nc\n")]
    public void The_end_of_a_range_is_walked_over_what_is_replaced(string text, int startLine, int start, int endLine, int end, string after)
    {
        var changed = Doc(text).Apply(
            [new(new Lsp.Range(new(startLine, start), new(endLine, end)), "")], 2, PositionEncoding.Utf8, endsAreWalked: true);
        Assert.Equal(after, changed.Text);
    }

    [Theory]
    [InlineData("a\rb\nc\nd\n", OpeningHabit.OneKind, "a\nb\nc\nd\n")]
    [InlineData("a\r\nb\rc\r\n", OpeningHabit.OneKind, "a\r\nb\r\nc\r\n")]
    [InlineData("a\rb\r", OpeningHabit.OneKind, "a\r\nb\r\n")]
    [InlineData("a\r\r\nb\r\n", OpeningHabit.OneKind, "a\r\n\r\nb\r\n")]
    [InlineData("a\r\nb\nc\n", OpeningHabit.OneKind, "a\nb\nc\n")]
    [InlineData("a\r\nb\r\n", OpeningHabit.OneKind, "a\r\nb\r\n")]
    [InlineData("a\r\nb\r\n", OpeningHabit.CrLfAsLf, "a\nb\n")]
    [InlineData("a\r\nb\n", OpeningHabit.CrLfAsLf, "a\r\nb\n")]
    [InlineData("a\rb\nc\r\n", OpeningHabit.AsIs, "a\rb\nc\r\n")]
    internal void A_file_is_what_its_editor_makes_of_it(string disk, OpeningHabit habit, string opened) => Assert.Equal(opened, LineEnds.AsOpened(disk, habit));

    [Theory]
    [InlineData("\uFEFFa\r\nb\r\n", "a\nb", true)]
    [InlineData("a\rb\n", "a\nb\n", true)]
    [InlineData("a\nb\n\n", "a\nb\n", false)]
    [InlineData("a\n b\n", "a\nb\n", false)]
    [InlineData("a", "a\nb", false)]
    [InlineData("", "\n", true)]
    public void A_buffer_says_the_same_as_its_disk_whatever_ends_its_lines(string disk, string buffer, bool same) =>
        Assert.Equal(same, LineEnds.SameContent(disk, buffer));

    [Theory]
    [InlineData("naïve → x\n", "naÃ¯ve â†’ x\n", true)]
    [InlineData("\u001b$B$3\u001b(B\n", "こ\n", true)]
    [InlineData("naïve and new\n", "naÃ¯ve\n", false)]
    [InlineData("é\n", "è\n", false)]
    [InlineData("b\n", "a\n", false)]
    public void A_file_that_the_editor_has_read_in_another_encoding_is_not_newer(string disk, string buffer, bool sameFile)
    {
        Assert.Equal(!sameFile, DiskAge.IsNewer(disk, Doc(buffer).ReadOtherwise()));
        Assert.True(DiskAge.IsNewer(disk, Doc(buffer)));
    }

    private static TextDocumentContentChangeEvent Change(int startLine, int start, int endLine, int end, string text, int length) =>
        new(new Lsp.Range(new(startLine, start), new(endLine, end)), text, JsonSerializer.SerializeToElement(length));

    private static TextDocument Doc(string text) => new("file:///a.txt", "plaintext", 1, text);
}
