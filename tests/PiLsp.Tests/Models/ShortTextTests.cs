using System.Globalization;
using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class ShortTextTests
{
    [Fact]
    public void A_text_that_is_short_enough_stays_and_a_long_one_is_marked()
    {
        Assert.Equal("abc", ShortText.Of("abc", 3));
        Assert.Equal("ab…", ShortText.Of("ab cd", 3));
        Assert.Equal("one…", ShortText.FirstLine("\n  one two\nthree", 4));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("😀")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("e\u0301")]
    [InlineData("🇩🇪")]
    [InlineData("한")]
    public void No_character_is_halved_at_either_end(string one)
    {
        foreach (var before in (string[])["", "abc ", "é"])
        {
            var text = before + string.Concat(Enumerable.Repeat(one, 40));
            var characters = StringInfo.ParseCombiningCharacters(text);
            for (var most = before.Length + one.Length; most < text.Length; most++)
            {
                var start = ShortText.Start(text, most);
                Assert.Contains(start.Length, characters);
                Assert.InRange(start.Length, most - one.Length + 1, most);
                Assert.StartsWith(start, text, StringComparison.Ordinal);
                var end = ShortText.End(text, most);
                Assert.Contains(text.Length - end.Length, characters);
                Assert.InRange(end.Length, most - one.Length + 1, most);
                Assert.EndsWith(end, text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_character_longer_than_all_there_is_room_for_is_cut_between_its_parts()
    {
        var tower = "a" + new string('\u0301', 100);
        Assert.Equal(tower[..10], ShortText.Start(tower, 10));
        Assert.Equal(10, ShortText.End(tower, 10).Length);
        Assert.Equal("👨‍", ShortText.Start("👨‍👩‍👧‍👦", 4));
        Assert.Equal("", ShortText.Start("abc", 0));
        Assert.Equal("", ShortText.End("abc", 0));
    }

    [Fact]
    public void Half_a_pair_by_itself_is_as_good_as_any_character()
    {
        var text = string.Concat(Enumerable.Repeat("\ud83d", 20));
        Assert.Equal(7, ShortText.Start(text, 7).Length);
        Assert.Equal(7, ShortText.End(text, 7).Length);
    }
}
