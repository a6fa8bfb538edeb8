using FsCheck.Fluent;
using PiLsp.Edits;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Edits;

public class LandingTests
{
    private const string Base = "1\n2\n3\n4\n5\n6\n7\n";
    private const string Wanted = "1\ntwo\n3\n5\n6\nsix and a half\n7\n";
    private static readonly IReadOnlyList<Hunk> Sent = TextDiff.Compare(Base, Wanted);

    [Fact]
    public void Everything_landed_and_nothing_else_is_exact()
    {
        var report = Landing.Check(Base, Sent, Wanted);
        Assert.True(report.Exact);
        Assert.All(report.Hunks, landing => Assert.IsType<HunkLanding.Landed>(landing));
    }

    [Theory]
    [InlineData("1\r\n2\r\n", "1\r\nX\r\n", "1\nX\n")]
    [InlineData("1\n2", "1\nX", "1\nX\n")]
    [InlineData("1\n2", "1\nX", "1\r\nX\r\n")]
    [InlineData("1\r2\nb\n", "1\r2\nX\n", "1\r2\r\nX\r\n")]
    public void Other_line_ends_and_a_last_line_end_added_by_the_editor_do_not_count(string before, string wanted, string present) =>
        Assert.True(Landing.Check(before, TextDiff.Compare(before, wanted), present).Exact);

    [Fact]
    public void A_part_that_is_there_is_seen_though_a_diff_finds_the_change_somewhere_else()
    {
        const string Before = "one\ntwo\na\na\na\nold\nb\na\nb\nb\n";
        var sent = TextDiff.Compare(Before, "one\ntwo\na\na\nnew one\nnew two\na\nb\nb\n");
        var report = Landing.Check(Before, sent, "one two\na\na\nnew one, the user's\nnew two\na\nb\nb\n");
        Assert.DoesNotContain(sent.Zip(report.Hunks), pair =>
            pair.First.NewText.Contains("new two", StringComparison.Ordinal) && pair.Second is HunkLanding.NotLanded);
    }

    [Fact]
    public void A_line_that_came_among_its_like_is_there_where_all_the_rest_of_the_edit_is()
    {
        Hunk[] sent = [new("h1", 10, 0, "", "same\n", 2, 0), new("h2", 10, 4, "same", "the end", 2, 1)];
        var report = Landing.Check("head\nsame\nsame", sent, "  head\nsame\nsame\nthe end");
        Assert.All(report.Hunks, landing => Assert.IsType<HunkLanding.Landed>(landing));
        // Of an edit that has not come nothing is there.
        Assert.DoesNotContain(new HunkLanding.Landed(), Landing.Check("head\nsame\nsame", sent, "  head\nsame\nsame").Hunks);
    }

    [Fact]
    public void A_part_that_is_there_is_seen_though_the_old_line_has_its_like_beside_it()
    {
        Hunk[] sent = [new("h1", 0, 5, "head\n", "first\nsame\n", 0, 1), new("h2", 10, 5, "same\n", "new one\nnew two\n", 2, 1)];
        var report = Landing.Check("head\nsame\nsame\nend\n", sent, "first\nsame\nsame\nnew one\nthe user's\nend\n");
        Assert.Equal("same\nnew one\nthe user's\n", Assert.IsType<HunkLanding.Changed>(report.Hunks[1]).PresentText);
    }

    [Fact]
    public void A_last_line_end_that_the_editor_put_back_does_not_count()
    {
        var report = Landing.Check("0\n1\n2\n3\n", TextDiff.Compare("0\n1\n2\n3\n", "0\nX\n2\n3"), "user\nX\n2\n3\n");
        Assert.Equal([new HunkLanding.Landed(), new HunkLanding.Landed()], report.Hunks);
    }

    [Fact]
    public void A_last_line_end_that_was_sent_and_is_missing_counts()
    {
        var report = Landing.Check("1\n2", TextDiff.Compare("1\n2", "1\n2\n"), "1\n2");
        Assert.False(report.Exact);
        Assert.Equal([new HunkLanding.NotLanded()], report.Hunks);
    }

