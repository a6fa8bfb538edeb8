using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Pi;
using PiLsp.Sessions;
using PiLsp.Tests.Pi;
using PiLsp.Workspace;

namespace PiLsp.Tests.Golden;

/// <summary>
/// Where a story is recorded: a session with the real Pi behind the scripted model, an honest editor whose files are
/// in memory only, and a user in the story's hands. Every message that the core gets is kept.
/// </summary>
internal sealed partial class StoryStage : IEditor, IAsyncDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<string, FileSnapshot> _files = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentQueue<SessionMessage> _messages = new();
    private readonly ConcurrentQueue<AgentEvent> _events = new();
    private readonly string _folder;
    private readonly ScriptedModel _model;
    private readonly SessionState _initial;

    private StoryStage(string folder, string workspace, ScriptedModel model, SessionState initial)
    {
        (_folder, Root, _model, _initial) = (folder, workspace, model, initial);
        var factory = new PiAgentFactory(new PiLocator(new PiHost(TimeProvider.System)), Installed.Gate, _ => { }, TimeProvider.System);
        var options = new AgentOptions(
            workspace, Installed.Pi, Installed.Node, [], model.Environment, null, null, null, null, null, null, false, TimeSpan.FromSeconds(60));
        Session = new AgentSession(
            initial, this, new AgentSupervisor(factory, file => options with { SessionFile = file }, _ => { }), TimeProvider.System)
        { Handling = _messages.Enqueue };
    }

    public AgentSession Session { get; }

    public string Root { get; }

    public long PendingBytes => 0;

    /// <summary>How the user answers a question; null leaves it standing until it is withdrawn.</summary>
    public Func<Question, QuestionAnswer?> Answering { get; set; } = _ => null;

    public IEnumerable<AgentEvent> Events => _events;

    public static async Task<StoryStage> SetAsync(JsonObject[] steps, string settings, int contextWindow, Func<SessionState, SessionState> change)
    {
        var folder = WorkspacePath.ResolveLinks(TestAgent.NewFolder())!;
        var workspace = Path.Combine(folder, "workspace");
        Directory.CreateDirectory(workspace);
        var model = await ScriptedModel.StartAsync(folder, steps);
        var home = Path.Combine(folder, "agent");
        var models = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(home, "models.json")))!;
        foreach (var one in models["providers"]!["local"]!["models"]!.AsArray())
            one!["contextWindow"] = contextWindow;
        await File.WriteAllTextAsync(Path.Combine(home, "models.json"), models.ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(home, "settings.json"), settings);
        return new StoryStage(folder, workspace, model, change(new SessionState
        {
            Id = "s1",
            Root = workspace,
            Rules = new SessionRules { ModeSetting = PermissionMode.Ask, Approval = ApprovalWay.Commands, CanAskConsent = true },
        }));
    }

    public string At(string name) => Path.Combine(Root, name);

    /// <summary>A file that is open in the editor, or one on the disk.</summary>
    public void Put(string name, string text, bool open = true) =>
        _files[At(name)] = new FileSnapshot(At(name), WorkspacePath.ToUri(At(name)), text, open ? 1 : null, Exists: true);

    /// <summary>The user types.</summary>
    public void Type(string name, string text)
    {
        var file = _files[At(name)];
        Session.Post(new FileSeen(_files[At(name)] = file with { Text = text, Version = file.Version + 1 }));
    }

    public Task<AskResult> AskAsync(string prompt, PromptDelivery delivery = PromptDelivery.Start, CancellationToken cancellation = default) =>
        Session.Ask(prompt, delivery, cancellation).Done;

    public async Task UntilAsync(string what, Func<SessionState, bool> fits)
    {
        using var deadline = new CancellationTokenSource(Hang);
        try
        {
            while (!fits(Session.State))
                await _signals.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"Waited in vain for {what}. Events: {string.Join("\n", _events.TakeLast(20))}");
        }
    }

    public async Task<EditProposal> OpenEditAsync()
    {
        await UntilAsync("an open edit", s => s.FindEdit(null) is not null);
        return Session.State.FindEdit(null)!;
    }

    public Task<DecisionResult> DecideAsync(EditDecision decision, string? edit = null) => Session.DecideAsync(edit, decision);

    /// <summary>Everything said so far is handled; the transcript is closed and written.</summary>
    public async Task SaveAsync(string name)
    {
        await Session.HandledAsync();
        await Session.DisposeAsync();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        string Clean(string line) =>
            Uuid().Replace(line.Replace(Root, "/work", StringComparison.Ordinal).Replace(_folder, "/home", StringComparison.Ordinal), m =>
            ids.TryGetValue(m.Value, out var known) ? known : ids[m.Value] = $"id-{ids.Count + 1}");
        new GoldenTranscript(name, _initial, [.. _messages]).Save(Clean);
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public ValueTask<LoadedFile> LoadAsync(string path, bool forReading, PrivateFile? allowed, CancellationToken cancellation) => ValueTask.FromResult(
        _files.TryGetValue(path, out var file) ? new LoadedFile(file, null, null, null, null)
            : new LoadedFile(new FileSnapshot(path, WorkspacePath.ToUri(path), "", null, Exists: false), null, "ENOENT", $"{path} does not exist.", null));

    public Task<(bool Applied, string? Reason)> ApplyAsync(ApplyToEditor edit, CancellationToken cancellation)
    {
        var (path, known) = (edit.Sent.Path, _files.GetValueOrDefault(edit.Sent.Path));
        if (known?.Version != edit.Sent.Version)
            return Task.FromResult<(bool, string?)>((false, "the buffer has changed"));
        if (edit.Delete)
            return Task.FromResult<(bool, string?)>((_files.TryRemove(path, out _), null));
        var landed = new FileSnapshot(path, edit.Sent.Uri, TextDiff.Apply(edit.Sent.Text, edit.Hunks), (edit.Sent.Version ?? 0) + 1, Exists: true);
        Session.Post(new FileSeen(_files[path] = landed));
        return Task.FromResult<(bool, string?)>((true, null));
    }

    public async Task<QuestionAnswer> AskAsync(Question question, CancellationToken cancellation)
    {
        _signals.Writer.TryWrite(true);
        if (Answering(question) is { } answer)
            return answer;
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        throw new OperationCanceledException(cancellation);
    }

    public Task PrepareToolAsync(string execution, IReadOnlyList<string> landed, CancellationToken cancellation) => Task.CompletedTask;

    public Task<ToolAftermath> FinishToolAsync(string execution, string root, CancellationToken cancellation) => Task.FromResult(new ToolAftermath(null, []));

    public Task<EditorQueryAnswer> QueryAsync(string tool, System.Text.Json.JsonElement input, string root, CancellationToken cancellation) =>
        Task.FromResult(new EditorQueryAnswer("nothing is known", IsError: false));

    public void PublishEdits(SessionState session) => _signals.Writer.TryWrite(true);

    public void PublishEvent(string sessionId, long seq, AgentEvent e)
    {
        _events.Enqueue(e);
        _signals.Writer.TryWrite(true);
    }

    public void ReportProgress(string sessionId, string runId, ProgressStage stage, string message) => _signals.Writer.TryWrite(true);

    public void EditLanded(string path) { }

    public void ShowEdit(string sessionId, EditProposal proposal) { }

    public void StatusChanged() { }

    public void RememberUnsaved(RememberUnsaved effect) { }

    public void Log(string message) { }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
