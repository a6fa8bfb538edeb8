using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// Pi as an agent. What must not overlap in Pi (it works on commands concurrently) goes through one gate, one at a
/// time; ending a run and answering questions never wait for it. Any thread.
/// </summary>
internal sealed partial class PiAgent(AgentOptions options, PiLocator locator, string gatePath, Action<string> log, TimeProvider time) : IAgent
{
    /// <summary>Accepting a prompt is a matter of milliseconds; a Pi that takes longer is aborted all the same.</summary>
    private static readonly TimeSpan PromptGrace = TimeSpan.FromSeconds(1);

    private ConfigProblem? _unread;
    private readonly OutputQueue _outputs = new();
    private readonly SemaphoreSlim _order = new(1, 1);
    private PiConnection? _connection;
    private volatile string _version = "";

    /// <summary>The newest prompt's acceptance, however its caller fares.</summary>
    private volatile Task _accepting = Task.CompletedTask;

    public AgentOutputs Outputs => _outputs;

    public GateReport? Gate { get; private set; }

    public IAgentAccounts? Accounts =>
        new PiAccounts(() => Connection, Version, problem => Gate = Gate is { } gate ? gate with { ConfigProblem = problem } : null, time);

    private PiVersion Version => new(_version);

    private PiConnection Connection => Volatile.Read(ref _connection) ?? throw new AgentException("Pi is not running.");

    public async Task<AgentState> StartAsync(CancellationToken cancellation)
    {
        var missing = $"The gate is missing ({gatePath}): reinstall the language server. Without it Pi's edits could not be held back.";
        if (!File.Exists(gatePath)) throw new AgentException(missing) { State = AvailabilityState.GateRefused };
        var project = await Task.Run(
            () =>
            {
                if (options.SessionFile is { } session) RequireSession(session);
                return PiProject.In(options);
            },
            cancellation);
        PiArguments.Check(options);
        using var deadline = new CancellationTokenSource(options.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        PiProcess? process = null;
        try
        {
            var pi = await locator.LocateAsync(options.Command, options.NodePath, options.Env, either.Token) switch
            {
                PiReady ready => ready,
                PiUnusable unusable => throw unusable.ToException(),
                var other => throw new InvalidOperationException($"{other} is no way to find Pi."),
            };
            _version = pi.Version;
            var arguments = PiArguments.Build(options, gatePath, project, Version);
            var gate = new PiGate(gatePath, options.WorkingDirectory);
            log($"Starting Pi {pi.Version} ({pi.Path}) in {options.WorkingDirectory}");
            process = PiProcess.Start(pi, arguments, options.WorkingDirectory, options.Env.Concat(gate.Environment), gate.Nonce, log, time);
            var connection = new PiConnection(process, gate, _outputs, log, time);
            Volatile.Write(ref _connection, connection);
            var hello = await ProveGateAsync(connection, either.Token, isFirst: true);
            var isAnother = await ChooseAsync(connection, hello.State.Model, either.Token);
            var state = isAnother ? ReadState(connection, await Call(connection, "get_state", either.Token)) : hello.State;
            if (options.ExtraArgs.Count > 0 && state.Model is { } given) await RequireListedAsync(connection, given, either.Token);
            if (options.SessionFile is { } stored && PiSessionModel.Notice(await PiSessionModel.ReadAsync(stored, either.Token), state.Model) is { } notice)
                connection.Tell(notice);
            foreach (var told in project.Notices) connection.Tell(told);
            return state;
        }
        catch (Exception error)
        {
            var stderr = process?.Stderr.Gist() ?? "";
            await DisposeAsync();
            if (error is not OperationCanceledException || cancellation.IsCancellationRequested) throw;
            throw new AgentException(
                $"Pi did not answer within {options.StartTimeout.TotalSeconds:0.#} s and was ended. " +
                (stderr.Length > 0 ? $"It said: {stderr}. " : "It said nothing. ") +
                "Run `pi --mode rpc` in a terminal to see what holds it up, or raise pi.startTimeoutMs.", error);
        }
    }

    public async Task<PromptFate> PromptAsync(AgentPrompt prompt, PromptDelivery delivery, CancellationToken cancellation)
    {
        var connection = Connection;
        // Its process goes along with a folder that is renamed, its tools look where the folder was.
        if (!Directory.Exists(options.WorkingDirectory))
            throw new AgentException($"{options.WorkingDirectory} is not there any more: it was renamed, moved or deleted while Pi worked in it. " +
                "No prompt was sent. Open the folder where it is now, or put it back.");
        int runsBefore;
        Task<JsonElement?> accepted;
        await _order.WaitAsync(cancellation);
        try
        {
            // Pi takes a message for a running conversation only once that runs: the prompt before has to be taken first.
            await _accepting.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _compacting.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                var hello = await ProveGateAsync(connection, cancellation);
                if (delivery == PromptDelivery.Start && !hello.State.IsStreaming)
                    await RequireStoredAsync(connection, hello, prompt.MayBeBehind, cancellation);
                if (prompt.Check is { } check)
                    await check(hello.State, cancellation);
                if (hello.Report.KeepsPictures)
                    PiPictures.RequireSmall(prompt.Images);
            }
            catch (AgentException reason) when (connection.Ended.IsCompleted)
            {
                throw new AgentGoneException(reason);
            }

            runsBefore = connection.RunsStarted;
            connection.ExpectRun(true);
            // Not cancelled once it is written: whether Pi has taken it is what an abort has to know.
            accepted = connection.Client.CallPatientlyAsync("prompt", prompt.Images, [("message", prompt.Text), ("streamingBehavior", delivery switch
            {
                PromptDelivery.Steer => "steer",
                PromptDelivery.FollowUp => "followUp",
                _ => null,
            })], CancellationToken.None);
            _accepting = accepted;
        }
        finally
        {
            _order.Release();
        }

        var fate = PromptFate.Handled;
        try
        {
            return fate = await FateAsync(connection, accepted.WaitAsync(cancellation), delivery, runsBefore, cancellation);
        }
        finally
        {
            if (fate == PromptFate.Handled) connection.ExpectRun(false);
        }
    }

