using System.Text.Json.Nodes;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Tests.Pi;

namespace PiLsp.Tests.Golden;

/// <summary>The stories and how they are played when they are recorded. A replay needs nothing of this but the names.</summary>
internal static class Stories
{
    private const string Settings =
        """{"defaultProvider":"local","defaultModel":"scripted-1","retry":{"enabled":true,"maxRetries":2,"baseDelayMs":1},"compaction":{"enabled":false}}""";
    private const string Five = "one\ntwo\nthree\nfour\nfive\n";

    private static readonly Dictionary<string, Story> All = new(StringComparer.Ordinal)
    {
        ["edits"] = new(
            EditsAsync,
            Calls(Edit("c1", "a.txt", ("one", "ONE"), ("three", "THREE"), ("five", "FIVE"))), Calls(Edit("c2", "a.txt", ("two", "TWO"))),
            Calls(Edit("c3", "a.txt", ("four", "FOUR"))), Calls(Write("c4", "new.txt", "made\n")), Says("Done.")),
        ["retries"] = new(RetriesAsync, Says("Well."), Fails(503), Fails(503), Says("Here."), Fails(503), Fails(503), Fails(503), Fails(400)),
        ["compaction"] = new(CompactionAsync, Used(Says(Words(400)), 7000), Used(Says(Words(400)), 7000), Says("Summed up."), Says("Gone on."), Says("And on."))
        {
            ContextWindow = 8_000,
            Settings = """{"defaultProvider":"local","defaultModel":"scripted-1","retry":{"enabled":false},"compaction":{"enabled":true,"reserveTokens":2000,"keepRecentTokens":100}}""",
        },
        ["steering"] = new(SteeringAsync, Calls(Bash("c1", "true")), Says("Turned."), Says("Followed.")),
        ["consent"] = new(
            ConsentAsync, Calls(Bash("c1", "echo one")), Calls(Bash("c2", "echo two")), Calls(Bash("c3", "echo three")), Calls(Bash("c4", "echo three")),
            Says("Done.")),
        ["abort"] = new(
            AbortAsync, Calls(Edit("c1", "a.txt", ("one", "ONE")), Edit("c2", "b.txt", ("one", "ONE"))), Calls(Bash("c3", "echo 3"), Bash("c4", "echo 4")),
            Says("Again.")),
        ["undo"] = new(UndoAsync, Calls(Edit("c1", "a.txt", ("one", "ONE"), ("five", "FIVE"))), Calls(Write("c2", "new.txt", "made\n")), Says("Done.")),
        ["staged"] = new(
            StagedAsync, Calls(Edit("c1", "a.txt", ("one", "ONE"))), Calls(Edit("c2", "a.txt", ("ONE", "EINS"), ("five", "FIVE"))), Says("Staged."),
            Says("I heard."))
        {
            Change = state => state with { Rules = state.Rules with { ReviewAtEnd = true } },
        },
        ["shell"] = new(ShellAsync, ScriptedModel.Hang("I think"), Says("I saw.")),
        ["crash"] = new(CrashAsync, ScriptedModel.Hang("I was about to"), Says("Here again.")),
        ["long-run"] = new(LongRunAsync, LongScript())
        {
            Change = state => state with { Rules = state.Rules with { ModeSetting = PermissionMode.AcceptEdits } },
        },
    };

    public static IEnumerable<string> Names => All.Keys;

    public static async Task RecordAsync(string name)
    {
        var story = All[name];
        await using var stage = await StoryStage.SetAsync(story.Script, story.Settings, story.ContextWindow, story.Change);
        stage.Put("a.txt", Five);
        stage.Put("b.txt", Five, open: false);
        await story.Play(stage);
        await stage.SaveAsync(OfThisPi(name));
    }

    /// <summary>The story as the Pi tells it that the tests run with.</summary>
    public static string OfThisPi(string name) => $"pi-{string.Join('.', Installed.PiVersion.Split('.')[..2])}/{name}";

