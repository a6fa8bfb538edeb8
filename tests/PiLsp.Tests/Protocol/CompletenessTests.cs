using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Sessions.Transcripts;
using PiLsp.Tests.Harness;
using Xunit;

namespace PiLsp.Tests.Protocol;

/// <summary>Nothing of the protocol stands in one place only.</summary>
public class CompletenessTests
{
    [Fact]
    public void Every_command_and_message_is_in_its_list()
    {
        Assert.Equal(Fields<ServerCommand>(typeof(WireCommands)).Select(c => c.Name).Order(), WireCommands.All.Select(c => c.Name).Order());
        Assert.Equal(Fields<ServerMessage>(typeof(WireMessages)).Select(m => m.Method).Order(), WireMessages.All.Select(m => m.Method).Order());
        Assert.Equal(WireCommands.All.Count, WireCommands.All.Select(c => c.Name).Distinct().Count());
    }

    [Fact]
    public async Task Every_command_has_a_handler_and_is_offered()
    {
        await using var editor = await Editor.StartAsync();
        foreach (var command in WireCommands.All)
        {
            var refused = (RpcErrorCodes.InvalidParams, $"{command.Name}: the argument must be one object");
            Assert.Equal(refused, await editor.CommandErrorAsync(command.Name, "[1]"));
        }
    }

    [Fact]
    public void Every_event_of_an_agent_that_is_told_has_its_record()
    {
        // For the session alone.
        Type[] kept = [typeof(MessageStarted), typeof(AnswerRefused)];
        var told = Kinds<AgentEvent>().Except(kept);
        var records = told.Select(t => WireEvents.Of("s1", 1, (AgentEvent)Blank(t)).GetType()).ToList();
        Assert.Equal(Kinds(typeof(SessionEvent)).Order(), records.Select(r => r.Name).Order());
    }

    [Fact]
    public void Every_entry_of_a_transcript_has_its_record()
    {
        var entries = Kinds<TranscriptEntry>().Select(t => (TranscriptEntry)Blank(t)).ToList();
        entries.Add(entries.OfType<SpokenEntry>().Single() with { IsThinking = true });
        Assert.Equal(Kinds(typeof(Entry)).Order(), entries.Select(e => WireTranscript.Entry(e).GetType().Name).Order());
    }

    [Fact]
    public void Every_word_that_is_sent_is_one_of_those_in_the_record()
    {
        Assert.Equal(Words(typeof(Edit), "Status"), Enum.GetValues<ProposalStatus>().Select(EditReducer.Name).ToHashSet());
        var states = Enum.GetValues<AvailabilityState>().Select(s => Wire.Availability(new Availability(s)).State);
        Assert.Equal(Words(typeof(AvailabilityReply), "State"), states.ToHashSet());
        Assert.Equal(Words(typeof(NoticeEvent), "Level"), Enum.GetValues<NoticeLevel>().Select(Wire.Name).ToHashSet());
        Assert.Equal(Words(typeof(Status), "Approval"), Enum.GetValues<ApprovalWay>().Select(w => w.ToString().ToLowerInvariant()).ToHashSet());
        Assert.All(Enum.GetValues<PermissionMode>(), mode => Assert.Equal(mode, Wire.Mode(Wire.Mode(mode))));
        Assert.Equal(PermissionModes.Names, Enum.GetValues<Mode>().Select(m => JsonSerializer.SerializeToElement(m, ProtocolJson.Default.Mode).GetString()!));
    }

    [Theory]
    [InlineData("""{"sessionId":"s1","seq":7,"type":"textDelta","text":"x"}""")]
    [InlineData("""{"sessionId":"s1","seq":7,"type":"bashOutput","text":"x","truncated":true}""")]
    [InlineData("""{"sessionId":"s1","seq":7,"type":"widgetChanged","key":"k","placement":"aboveEditor"}""")]
    public void An_event_has_its_fields_and_no_others(string json)
    {
        var read = JsonSerializer.Deserialize(json, ProtocolJson.Default.SessionEvent);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonSerializer.SerializeToNode(read, ProtocolJson.Default.SessionEvent)));
    }

    private static IEnumerable<T> Fields<T>(Type of) => of.GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => f.GetValue(null)).OfType<T>();

    private static IEnumerable<Type> Kinds<T>() => typeof(T).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract);

    private static IEnumerable<string> Kinds(Type of) => of.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType.Name);

    private static HashSet<string> Words(Type of, string field) => [.. (of.GetProperty(field)!.GetCustomAttribute<OneOfAttribute>()
        ?? of.GetConstructors()[0].GetParameters().Single(p => p.Name == field).GetCustomAttribute<OneOfAttribute>()!).Words];

    /// <summary>One with empty texts and lists.</summary>
    private static object Blank(Type type)
    {
        if (type == typeof(string))
            return "";
        if (type.IsValueType)
            return Activator.CreateInstance(type)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return Array.CreateInstance(type.GetGenericArguments()[0], 0);
        if (type.GetField("Empty", BindingFlags.Static | BindingFlags.Public) is { } empty)
            return empty.GetValue(null)!;
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public)
            .First(c => c.GetParameters() is not [{ ParameterType: var only }] || only != type);
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Blank(p.ParameterType))]);
    }
}
