using System.Globalization;
using PiLsp.Edits;
using Xunit;
using static PiLsp.Tests.Workspace.RandomTexts;

namespace PiLsp.Tests.Edits;

public class UnifiedTests
{
    [Fact]
    public void A_diff_reads_as_everywhere()
    {
        const string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12";
        const string after = "1\n2\nthree\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n";
        Assert.Equal(
            """
            --- a/dir/x.txt
            +++ b/dir/x.txt
            @@ -1,6 +1,6 @@
             1
             2
            -3
            +three
             4
             5
             6
            @@ -9,4 +9,5 @@
             9
             10
             11
            -12
            \ No newline at end of file
            +12
            +13

            """.ReplaceLineEndings("\n"),
            TextDiff.Unified("dir/x.txt", before, TextDiff.Compare(before, after)));
    }

    [Fact]
    public void A_new_text_starts_at_line_zero() =>
        Assert.Equal("--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n", TextDiff.Unified("x", "", TextDiff.Compare("", "a")));

    [Fact]
    public void Without_hunks_there_is_no_diff() => Assert.Equal("", TextDiff.Unified("x", "a\n", []));

    [Fact]
    public void Whoever_applies_the_diff_gets_the_new_text() => Holds(Edited, texts =>
    {
        // A lone \r ends a line here, but not for the tools that read diffs.
        var (before, after) = (WithoutLoneCr(texts.Before), WithoutLoneCr(texts.After));
        return Patch(before, TextDiff.Unified("x", before, TextDiff.Compare(before, after))) == after;
    });

    private static string WithoutLoneCr(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    /// <summary>A strict reader of unified diffs: every line of context and every count has to be right.</summary>
    private static string Patch(string text, string diff)
    {
        if (diff.Length == 0)
            return text;

        var source = SplitLines(text);
        var lines = diff.Split('\n')[2..^1];
        var result = new List<string>();
        var at = 0;
        for (var i = 0; i < lines.Length;)
        {
            Assert.StartsWith("@@ -", lines[i], StringComparison.Ordinal);
            var ranges = lines[i++].Split(' ');
            var (oldFrom, oldCount) = Parse(ranges[1]);
            var (newFrom, newCount) = Parse(ranges[2]);
            while (at < oldFrom)
                result.Add(source[at++]);
            Assert.Equal(newFrom, result.Count);
            var (oldTo, newTo) = (at + oldCount, result.Count + newCount);
            while (i < lines.Length && !lines[i].StartsWith("@@", StringComparison.Ordinal))
            {
                var unended = i + 1 < lines.Length && lines[i + 1].StartsWith('\\');
                var content = lines[i][1..] + (unended ? "" : "\n");
                if (lines[i][0] is ' ' or '-')
                    Assert.Equal(source[at++], content);
                if (lines[i][0] is ' ' or '+')
                    result.Add(content);
                i += unended ? 2 : 1;
            }

            Assert.Equal((oldTo, newTo), (at, result.Count));
        }

        return string.Concat(result.Concat(source[at..]));
    }

    private static (int From, int Count) Parse(string range)
    {
        var parts = range[1..].Split(',');
        var count = parts.Length == 1 ? 1 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return (int.Parse(parts[0], CultureInfo.InvariantCulture) - (count == 0 ? 0 : 1), count);
    }
}
