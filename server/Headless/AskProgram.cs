using System.Collections.Immutable;
using System.Text;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Sessions;

namespace PiLsp.Headless;

/// <summary>
/// <c>pilsp ask</c>: one prompt through the same session core as in an editor, with the disk in the editor's place.
/// When it returns, nothing that it started is running any more.
/// </summary>
/// <param name="rules">Which models may be used; left out where all may.</param>
internal sealed class AskProgram(IAgentFactory agents, TimeProvider time, IModelRules? rules = null)
{
    /// <param name="stop">Stops the run in good order; the second one ends Pi at once.</param>
    /// <returns>0 answered, 1 failed or stopped, 2 wrong arguments.</returns>
    public async Task<int> RunAsync(
        IReadOnlyList<string> args, Stream stdin, bool stdinIsTerminal, Stream stdout, Stream stderr, CancellationToken stop, CancellationToken endAtOnce)
    {
        int code;
        var streams = new AskStreams(stdout, stderr);
        await using (streams)
            code = await RunAsync(args, stdin, stdinIsTerminal, streams, stop, endAtOnce);
        if (streams.Problem is not { } problem)
            return code;
        await using var last = new AskStreams(Stream.Null, stderr);
        last.Err($"pilsp ask: stdout cannot be written: {problem.ReplaceLineEndings(" ")}\n");
        return 1;
    }

    private async Task<int> RunAsync(
        IReadOnlyList<string> args, Stream stdin, bool stdinIsTerminal, AskStreams streams, CancellationToken stop, CancellationToken endAtOnce)
    {
        int Wrong(string error)
        {
            streams.Err($"pilsp ask: {error.ReplaceLineEndings(" ")} (pilsp ask --help lists the arguments)\n");
            return 2;
        }

        var (arguments, wrong) = AskArguments.Parse(args);
        if (arguments is null)
            return Wrong(wrong!);
        if (arguments.HelpWanted)
        {
            streams.Out(AskArguments.Help.ReplaceLineEndings("\n"));
            return 0;
        }

        if (arguments.Prompt is null && stdinIsTerminal)
            return Wrong("there is no prompt");
        AgentOptions options;
        string prompt;
        string? file;
        try
        {
            options = Options(arguments);
            (file, var missing) = await StoredConversation.FindAsync(agents.Sessions, arguments.Session, options, stop);
            if (missing is not null)
                return Wrong(missing);
            prompt = arguments.Prompt ?? await ReadPromptAsync(stdin, stop);
        }
        catch (OperationCanceledException)
        {
            streams.Err("pilsp ask: stopped\n");
            return 1;
        }
        catch (DecoderFallbackException)
        {
            return Wrong("stdin is not UTF-8 text");
        }

        if (string.IsNullOrWhiteSpace(prompt))
            return Wrong("the prompt is empty");
        IAskView view = arguments.Json ? new AskJson(streams, arguments.Verbose) : new AskProse(streams, arguments.Verbose);
        var outcome = await AskAsync(arguments.IgnoreClaude || rules is null ? agents
            : new PolicedAgents(agents, rules), prompt, arguments.Mode, options, file, view, stop, endAtOnce);
        view.Finish(outcome);
        return outcome.ExitCode;
    }

    private async Task<AskOutcome> AskAsync(
        IAgentFactory used, string prompt, PermissionMode mode, AgentOptions options, string? file, IAskView view, CancellationToken stop,
        CancellationToken endAtOnce)
    {
        var editor = new DiskEditor(
            options.WorkingDirectory, ProtectedPath.Defaults, new ReadGuard(() => "secrets", () => [options.WorkingDirectory]), view, time, _ => { });
        var supervisor = new AgentSupervisor(used, stored => options with { SessionFile = stored }, _ => { });
        if (file is not null)
            supervisor.Reserve(file);
        var state = new SessionState
        {
            Id = "s1",
            Root = options.WorkingDirectory,
            Rules = new SessionRules { ModeSetting = mode, Approval = ApprovalWay.None, CanAskConsent = false },
        };
        var session = new AgentSession(state, editor, supervisor, time);
        editor.Seen = seen => session.Post(new FileSeen(seen));
        AskResult? result = null;
        string? error = null;
        await using (session)
        {
            await using var hurry = endAtOnce.Register(() => _ = session.DisposeAsync().AsTask());
            try
            {
                result = await session.Ask(prompt, PromptDelivery.Start, stop).Done;
                error = result.Error;
            }
            catch (AgentException e)
            {
                error = e.Message;
            }

            // The events that come with the end, too.
            await session.HandledAsync();
        }

        // Of a Pi that got the same signal as we, the run may have been lost before it could be stopped.
        var aborted = stop.IsCancellationRequested && (error is not null || result?.StopReason == "aborted");
        error = aborted || result?.StopReason == "aborted" ? "stopped" : error
            ?? (result?.StopReason == "error" ? "the model failed and did not say why" : null);
        var stored = supervisor.SessionFile is { } path && File.Exists(path) ? path : null;
        return new AskOutcome(session.Id, result, error, supervisor.LastState?.Model?.FullId, stored, stored is null ? null
            : ResumeCommand.Line(agents.Sessions.ResumeWords(stored), ResumeCommand.OwnShell))
        {
            IsAborted = aborted || result?.StopReason == "aborted",
        };
    }

    private static AgentOptions Options(AskArguments arguments)
    {
        return new AgentOptions(
            Environment.CurrentDirectory, arguments.Command, arguments.Node, [], ImmutableDictionary<string, string>.Empty, null, arguments.Model, null, null,
            null,
            SessionFile: null, TrustProject: false, AgentOptions.UsualStartTimeout);
    }

    private static async Task<string> ReadPromptAsync(Stream stdin, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        // A terminal's or a pipe's read does not end when it is cancelled; nobody waits for it then.
        await Task.Run(() => stdin.CopyToAsync(bytes, stop), stop).WaitAsync(stop);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return text.TrimStart('\uFEFF').TrimEnd('\r', '\n');
    }
}
