using PiLsp.Faces;
using PiLsp.Protocol;
using Xunit;

namespace PiLsp.Tests.Server;

public class ResumeCommandTests
{
    [Theory]
    [InlineData("sh", "/home/u/.pi/a.jsonl", "pi --session /home/u/.pi/a.jsonl")]
    [InlineData("sh", "/home/u/my $(x) it's/a.jsonl", @"pi --session '/home/u/my $(x) it'\''s/a.jsonl'")]
    [InlineData("sh", @"/home/u/back\slash", @"pi --session '/home/u/back\slash'")]
    [InlineData("cmd", @"C:\Users\u\a.jsonl", @"pi --session C:\Users\u\a.jsonl")]
    [InlineData("cmd", @"C:\Users\A & B\a.jsonl", @"pi --session ""C:\Users\A & B\a.jsonl""")]
    [InlineData("powershell", @"C:\Users\u\a.jsonl", @"pi --session C:\Users\u\a.jsonl")]
    [InlineData("powershell", @"C:\Users\it's $env:X\a.jsonl", @"pi --session 'C:\Users\it''s $env:X\a.jsonl'")]
    [InlineData("powershell", @"C:\Users\it’s\a.jsonl", @"pi --session 'C:\Users\it’’s\a.jsonl'")]
    public void The_path_is_quoted_where_the_shell_needs_it(string shell, string path, string line) =>
        Assert.Equal(line, ResumeCommand.Line(["pi", "--session", path], Enum.Parse<Shell>(shell, ignoreCase: true)));
}
