using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Tests.Harness;
using PiLsp.Tests.Workspace;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>One run after another in one session: what is decided leaves its texts on the disk, and they come back from there.</summary>
public sealed class ManyRunsTests : IDisposable
{
    private const int Runs = 60;
    private const string Path = "/work/a.txt";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_texts_of_runs_that_are_over_are_not_in_the_memory()
    {
        var problems = new List<string>();
        using var past = new PastTexts(problems.Add, _folder.At("past"));
        var agents = new ScriptedFactory();
        var editor = new HonestEditor(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} of a text\n")));
        var kept = 0;
        var allKept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options =
            new AgentOptions("/work", "pi", null, [], new Dictionary<string, string>(), null, null, null, null, null, null, false, TimeSpan.FromSeconds(60));
        var initial = new SessionState
        {
            Id = "s1",
            Root = "/work",
            Rules = new SessionRules { ModeSetting = PermissionMode.AcceptEdits, Approval = ApprovalWay.Commands, CanAskConsent = true },
        };
        await using var session = new AgentSession(initial, editor, new AgentSupervisor(agents, _ => options, _ => { }), TimeProvider.System, past)
        {
            Handling = message =>
            {
                if (message is EditKept or ChangeKept && ++kept == 2 * Runs)
                    allKept.SetResult();
            },
        };
        editor.Seen = file => session.Post(new FileSeen(file));
        ScriptedAgent? agent = null;
        for (var run = 1; run <= Runs; run++)
        {
            var done = session.Ask($"run {run}", PromptDelivery.Start, CancellationToken.None).Done;
            agent ??= await agents.NextAsync();
            await agent.PromptedAsync();
            agent.Say(new RunStarted(), new FileReadRequested($"r{run}", $"c{run}", "edit", Path) { Execution = $"x{run}" });
            var text = (await agent.AnsweredAsync<FileTextAnswer>($"r{run}")).Text;
            agent.Say(new FileWriteRequested($"w{run}", $"c{run}", "edit", Path, $"run {run}\n{text}") { Execution = $"x{run}" });
            Assert.False((await agent.AnsweredAsync<WriteOutcomeAnswer>($"w{run}")).IsError);
            agent.Say(new RunSettled());
            Assert.Equal(ProposalStatus.Applied, Assert.Single((await done.WaitAsync(Editor.Hang)).Edits).Status);
        }

        await allKept.Task.WaitAsync(Editor.Hang);
        await session.HandledAsync();
        Assert.Empty(problems);
        Assert.All(session.State.Proposals, p => Assert.True(p is { IsKept: true, Base.Text: "", View.Present.Text: "", Hunks: [], Landed: ["h1"] }));
        Assert.All(session.State.Runs.SelectMany(r => r.Changes), c => Assert.Null(c.After));

        Assert.StartsWith("run 1\nline 0 ", session.Whole(session.State.Proposals[0]).NewText, StringComparison.Ordinal);
        Assert.Equal("restored", Assert.Single((await session.UndoAsync("r2").WaitAsync(Editor.Hang)).Files).Status);
        Assert.StartsWith($"run {Runs}\n", editor.Text, StringComparison.Ordinal);
        Assert.Contains("\nrun 3\nrun 1\nline 0 ", editor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_put_aside_while_their_run_is_undone_are_not_missed()
    {
        var session = new SessionReplay(PermissionMode.AcceptEdits).Running();
        session.Propose(SessionReplay.Text.Replace("two", "2", StringComparison.Ordinal));
        session.Land();
        session.Say(new RunSettled());
        var change = session.All.OfType<KeepChange>().Single();
        var load = session.Post(new UndoRequested("u1", null)).OfType<LoadFile>().Single();
        session.Post(new ChangeKept(change.RunId, change.Number));
        session.Post(
            new FileLoaded(
                load.Key, new LoadedFile(SessionReplay.Open(SessionReplay.Text.Replace("two", "2", StringComparison.Ordinal), 2), null, null, null, null)));
        Assert.Equal("two\n", session.All.OfType<ApplyToEditor>().Last().Hunks.Single().NewText);
        session.See(SessionReplay.Text);
        session.Answer(true);
        Assert.Equal("restored", session.All.OfType<CompleteUndo>().Single().Result.Files.Single().Status);
        Assert.Equal(2, session.All.OfType<KeepChange>().Count());
        session.Post(new ChangeKept(change.RunId, change.Number));
        Assert.Null(session.State.Runs.Single().Changes.Single().Before);
    }

    /// <summary>One open file; edits land at once.</summary>
    private sealed class HonestEditor(string text) : IEditor
    {
        private volatile FileSnapshot _file = new(Path, "file:///work/a.txt", text, 1, Exists: true);

        public Action<FileSnapshot> Seen { get; set; } = _ => { };

        public string Text => _file.Text;

        public long PendingBytes => 0;

        public string? WhyNoFile(string path) => null;

        public ValueTask<LoadedFile> LoadAsync(string path, bool forReading, PrivateFile? allowed, CancellationToken cancellation) =>
            ValueTask.FromResult(new LoadedFile(_file, null, null, null, null));

        public Task<(bool Applied, string? Reason)> ApplyAsync(ApplyToEditor edit, CancellationToken cancellation)
        {
            Seen(_file = _file with { Text = TextDiff.Apply(_file.Text, edit.Hunks), Version = _file.Version + 1 });
            return Task.FromResult<(bool, string?)>((true, null));
        }

        public Task<QuestionAnswer> AskAsync(Question question, CancellationToken cancellation) =>
            throw new InvalidOperationException("nothing is asked in this mode");

        public Task PrepareToolAsync(string execution, IReadOnlyList<string> landed, CancellationToken cancellation) => Task.CompletedTask;

        public Task<ToolAftermath> FinishToolAsync(string execution, string root, CancellationToken cancellation) =>
            Task.FromResult(new ToolAftermath(null, []));

        public Task<EditorQueryAnswer> QueryAsync(string tool, JsonElement input, string root, CancellationToken cancellation) =>
            throw new InvalidOperationException("nothing is asked");

        public void EditLanded(string path)
        {
        }

        public void ShowEdit(string sessionId, EditProposal proposal)
        {
        }

        public void PublishEdits(SessionState session)
        {
        }

        public void PublishEvent(string sessionId, long seq, AgentEvent e)
        {
        }

        public void StatusChanged()
        {
        }

        public void ReportProgress(string sessionId, string runId, ProgressStage stage, string message)
        {
        }

        public void RememberUnsaved(RememberUnsaved effect)
        {
        }

        public void Log(string message)
        {
        }
    }
}
