using System.Text;
using PiLsp.Json;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class PiRecordTests
{
    [Fact]
    public void A_text_delta_is_read_whatever_surrounds_it()
    {
        var record =
            Read("""{"type":"message_update","usage":{"input":1.5,"cost":{"total":null}},"assistantMessageEvent":{"type":"text_delta","contentIndex":0,"delta":"a\"\n\u00e9"}}""");
        Assert.Equal(new PiDelta("a\"\né", IsThinking: false), record);
    }

    [Fact]
    public void The_order_of_the_fields_does_not_matter()
    {
        var record =
            Read("""{"type":"message_update","assistantMessageEvent":{"delta":"x","partial":{"type":"text_delta"},"type":"thinking_delta"},"usage":{}}""");
        Assert.Equal(new PiDelta("x", IsThinking: true), record);
    }

    [Fact]
    public void Deltas_of_tool_calls_and_empty_ones_are_passed_over()
    {
        Assert.IsType<PiIgnored>(Read("""{"type":"message_update","assistantMessageEvent":{"type":"toolcall_delta","delta":"{\"pa"}}"""));
        Assert.IsType<PiIgnored>(Read("""{"type":"message_update","assistantMessageEvent":{"type":"text_delta","delta":""}}"""));
    }

    [Fact]
    public void Line_separators_inside_a_string_stay() =>
        Assert.Equal(new PiDelta("a\u2028b\u2029c", false),
            Read("{\"type\":\"message_update\",\"assistantMessageEvent\":{\"type\":\"text_delta\",\"delta\":\"a\u2028b\u2029c\"}}"));

    [Fact]
    public void Two_halves_of_a_surrogate_pair_join_to_what_they_were()
    {
        var first = Assert.IsType<PiDelta>(Read("""{"type":"message_update","assistantMessageEvent":{"type":"text_delta","delta":"x\ud83d"}}"""));
        var second = Assert.IsType<PiDelta>(Read("""{"type":"message_update","assistantMessageEvent":{"type":"text_delta","delta":"\ude00\ty"}}"""));
        Assert.Equal("x😀\ty", first.Text + second.Text);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_dialog_does_not_lose_the_dialog()
    {
        var request = Assert.IsType<PiUiRequest>(Read("""{"type":"extension_ui_request","id":"1","method":"input","title":"a\ud83d","placeholder":"p"}"""));
        Assert.Equal("a\ud83d", request.Body.Text("title"));
    }

    [Fact]
    public void Three_megabytes_come_through_whole()
    {
        var text = new string('é', 3 * 1024 * 1024 / 2);
        Assert.Equal(new PiDelta(text, false),
            Read("""{"type":"message_update","assistantMessageEvent":{"type":"text_delta","delta":"@"}}""".Replace("@", text, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_response_keeps_its_id_and_data()
    {
        var response = Assert.IsType<PiResponse>(Read("""{"id":"c1","type":"response","command":"get_state","success":true,"data":{"a":1}}"""));
        Assert.Equal(("c1", "get_state", true, 1L), (response.Id, response.Command, response.Success, response.Data?.Whole("a")));
    }

    [Fact]
    public void Unknown_types_are_kept_for_whoever_knows_them() =>
        Assert.Equal("quantum", Assert.IsType<PiEvent>(Read("""{"type":"quantum","deep":[1,{"a":null}]}""")).Type);

    [Theory]
    [InlineData("")]
    [InlineData("Warning: printed to stdout")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"type":"agent_start" """)]
    [InlineData("""{"type":"extension_ui_request","method":"input"}""")]
    public void What_is_no_record_is_said_to_be_malformed(string line) => Assert.IsType<PiMalformed>(Read(line));

    [Fact]
    public void Bytes_that_are_no_utf8_are_malformed() =>
        Assert.IsType<PiMalformed>(PiRecord.Read([.. "{\"type\":\"x"u8, 0xff, 0xfe, .. "\"}"u8]));

    [Fact]
    public void A_broken_dialog_still_gives_its_id_so_that_it_can_be_cancelled()
    {
        var record = Read("""{"type":"extension_ui_request","id":"7b1e-42","method":"input","title":"pilsp-gate","placeholder":"{\"v\":1,""");
        Assert.Equal("7b1e-42", Assert.IsType<PiMalformed>(record).DialogId);
    }

    private static PiRecord Read(string line) => PiRecord.Read(Encoding.UTF8.GetBytes(line));
}
