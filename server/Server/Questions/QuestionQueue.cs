using System.Globalization;
using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Review;
using PiLsp.Sessions;

namespace PiLsp.Server.Questions;

/// <summary>
/// Puts questions to the user. Message requests go out one at a time over all sessions, because editors replace
/// or stack them; each has a deadline, because some editors never answer a replaced one. Safe from any thread.
/// </summary>
internal sealed class QuestionQueue(ServerState state, RpcConnection rpc, ProposalDocuments documents, TimeProvider time) : IDisposable
{
    private const string Apply = "Apply";
    private const string Reject = "Reject";
    private const string Review = "Review";

    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<QuestionAnswer> AskAsync(Question question, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        // The time runs from when the user sees the question, not while it waits for its turn.
        void Shown() => deadline.CancelAfter(TimeSpan.FromMilliseconds(state.Settings.QuestionTimeoutMs));
        try
        {
            if (question is ConsentQuestion own && state.Capabilities.OwnReview)
            {
                Shown();
                return await ConfirmAsync(own, both.Token);
            }

            if (question is DialogQuestion dialog && (state.Capabilities.Pick || state.Capabilities.Input))
            {
                Shown();
                if (await OwnDialogAsync(dialog, both.Token) is { } answered)
                    return answered;
            }

            if (!state.CanAskByMessage)
                return new QuestionAnswer(QuestionOutcome.NobodyToAsk);
            await _turn.WaitAsync(cancellation);
            try
            {
                Shown();
                return question switch
                {
                    EditQuestion e => await AskAboutAsync(e, both.Token),
                    ConsentQuestion c => await new ConsentMessages(ShowAsync, documents.ShowTextAsync).AskAsync(c, both.Token),
                    DialogQuestion d => await AskDialogAsync(d, both.Token),
                    _ => new QuestionAnswer(QuestionOutcome.NobodyToAsk),
                };
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new QuestionAnswer(QuestionOutcome.TimedOut);
        }
        catch (RpcException)
        {
            return new QuestionAnswer(QuestionOutcome.NobodyToAsk);
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Something else that the user sees one of at a time, with the questions' deadline.</summary>
    public async Task<T?> InTurnAsync<T>(Func<CancellationToken, Task<T?>> show, CancellationToken cancellation) where T : class
    {
        await _turn.WaitAsync(cancellation);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(state.Settings.QuestionTimeoutMs), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return await show(both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The title of the chosen action; null when dismissed, or not answered in time.</summary>
    public Task<string?> ChooseAsync(string message, IReadOnlyList<string> actions, CancellationToken cancellation) =>
        InTurnAsync(token => ShowAsync(message, actions, token), cancellation);

    private async Task<QuestionAnswer> ConfirmAsync(ConsentQuestion question, CancellationToken cancellation)
    {
        // Also for a client that knows nothing of questions about reading.
        var shown = ShownText.Question(question.Private is { } why ? $"{question.What}\nCareful: it {why}." : question.What);
        var result = await rpc.RequestAsync(
            WireMessages.Confirm,
            new ConfirmParams(
                question.SessionId, question.ToolCallId, question.Parent, ShownText.Name(question.Tool), ShownText.Name(question.Source), shown.Whole,
                shown.Brief, shown.IsWhole,
                question.Private, question.Input, question.StagedEdits)
            {
                Always = question.Always,
            },
            cancellation);
        return result switch
        {
            { Later: true } => new QuestionAnswer(QuestionOutcome.Later),
            { Allow: true, LandFirst: true } => new QuestionAnswer(QuestionOutcome.LandFirst),
            { Allow: true, Always: true } => new QuestionAnswer(QuestionOutcome.Always),
            { Allow: true } => new QuestionAnswer(QuestionOutcome.Yes),
            { Allow: false } => new QuestionAnswer(QuestionOutcome.No, result.Reason),
            _ => new QuestionAnswer(QuestionOutcome.Dismissed),
        };
    }

    private async Task<QuestionAnswer> AskAboutAsync(EditQuestion question, CancellationToken cancellation) =>
        await ShowAsync(question.Summary, [Apply, Reject, Review], cancellation) switch
        {
            Apply => new QuestionAnswer(QuestionOutcome.Yes),
            Reject => new QuestionAnswer(QuestionOutcome.No),
            Review => new QuestionAnswer(QuestionOutcome.Review),
            _ => new QuestionAnswer(QuestionOutcome.Dismissed),
        };

    /// <summary>In the client's own picker or text field; null where it has none for this.</summary>
    private async Task<QuestionAnswer?> OwnDialogAsync(DialogQuestion question, CancellationToken cancellation)
    {
        var dialog = question.Dialog;
        var title = Words(dialog);
        string? value;
        switch (dialog.Kind)
        {
            case "select" or "confirm" when state.Capabilities.Pick:
                // Options may be alike, so they are told apart by their place.
                IReadOnlyList<string> options = dialog.Kind == "confirm" ? ["Yes", "No"] : dialog.Options;
                var items = options.Select((o, i) => new PickItem(i.ToString(CultureInfo.InvariantCulture), o)).ToList();
                var picked = await rpc.PickAsync(title, items, cancellation, question.SessionId);
                if (picked is { Later: true })
                    return new QuestionAnswer(QuestionOutcome.Later);
                var at = items.FindIndex(i => i.Id == picked?.Id);
                value = at < 0 ? null : dialog.Kind == "confirm" ? (at == 0 ? "true" : "false") : options[at];
                break;
            case "input" or "editor" when state.Capabilities.Input:
                var typed = await rpc.InputAsync(
                    new InputParams(title, dialog.Placeholder, dialog.Prefill, dialog.Kind == "editor" ? true : null, null, question.SessionId), cancellation);
                if (typed is { Later: true })
                    return new QuestionAnswer(QuestionOutcome.Later);
                value = typed?.Value;
                break;
            default:
                return null;
        }

        return value is null ? new QuestionAnswer(QuestionOutcome.Dismissed) : new QuestionAnswer(QuestionOutcome.Yes, value);
    }

    /// <summary>A message request has no text field, so only choices can be asked this way.</summary>
    private async Task<QuestionAnswer> AskDialogAsync(DialogQuestion question, CancellationToken cancellation)
    {
        var dialog = question.Dialog;
        var message = Words(dialog);
        switch (dialog.Kind)
        {
            case "confirm":
                var choice = await ShowAsync(message, ["Yes", "No"], cancellation);
                return choice is null ? new QuestionAnswer(QuestionOutcome.Dismissed)
                    : new QuestionAnswer(QuestionOutcome.Yes, choice == "Yes" ? "true" : "false");
            case "select":
                var shown = dialog.Options.Select(ShownText.OnOneLine).ToList();
                var option = await ShowAsync(message, shown, cancellation);
                return option is not null && shown.IndexOf(option) is var at and >= 0
                    ? new QuestionAnswer(QuestionOutcome.Yes, dialog.Options[at])
                    : new QuestionAnswer(QuestionOutcome.Dismissed);
            default:
                rpc.Tell(MessageType.Warning, $"An extension of Pi asks for text, which this editor cannot ask you for; it was cancelled: {message}");
                return new QuestionAnswer(QuestionOutcome.NobodyToAsk);
        }
    }

    private static string Words(DialogRequested dialog) =>
        ShownText.Visible(dialog.Message is { Length: > 0 } message ? $"{dialog.Title}\n{message}" : dialog.Title);

    private async Task<string?> ShowAsync(string message, IReadOnlyList<string> actions, CancellationToken cancellation)
    {
        var chosen = await rpc.RequestAsync(
            "window/showMessageRequest",
            new ShowMessageRequestParams(MessageType.Info, message, [.. actions.Select(a => new MessageActionItem(a))]),
            LspJson.Default.ShowMessageRequestParams, LspJson.Default.MessageActionItem, cancellation);
        return chosen?.Title;
    }
}