    private static async Task EditsAsync(StoryStage stage)
    {
        var run = stage.AskAsync("change it");
        var first = await stage.OpenEditAsync();
        stage.Type("a.txt", "zero\n" + Five);
        await stage.DecideAsync(new ApplyDecision([first.Hunks[0].Id], null, null, KeepRest: true));
        await stage.DecideAsync(new RejectDecision("not this one", [first.Hunks[1].Id]));
        await stage.DecideAsync(ApplyDecision.All);
        var second = await stage.OpenEditAsync();
        await stage.DecideAsync(new RejectDecision("leave two alone", null) { Remarks = [new Remark(2, 2, "TWO\n", "why?")] }, second.Id);
        var third = await stage.OpenEditAsync();
        await stage.DecideAsync(new ApplyDecision(null, third.NewText.Replace("FOUR", "vier", StringComparison.Ordinal), null, KeepRest: false));
        await stage.OpenEditAsync();
        await stage.DecideAsync(ApplyDecision.All);
        await run;
    }

    private static async Task RetriesAsync(StoryStage stage)
    {
        await stage.AskAsync("first");
        await stage.AskAsync("second");
        await stage.AskAsync("third");
        await stage.AskAsync("fourth");
    }

    private static async Task CompactionAsync(StoryStage stage)
    {
        await stage.AskAsync("tell me much");
        await stage.AskAsync("tell me more");
        await stage.AskAsync("go on");
        Played(stage.Events.OfType<CompactionEnded>().Any(), "no compaction");
    }

    private static async Task SteeringAsync(StoryStage stage)
    {
        var first = stage.AskAsync("begin");
        await stage.UntilAsync("the question", s => !s.Pending.IsEmpty);
        var steered = stage.AskAsync("turn", PromptDelivery.Steer);
        await stage.UntilAsync("the queue", _ => stage.Events.OfType<QueueChanged>().Any(q => q.Steering.Count > 0));
        var followed = stage.AskAsync("and then", PromptDelivery.FollowUp);
        await stage.UntilAsync("the queue", _ => stage.Events.OfType<QueueChanged>().Any(q => q.FollowUp.Count > 0));
        // A prompt of its own is refused meanwhile.
        await Refused(stage.AskAsync("another"));
        stage.Session.Post(new QuestionAnswered(new QuestionKey.Request(stage.Session.State.Pending.Keys.Single()), new QuestionAnswer(QuestionOutcome.Yes)));
        await Task.WhenAll(first, steered, followed);
    }

    private static async Task ConsentAsync(StoryStage stage)
    {
        stage.Answering = question => question is ConsentQuestion { What: var what } ? what switch
        {
            "echo one" => new QuestionAnswer(QuestionOutcome.Yes),
            "echo two" => new QuestionAnswer(QuestionOutcome.No, "not two"),
            _ => new QuestionAnswer(QuestionOutcome.Always),
        } : null;
        await stage.AskAsync("run them");
    }

    private static async Task AbortAsync(StoryStage stage)
    {
        await StopAsync(s => s.Proposals.Count(s.IsOpen) == 2);
        await StopAsync(s => s.Pending.Count == 1);
        await stage.AskAsync("again");

        async Task StopAsync(Func<SessionState, bool> when)
        {
            using var stop = new CancellationTokenSource();
            var run = stage.AskAsync("do it", cancellation: stop.Token);
            await stage.UntilAsync("all of them to wait", when);
            await stop.CancelAsync();
            await run;
        }
    }

    private static async Task UndoAsync(StoryStage stage)
    {
        var run = stage.AskAsync("change it");
        await stage.OpenEditAsync();
        await stage.DecideAsync(ApplyDecision.All);
        await stage.OpenEditAsync();
        await stage.DecideAsync(ApplyDecision.All);
        await run;
        stage.Type("a.txt", "ONE\ntwo\nmine\nfour\nFIVE!\n");
        await stage.Session.UndoAsync(null);
        await stage.Session.UndoAsync("r1");
    }

