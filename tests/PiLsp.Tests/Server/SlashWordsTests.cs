using PiLsp.Server.Prompting;
using PiLsp.Sessions;
using PiLsp.Sessions.Transcripts;
using Xunit;

namespace PiLsp.Tests.Server;

public class SlashWordsTests
{
    [Theory]
    [InlineData("/new", "new", "")]
    [InlineData("/new  ", "new", "")]
    [InlineData("/session", "session", "")]
    [InlineData("/model local/scripted-1", "model", "local/scripted-1")]
    [InlineData("/thinking high", "thinking", "high")]
    [InlineData("/compact keep what was decided, drop the rest", "compact", "keep what was decided, drop the rest")]
    [InlineData("/name The Garden", "name", "The Garden")]
    [InlineData("/name sign-up: v2.1", "name", "sign-up: v2.1", false)]
    [InlineData("/name v2.1", "name", "v2.1")]
    [InlineData("/name \"of mice, and men\"", "name", "of mice, and men")]
    [InlineData("/resume /home/me/my sessions/a.jsonl", "resume", "/home/me/my sessions/a.jsonl")]
    [InlineData("/export /tmp/a.html", "export", "/tmp/a.html")]
    public void A_command_of_ours_has_what_it_takes(string prompt, string name, string argument, bool isCommand = true)
    {
        Assert.Equal(isCommand ? (name, argument) : null, SlashWords.Find(prompt));
        Assert.Equal(!isCommand, SlashWords.IsPlain(prompt));
        Assert.False(SlashWords.IsForPi(prompt));
    }

    [Theory]
    [InlineData("/new users cannot sign up, fix it")]
    [InlineData("/new\nusers cannot sign up")]
    [InlineData("/session handling is broken")]
    [InlineData("/clone the repository and look")]
    [InlineData("/name of the variable is misleading")]
    [InlineData("/name things better, please")]
    [InlineData("/name the columns as they are in the table")]
    [InlineData("/model the data so that orders fit")]
    [InlineData("/thinking about it, drop the cache")]
    [InlineData("/login does not work with Safari")]
    [InlineData("/logout should clear the cookie")]
    [InlineData("/resume the upload after a lost connection")]
    [InlineData("/export all users as CSV")]
    [InlineData("/permissions are not checked in api.ts")]
    public void A_sentence_that_begins_with_a_commands_name_is_a_prompt(string prompt)
    {
        Assert.Null(SlashWords.Find(prompt));
        Assert.True(SlashWords.IsPlain(prompt));
        Assert.Equal(" " + prompt, PromptText.Plain(prompt));
        Assert.Equal(prompt, PromptText.Words(PromptText.With(PromptText.Plain(prompt), "what the editor shows")));
    }

    [Theory]
    [InlineData("/review pond")]
    [InlineData("/newer things")]
    [InlineData("/skill:pdf read it")]
    public void What_is_none_of_ours_is_left_to_Pi(string prompt)
    {
        Assert.Null(SlashWords.Find(prompt));
        Assert.False(SlashWords.IsPlain(prompt));
        Assert.True(SlashWords.IsForPi(prompt));
    }
}
