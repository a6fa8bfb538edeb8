using PiLsp.Agents;
using Xunit;

namespace PiLsp.Tests.Sessions;

public sealed class JudgedOutputsTests
{
    // Against hanging for ever only.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);
    private static readonly ModelAnswer Good = new("local", "good", null);
    private static readonly ModelAnswer Bad = new("local", "bad", null);

    private readonly OutputQueue _said = new();

    [Fact]
    public async Task What_follows_a_message_waits_until_the_message_is_judged()
    {
        var judging = new TaskCompletionSource<string?>();
        var judged = new JudgedOutputs(_said, _ => new ValueTask<string?>(judging.Task));
        _said.TryWrite(new RunStarted());
        _said.TryWrite(new MessageStarted(Good));
        _said.TryWrite(new TextDelta("a"));
        _said.Complete();

        Assert.Equal([new RunStarted()], Drain(judged));
        var waiting = judged.WaitToReadAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.False(judged.Completion.IsCompleted);
        judging.SetResult(null);
        Assert.True(await waiting.WaitAsync(Hang));
        Assert.Equal([new MessageStarted(Good), new TextDelta("a")], Drain(judged));
        await judged.Completion.WaitAsync(Hang);
        Assert.False(await judged.WaitToReadAsync());
    }

    [Fact]
    public void That_a_model_is_refused_is_told_once_in_a_run_and_before_what_it_says()
    {
        var judged = new JudgedOutputs(_said, from => ValueTask.FromResult(from == Bad ? "not that one" : null));
        AgentOutput[] said =
        [
            new RunStarted(), new MessageStarted(Good), new MessageStarted(Bad), new TextDelta("a"), new MessageStarted(Bad), new RunSettled(),
            new RunStarted(), new MessageStarted(Bad),
        ];
        foreach (var output in said)
            _said.TryWrite(output);

        var refusal = new AnswerRefused(Bad, "not that one");
        Assert.Equal(
            [
                new RunStarted(), new MessageStarted(Good), refusal, new MessageStarted(Bad), new TextDelta("a"), new MessageStarted(Bad), new RunSettled(),
                new RunStarted(), refusal, new MessageStarted(Bad),
            ],
            Drain(judged));
    }

    private static List<AgentOutput> Drain(JudgedOutputs judged)
    {
        var drained = new List<AgentOutput>();
        while (judged.TryRead(out var output))
            drained.Add(output);
        return drained;
    }
}
