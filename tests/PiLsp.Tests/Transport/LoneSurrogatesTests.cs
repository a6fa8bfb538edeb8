using System.Text;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Transport;

public sealed class LoneSurrogatesTests
{
    [Theory]
    [InlineData("""["x"]""", """["x"]""")]
    [InlineData("""["\ud83d\ude00"]""", """["\ud83d\ude00"]""")]
    [InlineData("""["\uD83D\uDE00"]""", """["\uD83D\uDE00"]""")]
    [InlineData("""["\ud83d"]""", """["\ufffd"]""")]
    [InlineData("""["\ude00"]""", """["\ufffd"]""")]
    [InlineData("""["\uDE00\uD83D"]""", """["\ufffd\ufffd"]""")]
    [InlineData("""["\ud83d\ud83d\ude00"]""", """["\ufffd\ud83d\ude00"]""")]
    [InlineData("""["\ud83d\n","\u00e9"]""", """["\ufffd\n","\u00e9"]""")]
    [InlineData("""["\\ud83d"]""", """["\\ud83d"]""")]
    [InlineData("""["\\\ud83d"]""", """["\\\ufffd"]""")]
    [InlineData("""["\"\ud83d"]""", """["\"\ufffd"]""")]
    [InlineData("""["\ud83""", """["\ud83""")]
    [InlineData("""["\""", """["\""")]
    public void Half_of_an_escaped_pair_is_replaced_and_nothing_else(string json, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        LoneSurrogates.ReplaceIn(bytes);
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Half_of_a_pair_in_text_is_replaced_and_nothing_else()
    {
        // Not as data of the test: attributes are stored in UTF-8.
        Assert.Equal("plain", LoneSurrogates.ReplacedIn("plain"));
        Assert.Equal("a😀b", LoneSurrogates.ReplacedIn("a😀b"));
        Assert.Equal("a\ufffd", LoneSurrogates.ReplacedIn("a\ud83d"));
        Assert.Equal("\ufffd\ufffd😀", LoneSurrogates.ReplacedIn("\ude00\ud83d\ud83d\ude00"));
    }
}
