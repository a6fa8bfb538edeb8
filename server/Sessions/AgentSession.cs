using System.Threading.Channels;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions.Transcripts;
using PiLsp.Sessions.Waiting;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>
/// One conversation: the loop that feeds <see cref="SessionReducer"/> and carries out its effects, and the agent
/// behind it. Public members may be called from any thread; everything else runs on the loop, which waits for
/// nobody: answers of the user, the editor and the agent come back as messages.
/// </summary>
internal sealed partial class AgentSession : IAsyncDisposable
{
    private readonly Channel<SessionMessage> _mailbox = Channel.CreateUnbounded<SessionMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Waiters<string> _begun = new(Close);
    private readonly Waiters<AskResult> _asks = new(Close);
    private readonly Waiters<DecisionResult> _decisions = new(Close);
    private readonly Waiters<UndoResult> _undos = new(Close);
    private readonly Waiters<ShellResult> _shells = new(Close);
    private readonly Waiters<QueuedTexts?> _aborts = new(stopped => stopped.TrySetResult(null));
    private readonly Waiters<bool> _shellStops = new(stopped => stopped.TrySetResult(false));
    private readonly Withdrawable<QuestionKey> _questions;
    private readonly Withdrawable<string> _queries;
    private readonly Withdrawable<int> _deliveries;
    private readonly Dictionary<Deadline, ITimer> _deadlines = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly IEditor _editor;
    private readonly AgentSupervisor _supervisor;
    private readonly TimeProvider _time;
    private readonly PastTexts? _past;
    private readonly EventPublisher _events;
    private readonly Task _loop;
    private Task? _said;
    private readonly Turns _prompts = new();
    private bool _onlyMoved;
    private bool _listBehind;
    private SessionState _state;
    private CancellationTokenSource _prompting = new();
    private CancellationTokenSource _looking = new();
    private long _lastId;

    /// <param name="past">Where decided edits and runs that are over leave their texts; without it they stay in the memory.</param>
    public AgentSession(SessionState initial, IEditor editor, AgentSupervisor supervisor, TimeProvider time, PastTexts? past = null)
    {
        _state = initial;
        _editor = editor;
        _supervisor = supervisor;
        _supervisor.Changed = editor.StatusChanged;
        _supervisor.Spelled = editor.Spelled;
        _time = time;
        _past = past;
        (_questions, _queries, _deliveries) = (new(_closing.Token), new(_closing.Token), new(_closing.Token));
        _events = new EventPublisher(initial.Id, editor, time, Post);
        supervisor.Used = () => Post(new AgentUsed());
        supervisor.HistoryRead = history => Post(new HistoryRead(StoredTranscript.Read(history)));
        _loop = Task.Run(RunAsync);
    }

    public string Id => _state.Id;

    /// <summary>The agent's place in this session: started lazily, replaced after it ended.</summary>
    public AgentSupervisor Supervisor => _supervisor;

    /// <summary>Closed, or ended by an error of its own: nothing can be asked of it any more.</summary>
    public bool IsClosed => _closing.IsCancellationRequested;

    /// <summary>Hears every message just before the core gets it, on the loop: a transcript that can be replayed.</summary>
    public Action<SessionMessage>? Handling { get; init; }

    /// <summary>A snapshot; immutable, and as new as the last message handled.</summary>
    public SessionState State => Volatile.Read(ref _state);

    /// <summary>A snapshot, as new as the last event published.</summary>
    public Transcript Transcript => _events.Transcript;

    public void Post(SessionMessage message) => _mailbox.Writer.TryWrite(message);

    /// <summary>
    /// Two moments of an ask: <c>Begun</c> with the run's id once it has one, <c>Done</c> when the run has settled.
    /// Cancelling aborts the run, and the result then says so. Both fail with an <see cref="AgentException"/>.
    /// </summary>
    public (Task<string> Begun, Task<AskResult> Done) Ask(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation)
    {
        var id = NextId('a');
        var (begun, done) = (_begun.Add(id), _asks.Add(id));
        Post(new AskRequested(id, prompt.Text, delivery) { Images = prompt.Images });
        var registration = cancellation.Register(() => Post(new AskCancelled(id)));
        _ = done.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        return (begun, done);
    }

    public Task<DecisionResult> DecideAsync(string? editId, EditDecision decision)
    {
        var id = NextId('d');
        var decided = _decisions.Add(id);
        Post(new EditDecided(id, editId, decision));
        return decided;
    }

    /// <summary>Stops the run, or a compaction. Completes when the agent is idle, with what it had not taken up; null: there was nothing to stop.</summary>
    public Task<QueuedTexts?> AbortAsync(string reason)
    {
        var aborted = _aborts.Add(NextId('x'));
        Post(new AbortRequested(reason));
        return aborted;
    }

    /// <summary>Runs a command of the user's. Cancelling stops it, and the result then says so; fails with an <see cref="AgentException"/>.</summary>
    public async Task<ShellResult> RunShellAsync(string command, bool isHidden, CancellationToken cancellation)
    {
        var id = NextId('b');
        var ended = _shells.Add(id);
        Post(new ShellRequested(id, command, isHidden));
        await using var registration = cancellation.Register(() => Post(new ShellStopRequested(id)));
        var result = await ended;
        return result.Error is { } error ? throw new AgentException(error) : result;
    }

