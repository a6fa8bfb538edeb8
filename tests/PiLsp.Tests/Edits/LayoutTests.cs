using PiLsp.Edits;
using Xunit;

namespace PiLsp.Tests.Edits;

/// <summary>What a formatter makes of lines that have just landed.</summary>
public class LayoutTests
{
    [Theory]
    [InlineData("foo(a,b)\n", "foo(\n  a,\n  b,\n)\n", true)]
    [InlineData("x=1", "x = 1 ;", false)]
    [InlineData("if(x){y}", "if (x) {\n  y\n}\n", true)]
    [InlineData("ab", "a,b", false)]
    public void White_space_and_the_comma_behind_the_last_line_are_layout(string one, string other, bool same) => Assert.Equal(same, Layout.IsSame(one, other));

    [Theory]
    [InlineData("one\ntwo\n", "one\nconst b='2'\n", "one\nconst b = \"2\";\n")]
    [InlineData("one\ntwo\n", "one\ntwo\ncall(first,second)\n", "one\ntwo\ncall(\n  first,\n  second,\n)\n")]
    [InlineData("one\ntwo\n", "one\nthree words here\n", "one\n  three words here // mine\n")]
    public void What_is_there_in_another_shape_has_landed(string before, string wanted, string present) =>
        Assert.IsType<HunkLanding.Reshaped>(Assert.Single(Landing.Check(before, TextDiff.Compare(before, wanted), present).Hunks));

    [Theory]
    [InlineData("one\ntwo\n", "one\n  two\n", "one\ntwo  \n")]
    [InlineData("one\ntwo\n", "one\nsomething new\n", "one\nsomething else\n")]
    [InlineData("a + b\n", "a - b\n", "a+b;\n")]
    [InlineData("one\n", "one\n}\n", "one\n} else {\n")]
    public void What_says_something_else_has_not_landed(string before, string wanted, string present) =>
        Assert.IsNotType<HunkLanding.Reshaped>(Assert.Single(Landing.Check(before, TextDiff.Compare(before, wanted), present).Hunks));

    [Fact]
    public void Only_the_layout_of_the_hunks_lines_is_put_back()
    {
        const string earlier = "one\nf(a,b)\nthree\nfour\n";
        var back = TextDiff.Compare(earlier, "one\ntwo\nthree\nfour\n");
        Assert.Equal("mine\none\nf(a,b)\nthree\n  four\n", Layout.PutBack(earlier, "mine\none\nf(\n  a,\n  b,\n)\nthree\n  four\n", back));
    }
}
