using FsCheck;
using FsCheck.Fluent;
using PiLsp.Lsp;
using Xunit;

namespace PiLsp.Tests.Workspace;

/// <summary>Random documents made of few different lines, so that equal lines, and all line ends, meet often.</summary>
internal static class RandomTexts
{
    private static readonly Gen<string> Line = Gen.Elements(
        "", "", "a", "b", "a", "b", "  x = 1;", "}", "é", "e\u0301", "日本", "😀", "👨‍👩‍👧", "\u2028", "\uD83D", "\uDE00", "\uFEFF");

    private static readonly Gen<string> End = Gen.Elements("\n", "\n", "\n", "\r\n", "\r\n", "\r");

    private static readonly Gen<string> Lines =
        Line.Zip(End, (line, end) => line + end).ListOf().Select(lines => string.Concat(lines));

    public static readonly Gen<string> Text =
        from bom in Gen.Elements("", "", "", "\uFEFF")
        from lines in Lines
        from last in Line
        select bom + lines + last;

    /// <summary>A text and one that came from it by editing: some lines gone, some new ones, some with other ends.</summary>
    public static readonly Gen<(string Before, string After)> Edited = Gen.OneOf(
        Text.SelectMany(before => Edit(before).Select(after => (before, after))),
        Text.Zip(Text, (before, after) => (before, after)));

    public static Gen<string> Edit(string text) =>
        from choices in Gen.Choose(0, 9).ListOf(SplitLines(text).Count)
        from added in Line.Zip(End, (line, end) => line + end).ListOf(choices.Count)
        select string.Concat(SplitLines(text).Select((line, i) => choices[i] switch
        {
            0 => "",
            1 => added[i],
            2 => added[i] + line,
            3 => line.TrimEnd('\r', '\n') + "\n",
            _ => line,
        }));

    /// <summary>Also past every end, and inside characters.</summary>
    public static readonly Gen<Position> Place =
        from line in Gen.Choose(0, 8)
        from character in Gen.Choose(0, 12)
        select new Position(line, character);

    public static readonly Gen<PositionEncoding> Encoding = Gen.Elements(PositionEncoding.Utf16, PositionEncoding.Utf8);

    /// <summary>The plain way to cut a text into lines with their ends; no line after the last end.</summary>
    public static List<string> SplitLines(string text)
    {
        var lines = new List<string>();
        var line = "";
        for (var i = 0; i < text.Length; i++)
        {
            line += text[i];
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                lines.Add(line);
                line = "";
            }
        }

        if (line.Length > 0)
            lines.Add(line);
        return lines;
    }

    /// <summary>A failure's message carries the input, with its line ends to be seen, and the seed to replay it with.</summary>
    public static void Holds<T>(Gen<T> gen, Func<T, bool> property) =>
        Prop.ForAll(gen.ToArbitrary(), input =>
        {
            if (!property(input))
                Assert.Fail($"Does not hold for {Escaped($"{input}")}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(30));

    private static string Escaped(string text) =>
        string.Concat(text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:x4}"));
}