    [Fact]
    public void An_editor_that_applied_nothing_is_found_out() =>
        Assert.All(Landing.Check(Base, Sent, Base).Hunks, landing => Assert.IsType<HunkLanding.NotLanded>(landing));

    [Fact]
    public void Text_of_the_user_in_the_place_of_a_hunk_is_shown()
    {
        var report = Landing.Check(Base, Sent, "1\nmine\n3\n5\n6\nsix and a half\n7\n");
        Assert.Equal([new HunkLanding.Changed("mine\n"), new HunkLanding.Landed(), new HunkLanding.Landed()], report.Hunks);
        Assert.False(report.Exact);
    }

    [Fact]
    public void Old_and_new_text_side_by_side_is_not_called_landed()
    {
        var report = Landing.Check("a\n", TextDiff.Compare("a\n", "b\n"), "b\na\n");
        Assert.Equal([new HunkLanding.Changed("b\na\n")], report.Hunks);
    }

    [Fact]
    public void Text_typed_after_a_last_line_without_an_end_hides_no_landing() =>
        Assert.Equal([new HunkLanding.Landed()], Landing.Check("1\n2", TextDiff.Compare("1\n2", "1\nX"), "1\nX\nmore\n").Hunks);

    [Theory]
    [InlineData("1\ntwo!\n3\n", true)]
    [InlineData("1\nnew\ntwo!\n3\n", false)]
    public void An_added_line_is_told_from_typing_beside_its_place(string present, bool changed)
    {
        var landing = Assert.Single(Landing.Check("1\n2\n3\n", TextDiff.Compare("1\n2\n3\n", "1\nnew\n2\n3\n"), present).Hunks);
        Assert.Equal(changed ? new HunkLanding.Changed("two!\n") : new HunkLanding.Landed(), landing);
    }

    [Fact]
    public void Whatever_was_applied_as_sent_has_landed_exactly() => Holds(Edited, texts =>
    {
        var hunks = TextDiff.Compare(texts.Before, texts.After);
        var report = Landing.Check(texts.Before, hunks, TextDiff.Apply(texts.Before, hunks));
        return report.Exact && report.Hunks.All(landing => landing is HunkLanding.Landed);
    });

    [Fact]
    public void A_buffer_left_alone_has_nothing_landed_but_what_was_only_line_ends() => Holds(Edited, texts =>
    {
        var hunks = TextDiff.Compare(texts.Before, texts.After);
        var report = Landing.Check(texts.Before, hunks, texts.Before);

        // An editor's empty buffer is a single line end: that one cannot be told from a deletion that did not land.
        return report.Exact
            ? Content(texts.Before) == Content(texts.After)
            : report.Hunks.Zip(hunks).All(pair => pair.First is HunkLanding.NotLanded || Content(pair.Second.OldText) == Content(pair.Second.NewText));

        static string Content(string text) => string.Join('\n', SplitLines(text).Select(line => line.TrimEnd('\r', '\n')));
    });

    [Fact]
    public void With_some_hunks_applied_and_the_user_typing_elsewhere_each_hunk_is_judged_right() =>
        Holds(DisjointEdits.Apart.Zip(Gen.Choose(0, 255)), input =>
        {
            var (texts, taken) = input;
            var hunks = TextDiff.Compare(texts.Base, texts.Agent);
            var moved = TextMerge.Rebase(texts.Base, texts.User, hunks).Cast<RebasedHunk.Moved>().ToList();
            var applied = moved.Select((_, i) => (taken >> (i % 8) & 1) == 1).ToList();
            var present = TextDiff.Apply(texts.User, moved.Where((_, i) => applied[i]).Select(each => each.Hunk));
            var report = Landing.Check(texts.Base, hunks, present.ReplaceLineEndings("\n"));
            return report.Hunks.Select(landing => landing is HunkLanding.Landed).SequenceEqual(applied)
                && report.Hunks.All(landing => landing is not HunkLanding.Changed);
        });
}
