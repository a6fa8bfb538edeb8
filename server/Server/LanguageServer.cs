using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Accounts;
using PiLsp.Server.Commands;
using PiLsp.Server.Conversations;
using PiLsp.Server.Editor;
using PiLsp.Server.Prompting;
using PiLsp.Server.Questions;
using PiLsp.Server.Review;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Sessions.Running;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>
/// The language server on one pair of streams: composes the parts, runs the connection, ends every child at the
/// end however it comes. One instance for one client.
/// </summary>
/// <param name="claudeStatus">What the <c>claude</c> CLI says of its sign-in; left out where there is none.</param>
internal sealed class LanguageServer(IAgentFactory agents, ServerLog log, TimeProvider time, Func<CancellationToken, Task<string?>>? claudeStatus = null)
{
    /// <param name="clientProcessId">Watched besides the one in <c>initialize</c>.</param>
    /// <returns>The exit code by LSP 3.17, "exit".</returns>
    public async Task<int> RunAsync(Stream input, Stream output, int? clientProcessId, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var router = new RpcRouter();
        var rpc = new RpcConnection(input, output, router, m => log.Write(LogLevel.Warning, m), time);
        var state = new ServerState();
        var progress = new ProgressReporter(state, rpc);
        var surface = new ReviewSurface(state, rpc);
        using var shownEdits = new ProposalDocuments(state, rpc, log);
        using var questions = new QuestionQueue(state, rpc, shownEdits, time);
        var reads = new ReadGuard(() => state.Settings.AskToRead, () => state.Roots);
        var knowledge = new EditorKnowledge(state, rpc, reads, time);
        using var transcripts = new TranscriptDocuments(state, rpc, time, log);
        var editor = new EditorClient(state, rpc, questions, progress, new ToolWatch(state, rpc, time, log), surface, shownEdits,
            knowledge, reads, log);
        var rules = new ModelRules(state, claudeStatus ?? (_ => Task.FromResult<string?>(null)), time);
        var ring = new KeyRing();
        var setup = new AgentSetup(state, ring);
        reads.AgentFolders = () => agents.OwnFolders(setup.Options(null, state.Root));
        var policed = new PolicedAgents(agents, rules);
        await using var availability = new AvailabilityMonitor(rpc, policed, setup);
        using var past = new PastTexts(problem => log.Write(LogLevel.Warning, problem));
        await using var sessions = new SessionRegistry(
            new WatchedAgents(policed, availability.Note), editor, time, past, new LeftProposals(new StateFolder(time)));
        var settings = new SettingsSync(state, rpc, log, time);
        var desk = new SessionAccess(state, setup, sessions);
        var report = new StatusReport(state, desk, availability);
        await using var status = new StatusFeed(state, rpc, cancel => report.ReadAsync(desk.Sessions.Current, cancel), log);
        editor.StatusListener = status.Touch;
        editor.EventListener = transcripts.Touch;
        availability.Changed = status.Touch;
        using var parent = new ParentWatch(reason =>
        {
            log.Write(LogLevel.Warning, reason);
            ending.Cancel();
        });
        var lifecycle = new Lifecycle(state, settings, parent, log)
        {
            ShuttingDown = () => Task.WhenAll(sessions.DisposeAsync().AsTask(), availability.DisposeAsync().AsTask()),
            Exited = ending.Cancel,
            FolderClosed = folder => sessions.Post(new FolderClosed(folder)),
        };
        var documents = new TextSync(state, rpc, log) { Seen = file => sessions.Post(new FileSeen(file)) };

        log.ToClient = (type, message) => rpc.Notify("window/logMessage", new LogMessageParams(type, message), LspJson.Default.LogMessageParams);
        settings.Changed = () =>
        {
            desk.SettingsChanged();
            availability.SettingsChanged();
            status.Touch();
        };
        lifecycle.Initialized = () =>
        {
            if (VersionMatch.Complaint(state.Capabilities.ClientVersion, ServerVersion.Text) is { } complaint)
                rpc.Tell(MessageType.Warning, complaint);
            _ = status.BeginAsync(settings.ReadyAsync());
        };
        var credentials = new CredentialChanges(ring, availability, progress, log);
        progress.Cancelled = (id, run) =>
        {
            if (!credentials.Cancel(id))
                sessions.All.FirstOrDefault(s =>
                    s.Id == id)?.Post(run == ShellReducer.Progress ? new ShellStopRequested(null) : new AbortRequested("cancelled by the user"));
        };

        lifecycle.Register(router);
        settings.Register(router);
        documents.Register(router);
        var review = new ReviewActions(surface);
        review.Register(router);
        new CodeActions(review, new AskActions(state, desk, availability, transcripts, time)).Register(router);
        router.OnNotification("window/workDoneProgress/cancel", LspJson.Default.WorkDoneProgressCancelParams, progress.OnCancel);
        var commands = new CommandRouter();
        var slash = new SlashCommands(desk, settings, commands, new Chooser(state, rpc, questions), rpc);
        PromptContext ContextIn(string root) => new(state, knowledge, root);
        var runs = new DetachedRuns(rpc, log);
        new AskCommands(desk, settings, ContextIn, slash, transcripts, runs).Register(commands);
        new AskActionCommands(state, desk, settings, transcripts, runs).Register(commands);
        new EditCommands(state, desk, shownEdits).Register(commands);
        new ModelCommands(state, desk, settings, setup, new ModelPicker(state, rpc, questions), new Chooser(state, rpc, questions)).Register(commands);
        new ProviderCommands(state, desk, settings, rpc, questions, new TextInput(state, rpc), setup, ring, credentials, availability).Register(commands);
        new PolicyCommands(desk).Register(commands);
        new TranscriptCommands(desk, transcripts).Register(commands);
        new SessionCommands(desk, report, availability, settings, rpc).Register(commands);
        new SessionFiles(desk, settings, rpc, time).Register(commands);
        new RunCommands(desk, settings).Register(commands);
        slash.Register(commands);
        new ContextCommands(state, desk, ContextIn, new WorkspaceFiles(time)).Register(commands);
        commands.Register(router);

        if (clientProcessId is { } pid)
            parent.Watch(pid);
        try
        {
            await rpc.RunAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // exit, or the client's process is gone.
        }
        finally
        {
            log.ToClient = null;
        }

        return lifecycle.ExitCode;
    }
}