    /// <summary>Stops the user's command. Completes when it has ended; false: there was none.</summary>
    public Task<bool> StopShellAsync()
    {
        var stopped = _shellStops.Add(NextId('x'));
        Post(new ShellStopRequested(null));
        return stopped;
    }

    /// <summary>Completes when everything posted before is handled, so that <see cref="State"/> shows it.</summary>
    public Task HandledAsync()
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _mailbox.Writer.TryWrite(new Reached(completion)) ? completion.Task : Task.CompletedTask;
    }

    /// <summary>Takes back what a run changed; null: the latest that changed something.</summary>
    public Task<UndoResult> UndoAsync(string? runId)
    {
        var id = NextId('d');
        var undone = _undos.Add(id);
        Post(new UndoRequested(id, runId));
        return undone;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _mailbox.Writer.TryComplete();
        await _supervisor.DisposeAsync();
        await _loop;
    }

    private string NextId(char kind) => $"{kind}{Interlocked.Increment(ref _lastId)}";

    private static void Close<T>(TaskCompletionSource<T> waiting) => waiting.TrySetException(new AgentException("The session is closed."));

    private async Task RunAsync()
    {
        try
        {
            while (await WaitAsync())
            {
                // The user's decisions first: they never wait behind a flood of text.
                while (_mailbox.Reader.TryRead(out var message))
                    Handle(message);
                PublishListBehind();
                for (var i = 0; i < 256 && _supervisor.TryRead(out var output); i++)
                {
                    if (output is OutputsReached reached)
                        reached.Reached.TrySetResult();
                    else
                        Handle(new AgentSaid(ToldOutput.Of(output)));
                }
                _events.FlushIfDue();
            }
        }
        catch (Exception e)
        {
            _editor.Log($"session {Id} faulted: {e}");
            await _supervisor.DisposeAsync();
            Handle(new AgentSaid(new AgentExited($"The session ended because of an error inside PiLsp: {e.Message}", Expected: false)));
        }
        finally
        {
            await _closing.CancelAsync();
            foreach (var timer in _deadlines.Values)
                await timer.DisposeAsync();
            _begun.End();
            _asks.End();
            _decisions.End();
            _undos.End();
            _aborts.End();
            _shells.End();
            _shellStops.End();
            _events.Dispose();
            _mailbox.Writer.TryComplete();
            while (_mailbox.Reader.TryRead(out var late))
                (late as Reached)?.Completion.TrySetResult();
        }
    }

    private async ValueTask<bool> WaitAsync()
    {
        if (_mailbox.Reader.TryPeek(out _))
            return true;
        _supervisor.TextCanWait = _events.LooksAgain;
        // One wait until the agent speaks: a new one for each keystroke would be kept by a silent agent's channel.
        var said = _said ??= _supervisor.WaitAsync();
        if (!said.IsCompleted)
        {
            var mail = _mailbox.Reader.WaitToReadAsync().AsTask();
            if (await Task.WhenAny(mail, said) == mail)
                return await mail;
        }

        _said = null;
        await said;
        return true;
    }

    private void Handle(SessionMessage message)
    {
        if (message is Reached reached)
        {
            reached.Completion.TrySetResult();
            return;
        }

        if (message is HistoryRead history)
        {
            _events.Remember(history.Stored);
            return;
        }

        if (message is EntriesPutAside aside)
        {
            _puttingAside = false;
            if (aside.Past is { } entries)
                _events.PutAside(entries);
            return;
        }

        if (message is EditorAnswered answered)
            _queries.Forget(answered.RequestId);
        if (message is QuestionAnswered question)
            _questions.Forget(question.QuestionId);
        if (message is QuestionPutAside later)
            _questions.Forget(later.QuestionId);
        Handling?.Invoke(message);
        if (message is AgentSaid { Output: TextDelta or ThinkingDelta } delta && _state.Run is not null)
        {
            _events.Add((AgentEvent)delta.Output);
            return;
        }

        if (message is AgentSaid { Output: ShellOutput output } && _state.Shell is not null)
        {
            _events.Add(output);
            return;
        }

        var before = _state;
        var (state, effects) = SessionReducer.Reduce(before, message);
        Volatile.Write(ref _state, state);
        _onlyMoved = message is FileSeen && SameStatuses(before.Proposals, state.Proposals);
        foreach (var effect in effects)
            Carry(effect);
        if (_deliveries.Keys.Any() && before.Lanes != state.Lanes)
            EndDeliveries();
        if (ShowsInStatus(before, state, message))
            _editor.StatusChanged();
        if (before.Run is not null && state.Run is null && _past is { } past)
            PutEntriesAside(past);
    }

    private static bool SameStatuses(IReadOnlyList<EditProposal> before, IReadOnlyList<EditProposal> after) =>
        before.Count == after.Count && before.Zip(after).All(pair => pair.First.Status == pair.Second.Status);

    private static bool ShowsInStatus(SessionState before, SessionState after, SessionMessage message) =>
        before.Run?.Id != after.Run?.Id || before.Rules.Mode != after.Rules.Mode || before.Rules.Approval != after.Rules.Approval
        || before.Proposals != after.Proposals || before.PutAside != after.PutAside
        || message is AgentSaid { Output: MessageCompleted or CompactionEnded or UsedBeside or ThinkingLevelChanged or SessionRenamed };
}
