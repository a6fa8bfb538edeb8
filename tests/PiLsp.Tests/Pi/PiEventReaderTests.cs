using System.Text;
using PiLsp.Agents;
using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class PiEventReaderTests
{
    [Fact]
    public void A_run_of_three_stages_gives_every_fact_once()
    {
        var events = Read("""
            {"type":"agent_start"}
            {"type":"turn_start"}
            {"type":"message_start","message":{"role":"user","content":"go"}}
            {"type":"message_end","message":{"role":"user","content":[{"type":"text","text":"go"}]}}
            {"type":"message_update","assistantMessageEvent":{"type":"thinking_delta","delta":"hm"}}
            {"type":"message_end","message":{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"toolCall","id":"t1","name":"read","arguments":{}}],"usage":{"input":10,"output":2,"cacheRead":3,"cacheWrite":4,"totalTokens":19,"cost":{"total":0.25}},"stopReason":"toolUse","model":"m"}}
            {"type":"tool_execution_start","toolCallId":"t1","toolName":"read","args":{"path":"a"}}
            {"type":"tool_execution_update","toolCallId":"t1","toolName":"read","partialResult":{"content":[{"type":"text","text":"par"}]}}
            {"type":"tool_execution_end","toolCallId":"t1","toolName":"read","result":{"content":[{"type":"text","text":"one "},{"type":"image","data":"x"},{"type":"text","text":"two"}]},"isError":false}
            {"type":"message_end","message":{"role":"toolResult","toolCallId":"t1","content":[{"type":"text","text":"one two"}]}}
            {"type":"turn_end","message":{"role":"assistant"},"toolResults":[]}
            {"type":"turn_start"}
            {"type":"message_end","message":{"role":"assistant","content":[{"type":"toolCall","id":"t2","name":"ls"}],"usage":{"input":1,"totalTokens":1},"stopReason":"toolUse"}}
            {"type":"turn_end"}
            {"type":"turn_start"}
            {"type":"message_end","message":{"role":"assistant","content":[{"type":"text","text":"All "},{"type":"text","text":"done."}],"usage":{},"stopReason":"stop"}}
            {"type":"turn_end"}
            {"type":"agent_end","messages":[{"role":"assistant","content":[{"type":"text","text":"All done."}]}],"willRetry":false}
            {"type":"agent_settled"}
            """);
        Assert.Equal(
            ["RunStarted", "TurnStarted", "UserMessage", "ThinkingDelta", "MessageCompleted", "ToolStarted", "ToolProgressed", "ToolEnded", "TurnEnded",
             "TurnStarted", "MessageCompleted", "TurnEnded", "TurnStarted", "MessageCompleted", "TurnEnded", "RunSettled"],
            events.Select(happened => happened.GetType().Name));
        Assert.Equal(["", "", "All done."], events.OfType<MessageCompleted>().Select(message => message.Text));
        Assert.Equal(new AgentUsage(10, 2, 3, 4, 19, 0.25m), events.OfType<MessageCompleted>().First().Usage);
        Assert.Equal(("one two", "par"), (events.OfType<ToolEnded>().Single().Text, events.OfType<ToolProgressed>().Single().Text));
    }

    [Fact]
    public void Of_calls_with_one_id_only_the_last_to_end_has_it_for_itself()
    {
        var events = Read("""
            {"type":"agent_start"}
            {"type":"tool_execution_start","toolCallId":"","toolName":"read","args":{}}
            {"type":"tool_execution_start","toolName":"bash","args":{}}
            {"type":"tool_execution_start","toolCallId":"t1","toolName":"edit","args":{}}
            {"type":"tool_execution_end","toolCallId":"","toolName":"read","isError":true}
            {"type":"tool_execution_end","toolCallId":"t1","toolName":"edit","isError":false}
            {"type":"tool_execution_end","toolName":"bash","isError":false}
            {"type":"tool_execution_start","toolCallId":"","toolName":"ls","args":{}}
            {"type":"agent_settled"}
            {"type":"agent_start"}
            {"type":"tool_execution_start","toolCallId":"","toolName":"ls","args":{}}
            {"type":"tool_execution_end","toolCallId":"","toolName":"ls","isError":false}
            """);
        Assert.Equal([("read", true), ("edit", false), ("bash", false), ("ls", false)], events.OfType<ToolEnded>().Select(e => (e.Tool, e.SharesId)));
    }

    [Fact]
    public void A_retry_does_not_start_the_run_again()
    {
        var events = Read("""
            {"type":"agent_start"}
            {"type":"turn_start"}
            {"type":"message_end","message":{"role":"assistant","content":[],"stopReason":"error","errorMessage":"529 overloaded"}}
            {"type":"turn_end"}
            {"type":"agent_end","messages":[],"willRetry":true}
            {"type":"auto_retry_start","attempt":1,"maxAttempts":3,"delayMs":2000.5,"errorMessage":"529 overloaded"}
            {"type":"agent_start"}
            {"type":"auto_retry_end","success":true,"attempt":1}
            {"type":"agent_end","messages":[],"willRetry":false}
            {"type":"agent_settled"}
            {"type":"agent_start"}
            {"type":"agent_settled","aborted":true}
            """);
        Assert.Equal(2, events.OfType<RunStarted>().Count());
        Assert.Equal(2, events.OfType<RunSettled>().Count());
        Assert.Equal(("error", "529 overloaded"), (events.OfType<MessageCompleted>().Single().StopReason, events.OfType<MessageCompleted>().Single().Error));
        Assert.Equal(new RetryScheduled(1, 3, 2000, "529 overloaded"), events.OfType<RetryScheduled>().Single());
        Assert.Equal(new RetryEnded(true, 1, null), events.OfType<RetryEnded>().Single());
    }

    [Fact]
    public void A_run_that_settles_without_having_begun_is_a_run_all_the_same() =>
        Assert.Equal([typeof(RunStarted), typeof(RunSettled)], Read("""{"type":"agent_settled"}""").Select(happened => happened.GetType()));

    [Fact]
    public void A_turn_that_a_run_leaves_open_is_ended_before_it_settles() =>
        Assert.Equal(
            [typeof(RunStarted), typeof(TurnStarted), typeof(TurnEnded), typeof(RunSettled)],
            Read("""
                {"type":"agent_start"}
                {"type":"turn_start"}
                {"type":"agent_settled"}
                """).Select(happened => happened.GetType()));

    [Fact]
    public void Compaction_says_how_much_it_saved_or_why_it_did_not() =>
        Assert.Equal(
            [
                new CompactionStarted("threshold"), new CompactionEnded("threshold", 150000, 32000, false, null),
                new CompactionStarted("manual"), new CompactionEnded("manual", null, null, true, null),
                new CompactionStarted("overflow"), new CompactionEnded("overflow", null, null, false, "no room"),
            ],
            Read("""
                {"type":"compaction_start","reason":"threshold"}
                {"type":"compaction_end","reason":"threshold","result":{"tokensBefore":150000,"estimatedTokensAfter":32000},"aborted":false}
                {"type":"compaction_start","reason":"manual"}
                {"type":"compaction_end","reason":"manual","aborted":true}
                {"type":"compaction_start","reason":"overflow"}
                {"type":"compaction_end","reason":"overflow","aborted":false,"errorMessage":"no room"}
                """));

    [Fact]
    public void State_changes_and_notices_come_through_and_the_unknown_is_passed_over()
    {
        var events = Read("""
            {"type":"queue_update","steering":["a"],"followUp":["b","c"]}
            {"type":"thinking_level_changed","level":"high"}
            {"type":"session_info_changed","name":"work"}
            {"type":"session_info_changed"}
            {"type":"extension_error","extensionPath":"/x.ts","event":"tool_call","error":"boom"}
            {"type":"extension_ui_request","id":"1","method":"notify","message":"careful","notifyType":"warning"}
            {"type":"extension_ui_request","id":"2","method":"setStatus","statusKey":"k","statusText":"\u001b[32mt\u001b[0m"}
            {"type":"extension_ui_request","id":"3","method":"setStatus","statusKey":"k"}
            {"type":"extension_ui_request","id":"4","method":"setTitle","title":"\u001b]0;x\u0007title"}
            {"type":"extension_ui_request","id":"5","method":"set_editor_text","text":"text"}
            {"type":"entry_appended","entry":{}}
            {"type":"quantum_entangled"}
            """);
        var queue = Assert.IsType<QueueChanged>(events[0]);
        Assert.Equal(["a"], queue.Steering);
        Assert.Equal(["b", "c"], queue.FollowUp);
        Assert.Equal(
            [
                new ThinkingLevelChanged("high"), new SessionRenamed("work"), new SessionRenamed(null),
                new AgentNotice(NoticeLevel.Error, "The Pi extension /x.ts failed in tool_call: boom"),
                new AgentNotice(NoticeLevel.Warning, "careful", IsForUser: true),
                new StatusLineChanged("k", "t"), new StatusLineChanged("k", null), new TitleChanged("title"), new PromptTextSet("text"),
            ],
            events.Skip(1));
    }

    private static List<AgentEvent> Read(string lines)
    {
        var events = new List<AgentEvent>();
        var reader = new PiEventReader(events.Add);
        foreach (var line in lines.Split('\n'))
            switch (PiRecord.Read(Encoding.UTF8.GetBytes(line)))
            {
                case PiDelta delta: reader.Read(delta); break;
                case PiEvent happened: reader.Read(happened); break;
                case PiUiRequest request: reader.Read(request); break;
            }

        return events;
    }
}
