using System.Globalization;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using Xunit;
using Xunit.Abstractions;

namespace PiLsp.Tests.Golden;

/// <summary>
/// Recorded stories, damaged: messages lost, doubled, moved; Pi gone after each of them. The core takes it all without an
/// exception, and when Pi is gone nobody waits any more: each ask and each decision has been answered once, each request of the agent at least once.
/// PILSP_SEED replays a run, PILSP_CASES makes it longer.
/// </summary>
public class TranscriptFuzzTests(ITestOutputHelper output)
{
    private const int Cases = 1500;

    private static readonly Lazy<IReadOnlyList<GoldenTranscript>> Short = new(
        () => [.. GoldenTranscript.Names.Where(n => !n.EndsWith("/long-run", StringComparison.Ordinal)).Select(GoldenTranscript.Load)]);

    [Fact]
    public void A_damaged_story_leaves_nothing_half_open()
    {
        var seed = Environment.GetEnvironmentVariable("PILSP_SEED") is { Length: > 0 } wish && int.TryParse(wish, CultureInfo.InvariantCulture, out var given)
            ? given : Random.Shared.Next();
        var cases = Environment.GetEnvironmentVariable("PILSP_CASES") is { } many ? int.Parse(many, CultureInfo.InvariantCulture) : Cases;
        output.WriteLine($"PILSP_SEED={seed}");
        for (var i = 0; i < cases; i++)
        {
            var random = new Random(unchecked(seed + i));
            var story = Short.Value[random.Next(Short.Value.Count)];
            Play(story, Damaged([.. story.Messages], random), $"PILSP_SEED={seed + i} PILSP_CASES=1 ({story.Name})");
        }
    }

    public static TheoryData<string> Stories => [.. GoldenTranscript.Names.Where(n => !n.EndsWith("/long-run", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Stories))]
    public void Pi_may_end_anywhere(string name)
    {
        var story = GoldenTranscript.Load(name);
        for (var length = 0; length <= story.Messages.Count; length++)
            Play(story, [.. story.Messages.Take(length)], $"{name}, gone after {length}");
    }

    private static List<SessionMessage> Damaged(List<SessionMessage> messages, Random random)
    {
        var times = random.Next(1, 6);
        for (var i = 0; i < times && messages.Count > 1; i++)
        {
            var at = random.Next(messages.Count);
            switch (random.Next(5))
            {
                case 0:
                    messages.RemoveAt(at);
                    break;
                // What carries an id of its own comes once: the loop gives the ids of asks and decisions, Pi those of requests.
                case 1 when messages[at] is not (AskRequested or EditDecided or UndoRequested or ShellRequested or AgentSaid { Output: AgentRequest }):
                    messages.Insert(random.Next(at, messages.Count + 1), messages[at]);
                    break;
                case 2:
                    var moved = messages[at];
                    messages.RemoveAt(at);
                    messages.Insert(random.Next(messages.Count + 1), moved);
                    break;
                case 3:
                    messages.Insert(at, new AbortRequested("the dice"));
                    break;
                case 4:
                    messages.Insert(at, new AgentSaid(new AgentExited("the dice", Expected: false)));
                    break;
            }
        }

        return messages;
    }