    private async Task<PromptFate> FateAsync(
        PiConnection connection, Task<JsonElement?> accepted, PromptDelivery delivery, int runsBefore, CancellationToken cancellation)
    {
        switch ((await AcceptedAsync(accepted))?.Text("disposition"))
        {
            case "handled": return PromptFate.Handled;
            case "queued": return PromptFate.Queued;
            case not null: return PromptFate.Started;
        }

        // Before 1.x Pi does not say whether an extension has dealt with the prompt. But a run begins with the very
        // response, so that it is under way, or even over, when the next command is worked on.
        if (connection.RunsStarted != runsBefore) return PromptFate.Started;
        try
        {
            var isStreaming = ReadState(connection, await Call(connection, "get_state", cancellation)).IsStreaming;
            return connection.RunsStarted != runsBefore ? PromptFate.Started
                : !isStreaming ? PromptFate.Handled
                : delivery == PromptDelivery.Start ? PromptFate.Started : PromptFate.Queued;
        }
        catch (AgentException) when (connection.Ended.IsCompleted)
        {
            // Accepted, and gone before it could say more: its end is the run's end.
            return PromptFate.Started;
        }
    }

    public void Answer(string requestId, AgentAnswer answer) => Volatile.Read(ref _connection)?.Answer(requestId, answer);

    public Task<AgentState> GetStateAsync(CancellationToken cancellation) =>
        InOrderAsync(async connection => ReadState(connection, await Call(connection, "get_state", cancellation)), cancellation);

    public Task<IAgentHistory> ReadHistoryAsync(CancellationToken cancellation) => InOrderAsync<IAgentHistory>(
        async connection =>
        {
            // All of a long conversation in one answer takes many times its size; its file can be read in pieces.
            var data = await Call(connection, "get_state", cancellation);
            var count = (int)Math.Clamp(data.Whole("messageCount") ?? 0, 0, int.MaxValue);
            if (ReadState(connection, data).SessionFile is { } file && await Task.Run(() => PiStoredHistory.Open(file, count, log), cancellation) is { } stored)
                return stored;
            return new ToldHistory(PiHistory.Read(await connection.Client.CallPatientlyAsync("get_messages", cancellation) ?? default));
        },
        cancellation);

    public Task<AgentStats> GetStatsAsync(CancellationToken cancellation) =>
        InOrderAsync(async connection => PiStateReader.ReadStats(await Call(connection, "get_session_stats", cancellation)), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _connection) is { } connection) await connection.DisposeAsync();
        _outputs.Complete();
    }

    private async Task<GateHello> ProveGateAsync(PiConnection connection, CancellationToken cancellation, bool isFirst = false)
    {
        var hello = await connection.ProveGateAsync(cancellation, isFirst);
        Gate = hello.Report;
        NoteUnread(Gate.ConfigProblem);
        return hello;
    }

    private async Task<AgentState> ChangeSessionAsync(Func<PiConnection, Task<JsonElement?>> change, CancellationToken cancellation) =>
        (await ReplaceSessionAsync(change, cancellation)).State;

    private async Task<T> InOrderAsync<T>(Func<PiConnection, Task<T>> work, CancellationToken cancellation)
    {
        var connection = Connection;
        await _order.WaitAsync(cancellation);
        try
        {
            return await work(connection);
        }
        catch (AgentException reason) when (connection.Ended.IsCompleted && reason is not AgentGoneException)
        {
            throw new AgentGoneException(reason);
        }
        finally
        {
            _order.Release();
        }
    }

    /// <summary>Pi says nothing of a file that it could not read: said once, and again when it is another one.</summary>
    private void NoteUnread(ConfigProblem? problem)
    {
        if (problem == _unread)
            return;
        _unread = problem;
        if (problem is not null)
            _outputs.TryWrite(new AgentNotice(NoticeLevel.Warning, Availability.WithModel(problem).Message!));
    }

    private async Task<JsonElement?> AcceptedAsync(Task<JsonElement?> accepted)
    {
        try
        {
            return await accepted;
        }
        catch (AgentException refused)
        {
            throw PiEndings.Refusal(refused, Version, Gate?.ConfigProblem);
        }
    }

    private static AgentState ReadState(PiConnection connection, JsonElement data)
    {
        var state = PiStateReader.ReadState(data);
        connection.Selected = state.Model?.FullId;
        return state;
    }

    private static async Task<JsonElement> Call(PiConnection connection, string type, CancellationToken cancellation) =>
        await connection.Client.CallAsync(type, cancellation) ?? throw new AgentException($"Pi answered {type} without data.");

    private void RequireSession(string path)
    {
        // Pi would begin an empty conversation under that name.
        if (!File.Exists(path)) throw new AgentException($"There is no stored session at {path}.");
        if (!options.CopiesSession) PiSessionHeader.RequireHere(PiSessionHeader.FolderOf(path), options.WorkingDirectory);
    }
}