    private static async Task StagedAsync(StoryStage stage)
    {
        await stage.AskAsync("change it");
        var edits = stage.Session.State.Proposals;
        await stage.DecideAsync(ApplyDecision.All, edits[1].Id);
        await stage.DecideAsync(ApplyDecision.All, edits[0].Id);
        await stage.DecideAsync(new RejectDecision("enough", null), edits[1].Id);
        await stage.AskAsync("what now?");
    }

    private static async Task ShellAsync(StoryStage stage)
    {
        await stage.Session.RunShellAsync("echo one; exit 3", isHidden: false, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var run = stage.AskAsync("begin", cancellation: stop.Token);
        await stage.UntilAsync("the first words", _ => stage.Events.OfType<TextDelta>().Any());
        var running = stage.Session.RunShellAsync("echo two; sleep 600", isHidden: true, CancellationToken.None);
        await stage.UntilAsync("its output", _ => stage.Events.OfType<ShellOutput>().Any(o => o.Text == "two\n"));
        await stop.CancelAsync();
        await run;
        await stage.Session.StopShellAsync();
        Played((await running).IsCancelled, "no end of the command");
        await stage.AskAsync("what did I run?");
    }

    private static async Task CrashAsync(StoryStage stage)
    {
        var run = stage.AskAsync("begin");
        await stage.UntilAsync("its words", _ => stage.Events.OfType<TextDelta>().Any());
        await stage.Session.Supervisor.KillAsync("the story wants it");
        await Refused(run);
        await stage.AskAsync("again");
    }

    private static async Task LongRunAsync(StoryStage stage) => await stage.AskAsync("work for long");

    private static JsonObject[] LongScript() =>
    [
        .. Enumerable.Range(0, 60).Select(turn =>
        {
            var call = turn % 10 == 4 ? Edit($"c{turn}", "a.txt", ("three", "drei"))
                : turn % 10 == 9 ? Edit($"c{turn}", "a.txt", ("drei", "three"))
                : Tool($"c{turn}", "read", new JsonObject { ["path"] = "a.txt" });
            var step = Used(Calls(call), 100 + turn);
            step["text"] = Pieces(180);
            return step;
        }),
        new JsonObject { ["text"] = Pieces(500) },
    ];

    private static JsonArray Pieces(int count) => [.. Enumerable.Range(0, count).Select(i => JsonValue.Create($"w{i} "))];

    private static async Task Refused(Task<AskResult> ask)
    {
        try
        {
            await ask;
        }
        catch (AgentException)
        {
            return;
        }

        Played(false, "an ask was not refused");
    }

    private static void Played(bool asPlanned, string otherwise)
    {
        if (!asPlanned)
            throw new InvalidOperationException($"The story did not go as it should: {otherwise}.");
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"word{i}"));

    private static JsonObject Says(string text) => ScriptedModel.Text(text);

    private static JsonObject Fails(int status) => new() { ["status"] = status };

    private static JsonObject Used(JsonObject step, int input)
    {
        step["usage"] = new JsonObject { ["input"] = input, ["output"] = 160 };
        return step;
    }

    private static JsonObject Calls(params JsonObject[] tools) => new() { ["toolCalls"] = new JsonArray([.. tools]) };

    private static JsonObject Tool(string id, string name, JsonObject arguments) => new() { ["id"] = id, ["name"] = name, ["arguments"] = arguments };

    private static JsonObject Bash(string id, string command) => Tool(id, "bash", new JsonObject { ["command"] = command });

    private static JsonObject Write(string id, string path, string text) => Tool(id, "write", new JsonObject { ["path"] = path, ["content"] = text });

    private static JsonObject Edit(string id, string path, params (string Old, string New)[] edits) => Tool(id, "edit", new JsonObject
    {
        ["path"] = path,
        ["edits"] = new JsonArray([.. edits.Select(e => new JsonObject { ["oldText"] = e.Old, ["newText"] = e.New })]),
    });

    private sealed record Story(Func<StoryStage, Task> Play, params JsonObject[] Script)
    {
        public int ContextWindow { get; init; } = 200_000;

        public string Settings { get; init; } = Stories.Settings;

        public Func<SessionState, SessionState> Change { get; init; } = state => state;
    }
}
