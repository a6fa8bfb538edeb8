using PiLsp.Server.Prompting;
using Xunit;

namespace PiLsp.Tests.Server;

public class MentionTests
{
    [Theory]
    [InlineData("see @src/a.ts.", "src/a.ts")]
    [InlineData("(@a.ts), @b.ts; @\"c d.md\"", "a.ts|b.ts|c d.md")]
    [InlineData("me@example.org @scope/pkg@1.0", "scope/pkg")]
    [InlineData("@ alone, @@twice and /@path", "")]
    [InlineData("@a.ts#L3 @a.ts#L3-9 @a.ts#L9-L3 @a.ts#L0", "a.ts:3-3|a.ts:3-9|a.ts:3-9|a.ts")]
    [InlineData("@größe/ü.txt\n@x", "größe/ü.txt|x")]
    public void What_is_mentioned_is_found(string prompt, string expected) =>
        Assert.Equal(expected, string.Join('|', Mention.Find(prompt).Select(m => m.Lines is var (first, last) ? $"{m.Path}:{first + 1}-{last + 1}" : m.Path)));

    [Theory]
    [InlineData("src/a.ts")]
    [InlineData("a file.md")]
    public void What_is_written_as_a_mention_is_read_as_one(string path) =>
        Assert.Equal(path, Assert.Single(Mention.Find($"look at {Mention.Write(path)} now")).Path);
}
