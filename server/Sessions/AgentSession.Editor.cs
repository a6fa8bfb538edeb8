using PiLsp.Agents;

namespace PiLsp.Sessions;

// What is asked of the editor and of the disk for the agent, each answered by a message.
internal sealed partial class AgentSession
{
    /// <summary>Shorter than the editor may take to answer: what has not been sent is not said to have been refused by it.</summary>
    private static readonly TimeSpan TurnGrace = TimeSpan.FromSeconds(30);

    private async Task LoadAsync(LoadFile load)
    {
        try
        {
            var file = load.OnlyLook ? await Task.Run(() => Look(load.Path))
                : await _editor.LoadAsync(load.Path, load.ForReading, load.Allowed, _closing.Token);
            Post(new FileLoaded(load.Key, file) { Past = load.Past.IsDefaultOrEmpty ? [] : await Task.Run(() => Fetched(load.Past)) });
        }
        catch (Exception e)
        {
            Post(new FileLoaded(load.Key, new LoadedFile(null, null, "EIO", e.Message, null)));
        }
    }

    /// <summary>Whether a tool may open it by itself, which would wait for a pipe, and read what the server never does.</summary>
    private LoadedFile Look(string path) => _editor.WhyNoFile(path) is { } noFile
        ? new LoadedFile(null, null, "EACCES", $"{path} {noFile}.", null)
        : new LoadedFile(null, null, null, null, null) { Private = _editor.Look(path) };

    private async Task SiftAsync(SiftRequested request)
    {
        try
        {
            var found = await Task.Run(() =>
                request.Paths.Select(p => (Path: p, File: _editor.Look(p))).Where(p => p.File is not null).Select(p => (p.Path, p.File!)).ToList());
            Post(new PathsSifted(request, found));
        }
        catch (Exception e)
        {
            // What could not be looked at is not shown.
            _editor.Log($"session {Id}: what a search found could not be looked at: {e.Message}");
            Post(new PathsSifted(request, [.. request.Paths.Select(p => (p, new PrivateFile("could not be looked at", p)))]));
        }
    }

    private async Task ApplyAsync(ApplyToEditor apply, CancellationToken over)
    {
        try
        {
            if (!await TakesTurnAsync(apply, over))
                return;
            var (applied, reason) = await _editor.ApplyAsync(apply, _closing.Token);
            Post(new ApplyAnswered(apply.DeliveryNumber, applied, reason));
        }
        catch (Exception e)
        {
            Post(new ApplyAnswered(apply.DeliveryNumber, false, e.Message) { Failed = true, TimedOut = e is TimeoutException });
        }
    }

    private async Task<bool> TakesTurnAsync(ApplyToEditor apply, CancellationToken over)
    {
        try
        {
            await _editor.TakeTurnAsync(apply, over).WaitAsync(TurnGrace, _time, over);
            return true;
        }
        catch (TimeoutException)
        {
            const string why = "another session's edit of the same file is still under way";
            Post(new ApplyAnswered(apply.DeliveryNumber, false, why) { Failed = true, TimedOut = true });
            return false;
        }
    }

    private async Task PrepareToolAsync(PrepareTool prepare, CancellationToken stopped)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopped, _closing.Token);
        try
        {
            await _editor.PrepareToolAsync(prepare.Execution, prepare.Landed, either.Token);
        }
        catch (Exception e)
        {
            // Consent was given; that the disk cannot be compared does not take it back, and is told afterwards.
            _editor.Log($"the workspace could not be looked at before the tool: {e.Message}");
        }

        Post(new ToolPrepared(prepare.RequestId));
    }

    private async Task FinishToolAsync(FinishTool finish)
    {
        ToolAftermath aftermath;
        try
        {
            aftermath = await _editor.FinishToolAsync(finish.Execution, State.Root, _closing.Token);
        }
        catch (Exception e)
        {
            _editor.Log($"the workspace could not be looked at after the tool: {e.Message}");
            aftermath = ToolAftermath.Unknown(e.Message);
        }

        if (!finish.NeverRan)
            Post(new ToolFinished(finish.RequestId, finish.Tool, aftermath));
    }

    private async Task AskUserAsync(AskUser ask, CancellationToken cancellation)
    {
        try
        {
            var answer = await _editor.AskAsync(ask.Question, cancellation);
            Post(answer.Outcome == QuestionOutcome.Later ? new QuestionPutAside(ask.QuestionId, ask.Question) : new QuestionAnswered(ask.QuestionId, answer));
        }
        catch (OperationCanceledException)
        {
            // Withdrawn by us: there is nothing to tell.
        }
        catch (Exception e)
        {
            _editor.Log($"a question could not be put: {e.Message}");
            Post(new QuestionAnswered(ask.QuestionId, new QuestionAnswer(QuestionOutcome.NobodyToAsk)));
        }
    }

    private async Task QueryEditorAsync(EditorQueryRequested request, CancellationToken cancellation)
    {
        EditorQueryAnswer answer;
        try
        {
            answer = await _editor.QueryAsync(request.Tool, request.Input, State.Root, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Withdrawn by us: the agent has its answer.
            return;
        }
        catch (Exception e)
        {
            answer = new EditorQueryAnswer($"The editor could not answer: {e.Message}", IsError: true);
        }

        Post(new EditorAnswered(request.RequestId, answer));
    }
}
