using FsCheck.Fluent;
using PiLsp.Edits;
using PiLsp.Tests.Workspace;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Edits;

public class TextMergeTests
{
    private const string Old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

    [Fact]
    public void A_hunk_moves_with_its_lines()
    {
        var moved = Assert.IsType<RebasedHunk.Moved>(Rebase(Old, Old.Replace("8", "eight", StringComparison.Ordinal), "0\n" + Old));
        Assert.Equal(new Hunk("h1", 16, 2, "8\n", "eight\n", 8, 1), moved.Hunk);
    }

    [Fact]
    public void A_line_changed_by_both_is_a_clash_that_shows_what_is_there()
    {
        var clash = Assert.IsType<RebasedHunk.Clash>(
            Rebase(Old, Old.Replace("5", "five", StringComparison.Ordinal), Old.Replace("5", "V", StringComparison.Ordinal)));
        Assert.Equal(new RebasedHunk.Clash(8, 2, "V\n"), clash);
    }

    [Fact]
    public void A_deleted_line_is_a_clash_even_where_a_copy_of_it_is_left()
    {
        const string old = "start\nx\nmiddle\nx\nend\n";
        var clash = Assert.IsType<RebasedHunk.Clash>(Rebase(old, "start\nX\nmiddle\nx\nend\n", "start\nmiddle\nx\nend\n"));
        Assert.Equal(new RebasedHunk.Clash(6, 0, ""), clash);
    }

    [Fact]
    public void The_same_change_is_already_there() =>
        Assert.IsType<RebasedHunk.AlreadyThere>(
            Rebase(Old, Old.Replace("5", "five", StringComparison.Ordinal), "0\n" + Old.Replace("5", "five", StringComparison.Ordinal)));

    [Fact]
    public void Two_insertions_at_one_place_clash_unless_they_are_the_same()
    {
        const string agent = "1\n2\n3\nagent\n4\n5\n6\n7\n8\n9\n";
        Assert.Equal(
            new RebasedHunk.Clash(6, 5, "user\n"), Rebase(Old, agent, agent.Replace("agent", "user", StringComparison.Ordinal)));
        Assert.IsType<RebasedHunk.AlreadyThere>(Rebase(Old, agent, agent));
    }

    [Fact]
    public void An_insertion_beside_a_replaced_line_stays_beside_it()
    {
        var agent = Old.Replace("5", "five", StringComparison.Ordinal);
        var user = Old.Replace("5\n", "before\n5\nafter\n", StringComparison.Ordinal);
        var moved = Assert.IsType<RebasedHunk.Moved>(Rebase(Old, agent, user));
        Assert.Equal(user.Replace("5", "five", StringComparison.Ordinal), TextDiff.Apply(user, [moved.Hunk]));
    }

    [Theory]
    [InlineData("a\nb\n", "a\nb\nc\n", "a\nb")]
    [InlineData("a\nb\n", "a\nb", "a\nb\nc\n")]
    public void No_line_is_ever_glued_to_another(string old, string agent, string user) =>
        Assert.IsType<RebasedHunk.Clash>(Rebase(old, agent, user));

    [Fact]
    public void A_hunk_of_another_text_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => TextMerge.Rebase("other\n", "new\n", TextDiff.Compare(Old, "x\n")));

    [Fact]
    public void Edits_of_different_lines_lose_neither_sides_text() => Holds(DisjointEdits.Adjoining, texts =>
    {
        var rebased = TextMerge.Rebase(texts.Base, texts.User, TextDiff.Compare(texts.Base, texts.Agent));
        return rebased.All(each => each is RebasedHunk.Moved)
            && TextDiff.Apply(texts.User, rebased.Cast<RebasedHunk.Moved>().Select(each => each.Hunk)) == texts.Both;
    });

    [Fact]
    public void Without_the_users_doing_every_hunk_stays_where_it_is() => Holds(Edited, texts =>
    {
        var hunks = TextDiff.Compare(texts.Before, texts.After);
        return TextMerge.Rebase(texts.Before, texts.Before, hunks).SequenceEqual(hunks.Select(hunk => new RebasedHunk.Moved(hunk)));
    });

    [Fact]
    public void What_has_been_applied_is_already_there() => Holds(Edited, texts =>
        TextMerge.Rebase(texts.Before, texts.After, TextDiff.Compare(texts.Before, texts.After)).All(each => each is RebasedHunk.AlreadyThere));

    [Fact]
    public void Whatever_both_do_every_line_of_the_user_survives_but_those_the_moved_hunks_replace() =>
        Holds(Edited.SelectMany(texts => Edit(texts.Before).Select(user => (texts.Before, texts.After, user))), input =>
        {
            var (before, agent, user) = input;
            var hunks = TextMerge.Rebase(before, user, TextDiff.Compare(before, agent)).OfType<RebasedHunk.Moved>().Select(each => each.Hunk).ToList();
            var result = SplitLines(TextDiff.Apply(user, hunks));
            var expected = SplitLines(user).Concat(hunks.SelectMany(hunk => SplitLines(hunk.NewText))).ToList();
            return hunks.SelectMany(hunk => SplitLines(hunk.OldText)).All(expected.Remove)
                && expected.Order(StringComparer.Ordinal).SequenceEqual(result.Order(StringComparer.Ordinal));
        });

    [Fact]
    public void A_clash_shows_what_stands_at_its_place() =>
        Holds(Edited.SelectMany(texts => Edit(texts.Before).Select(user => (texts.Before, texts.After, user))), input =>
            TextMerge.Rebase(input.Before, input.user, TextDiff.Compare(input.Before, input.After))
                .OfType<RebasedHunk.Clash>()
                .All(clash => input.user.Substring(clash.Start, clash.Length) == clash.PresentText));

    private static RebasedHunk Rebase(string old, string agent, string user) =>
        Assert.Single(TextMerge.Rebase(old, user, TextDiff.Compare(old, agent)));
}
