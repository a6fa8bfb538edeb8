using PiLsp.Agents;
using PiLsp.Server.Conversations;
using Xunit;

namespace PiLsp.Tests.Server;

public class SessionTitleTests
{
    [Theory]
    [InlineData("Garden", "plan it", "Garden")]
    [InlineData(null, "plan it", "plan it")]
    [InlineData(null, "plan it\n\n<editor>\nThe user has a.ts open.\n</editor>", "plan it")]
    [InlineData(null, "plan it\n\n<editor>\nThe user has a.t", "plan it")]
    [InlineData(null, "<editor>\nThe user has a.ts open.\n</editor>", null)]
    [InlineData(null, "what is <editor>?", "what is <editor>?")]
    [InlineData(null, null, null)]
    public void It_is_the_name_or_the_users_own_first_words(string? name, string? words, string? title) => Assert.Equal(
        title, SessionTitle.Of(new StoredSession("/s.jsonl", "s", "/work", default, 1, name, words, null, 2, default, null)));
}
