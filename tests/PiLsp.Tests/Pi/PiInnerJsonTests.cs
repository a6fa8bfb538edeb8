using System.Text.Json;
using PiLsp.Json;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

/// <summary>JSON inside of a JSON string, as the gate sends whole files.</summary>
public class PiInnerJsonTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("a\nb\r\nc\td\b\f\\ / \" end\\")]
    [InlineData("é ü 漢 😀 \u2028")]
    [InlineData("😀")]
    [InlineData("\0\u0001\u001f")]
    public void What_is_inside_comes_out_as_it_went_in(string text)
    {
        Assert.Equal(text, Inner(JsonSerializer.Serialize(JsonSerializer.Serialize(new { text }))));
        // JavaScript leaves nearly everything as it is, .NET escapes it: both are the same string.
        var relaxed = new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        Assert.Equal(text, Inner(JsonSerializer.Serialize(JsonSerializer.Serialize(new { text }, relaxed), relaxed)));
        Assert.Equal(text, Inner(Escaped(JsonSerializer.Serialize(new { text }, relaxed))));
    }

    /// <summary>JavaScript cuts strings anywhere, and writes half of a pair as an escape, which the string around it escapes once more.</summary>
    [Fact]
    public void Half_of_a_pair_stays_where_it_is() => Assert.Equal("a\ud83d b", Inner(JsonSerializer.Serialize("""{"text":"a\ud83d b"}""")));

    [Theory]
    [InlineData("""{"text":"x"}""")]
    [InlineData("7")]
    [InlineData(@"""no json""")]
    [InlineData(@"""{\""text\"":\""a\ud83d b\""}""")]
    [InlineData(@"""{\""text\"":\""a\ude00\""}""")]
    [InlineData(@"""\ud83d""")]
    public void What_is_no_string_or_no_json_is_an_error(string json) => Assert.ThrowsAny<JsonException>(() => Inner(json));

    private static string Inner(string json) => JsonElement.Parse(json).ReadInner(body => body.Text("text")!);

    /// <summary>Each unit as an escape.</summary>
    private static string Escaped(string text) => $"\"{string.Concat(text.Select(c => $"\\u{(int)c:x4}"))}\"";
}