    private static void Play(GoldenTranscript story, List<SessionMessage> messages, string which)
    {
        var state = story.Initial;
        var (asks, requests, decisions, shells) =
            (new Ledger("ask", once: true), new Ledger("request", once: false), new Ledger("decision", once: true), new Ledger("shell", once: true));
        var begun = new List<SessionEffect>();
        var deliveries = new HashSet<int>();
        var loads = new HashSet<string>();
        var prompts = new HashSet<string>();
        var deadlines = new HashSet<Deadline>();
        try
        {
            foreach (var message in messages)
                Post(message);
            // The end: Pi goes, and what had been begun outside of the core comes to its end as it always does.
            Post(new AgentSaid(new AgentExited("gone", Expected: false)));
            for (var round = 0; round < 50 && (prompts.Count > 0 || begun.Count > 0 || loads.Count > 0 || deliveries.Count > 0 || deadlines.Count > 0); round++)
            {
                foreach (var ask in prompts.ToList())
                    Post(new PromptFailed(ask, "gone"));
                foreach (var effect in begun.ToList())
                {
                    begun.Remove(effect);
                    Post(effect switch
                    {
                        PrepareShell prepare => new ShellPrepared(prepare.ShellId),
                        RunShell run => new ShellFailed(run.ShellId, "gone"),
                        FinishShell finish => new ShellFinished(finish.ShellId, new ToolAftermath(null, [])),
                        _ => throw new InvalidOperationException($"nobody goes on from {effect}"),
                    });
                }

                foreach (var key in loads.ToList())
                    Post(new FileLoaded(key, new LoadedFile(null, null, "EIO", "gone", null)));
                foreach (var number in deliveries.ToList())
                    Post(new ApplyAnswered(number, Applied: false, "gone"));
                foreach (var key in deadlines.ToList())
                    Post(new DeadlinePassed(key));
            }

            Post(new AgentSaid(new AgentExited("gone", Expected: false)));
            Assert.Null(state.Run);
            Assert.Empty(state.Pending);
            Assert.Empty(state.Loading);
            Assert.Empty(state.Lanes);
            Assert.Empty(state.AfterLanding);
            Assert.DoesNotContain(state.Proposals, p => state.IsBeingApplied(p) || (p is { Status: ProposalStatus.Open, Staged: false }));
            Assert.Null(state.Undo);
            Assert.Null(state.Shell);
            Assert.Empty(state.Queries);
            asks.AllClosed();
            requests.AllClosed();
            decisions.AllClosed();
            shells.AllClosed();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"{which}: {e.Message}\n{string.Join("\n", messages.Select(Canonical.Text).Select(t => t.Length > 200 ? t[..200] : t))}", e);
        }

        void Post(SessionMessage message)
        {
            switch (message)
            {
                case AskRequested ask: asks.Opened(ask.AskId); break;
                case EditDecided decided: decisions.Opened(decided.DecisionId); break;
                case UndoRequested undo: decisions.Opened(undo.DecisionId); break;
                case AgentSaid { Output: ToolNoteRequested }: break;
                case ShellRequested shell: shells.Opened(shell.ShellId); break;
                case AgentSaid { Output: AgentRequest request }: requests.Opened(request.RequestId); break;
                case FileLoaded loaded: loads.Remove(loaded.Key); break;
                case ApplyAnswered answered: deliveries.Remove(answered.DeliveryNumber); break;
                case DeadlinePassed passed: deadlines.Remove(passed.Key); break;
                case PromptFailed failed: prompts.Remove(failed.AskId); break;
                case PromptAccepted accepted: prompts.Remove(accepted.AskId); break;
            }

            (state, var effects) = SessionReducer.Reduce(state, message);
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case SendPrompt prompt: prompts.Add(prompt.AskId); break;
                    case LoadFile load: loads.Add(load.Key); break;
                    case ApplyToEditor apply: deliveries.Add(apply.DeliveryNumber); break;
                    case StartDeadline start: deadlines.Add(start.Key); break;
                    case StopDeadline stop: deadlines.Remove(stop.Key); break;
                    case CompleteAsk done: asks.Closed(done.AskId); break;
                    case FailAsk failed: asks.Closed(failed.AskId); break;
                    case CompleteDecision decided: decisions.Closed(decided.DecisionId); break;
                    case CompleteUndo undone: decisions.Closed(undone.DecisionId); break;
                    case AnswerAgent answer: requests.Closed(answer.RequestId); break;
                    // The loop always goes on from these with the answer.
                    case PrepareTool prepare: requests.Closed(prepare.RequestId); break;
                    case QueryEditor query: requests.Closed(query.Request.RequestId); break;
                    case PrepareShell or RunShell or FinishShell: begun.Add(effect); break;
                    case CompleteShell shell: shells.Closed(shell.ShellId); break;
                }
            }
        }
    }

    /// <summary>Who waits for an answer.</summary>
    /// <param name="once">Never a second answer either; of a request the agent takes the first, and a doubled message of the loop's may bring another.</param>
    private sealed class Ledger(string what, bool once)
    {
        private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal);

        public void Opened(string id) => _answers.TryAdd(id, 0);

        public void Closed(string id)
        {
            // What the damage took the question of is nobody's.
            if (_answers.TryGetValue(id, out var answers))
                _answers[id] = answers + 1;
        }

        public void AllClosed()
        {
            foreach (var (id, answers) in _answers)
                Assert.True(once ? answers == 1 : answers > 0, $"{what} {id} was answered {answers} times");
        }
    }
}
