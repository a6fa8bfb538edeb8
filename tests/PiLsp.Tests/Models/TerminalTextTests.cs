using System.Text;
using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Models;

public class TerminalTextTests
{
    [Theory]
    [InlineData("plain\n\ttext é 😀", "plain\n\ttext é 😀")]
    [InlineData("\u001b[31mred\u001b[0m \u001b]8;;https://x.example\alink\u001b]8;;\a\r\n10%\r50%\r100% done\nlast\r", "red link\n100% done\nlast")]
    [InlineData("\u001b[38:2::1:2:3mx\u001b(By\u001b]0;title\u001b\\z", "xyz")]
    [InlineData("\u001bP1$r0m\u001b\\a\u001b_gone\u001b\\b\u009b31mc\u009dtitle\u009cd", "abcd")]
    [InlineData("building\r\u001b[Kdone\n", "done\n")]
    [InlineData("building\u001b[2K\u001b[1Gdone\n", "done\n")]
    [InlineData("N\bNA\bAME spin-\b\\\b|\n", "NAME spin|\n")]
    [InlineData("a\r\r\nb\r\n", "a\nb\n")]
    [InlineData("bell\a nul\0 del\u007f", "bell nul del")]
    [InlineData("\u001b]never ends\nbut this is seen", "\nbut this is seen")]
    [InlineData("\u001b[12\nseen", "\nseen")]
    [InlineData("cut\u001b[3", "cut")]
    public void Codes_are_gone_and_a_line_reads_as_it_was_written_last(string text, string shown)
    {
        Assert.Equal(shown, TerminalText.Plain(text));
        // In whatever pieces it comes.
        for (var size = 1; size < text.Length; size++)
            Assert.Equal(shown, Piecewise(text, size));
    }

    [Fact]
    public void A_file_with_lone_carriage_returns_keeps_its_lines() =>
        Assert.Equal("a\nb\nc", TerminalText.Plain("a\rb\r\n\u001b[1mc", writesOver: false));

    [Fact]
    public void Nothing_of_a_line_that_is_not_written_over_is_told_twice()
    {
        var terminal = new TerminalText();
        Assert.Equal(("one", false), terminal.Read("one"));
        Assert.Equal((" two\nthree", false), terminal.Read(" two\nthree"));
        Assert.Equal(("", false), terminal.Read("\r"));
        Assert.Equal(("", false), terminal.Read("\u001b["));
        Assert.Equal(("3!", true), terminal.Read("1m3!"));
        Assert.Equal(("\nfour", false), terminal.Read("\nfour"));
    }

    [Fact]
    public void A_line_of_megabytes_is_read_in_time_that_grows_with_it()
    {
        var terminal = new TerminalText();
        for (var i = 0; i < 10_000; i++)
            Assert.Equal(100, terminal.Read(new string('x', 100)).Text.Length);
        Assert.Equal(("y", true), terminal.Read("\ry"));
    }

    private static string Piecewise(string text, int size)
    {
        var terminal = new TerminalText();
        var shown = new StringBuilder();
        for (var at = 0; at < text.Length; at += size)
        {
            var (more, replaces) = terminal.Read(text.Substring(at, Math.Min(size, text.Length - at)));
            if (replaces)
                shown.Length = shown.ToString().LastIndexOf('\n') + 1;
            shown.Append(more);
        }

        return shown.ToString();
    }
}
