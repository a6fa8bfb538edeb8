using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Server.Accounts;
using PiLsp.Server.Commands;
using PiLsp.Server.Conversations;
using PiLsp.Server.Editor;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Prompting;

/// <summary>
/// Code actions that start a run, for editors that know nothing of us: each only names one of the commands of
/// <see cref="AskActionCommands"/>. What cannot be done here and now is not offered. Runs on the ordered loop.
/// </summary>
internal sealed class AskActions(ServerState state, SessionAccess desk, AvailabilityMonitor availability, TranscriptDocuments transcripts, TimeProvider time)
{
    /// <summary>How often it is looked whether what was missing is there now.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private const int MaxSingleFixes = 8;
    private const int MaxTitle = 60;

    /// <summary>LSP 3.17, CodeActionTriggerKind: asked for by the editor itself, at every move of the cursor.</summary>
    private const int Automatic = 2;

    private long? _lookedAt;

    public IEnumerable<CodeAction> In(CodeActionParams p)
    {
        if (!state.Capabilities.AskActions || state.Documents.FindByUri(p.TextDocument.Uri) is not { } document)
            return [];
        if (transcripts.Holds(document.Path) || !CanAsk())
            return Stop(p);
        return MayEdit ? [.. Fixes(p), .. Comment(p, document), .. About(p), .. Stop(p)] : [.. About(p), .. Stop(p)];
    }

    /// <summary>Where it is read what Pi does, too: not every editor has a way to cancel a progress.</summary>
    private IEnumerable<CodeAction> Stop(CodeActionParams p)
    {
        if (p.Context?.TriggerKind != Automatic && desk.Sessions.Current is { State.Run: not null } session)
            yield return Action("Stop Pi", CodeActions.Refactor, WireCommands.Abort, new AbortArgument(session.Id));
    }

    /// <summary>
    /// False where a prompt is known to fail. Nobody tells us when the user has installed or signed in what was missing,
    /// so it is looked again behind the user's back; the next menu shows what came of it.
    /// </summary>
    private bool CanAsk()
    {
        if (availability.Now.State is not (AvailabilityState.NotFound or AvailabilityState.NotPi or AvailabilityState.TooOld
            or AvailabilityState.NodeMissing or AvailabilityState.NodeTooOld or AvailabilityState.NoCredentials or AvailabilityState.ConfigBroken
                or AvailabilityState.ModelsKeptOut or AvailabilityState.GateRefused))
            return true;
        if (_lookedAt is not { } looked || time.GetElapsedTime(looked) >= LookAgain)
        {
            _lookedAt = time.GetTimestamp();
            _ = availability.CheckAsync(desk.Sessions.Current?.Supervisor.Agent, refresh: true, CancellationToken.None);
        }

        return false;
    }

    /// <summary>Where every edit is refused, an action that is about one would only disappoint.</summary>
    private bool MayEdit
    {
        get
        {
            var mode = desk.Sessions.Current?.State.Rules.EffectiveMode ?? PermissionPolicy.Cap(state.Settings.PermissionMode, state.Settings.WorkspaceTrusted);
            return mode != PermissionMode.ReadOnly && state.CanApplyEdits && (mode != PermissionMode.Ask || state.Approval != ApprovalWay.None);
        }
    }

    private static IEnumerable<CodeAction> About(CodeActionParams p)
    {
        // Offered for every line unasked, it would put a lamp beside each.
        if (p.Context?.TriggerKind == Automatic && p.Range.Start == p.Range.End)
            yield break;
        yield return Action("Ask Pi about this", CodeActions.Refactor, WireCommands.AskAbout, new AskAboutArgument(Document(p), p.Range));
    }

    private IEnumerable<CodeAction> Comment(CodeActionParams p, TextDocument document)
    {
        var offset = document.OffsetAt(p.Range.Start, state.Capabilities.Encoding);
        if (Comments.At(document.Text, offset, CommentSyntax.Of(document.LanguageId, document.Path)) is { } comment)
        {
            var range = document.RangeOf(comment.Start, comment.End - comment.Start, state.Capabilities.Encoding);
            yield return Action("Do what this comment says", CodeActions.Rewrite, WireCommands.DoComment, new DoCommentArgument(Document(p), range));
        }
    }

    private static IEnumerable<CodeAction> Fixes(CodeActionParams p)
    {
        // Ours are the edits that wait, and have actions of their own.
        var problems =
            (p.Context?.Diagnostics ?? []).Select(raw => (Raw: raw, Problem: AskedProblem.Read(raw))).Where(x => x.Problem is { Source: not "pi" }).ToList();
        foreach (var (raw, problem) in problems.Take(MaxSingleFixes))
        {
            var title = problems.Count == 1 ? "Fix this diagnostic with Pi"
                : $"Fix this diagnostic with Pi: {ShortText.Of(problem!.Message.ReplaceLineEndings(" ").Trim(), MaxTitle)}";
            yield return Action(title, CodeActions.QuickFix, WireCommands.FixDiagnostics, new FixDiagnosticsArgument(Document(p), [problem!])) with
            { Diagnostics = [raw] };
        }

        if (problems.Count > 1)
        {
            var all = new FixDiagnosticsArgument(Document(p), [.. problems.Select(x => x.Problem!)]);
            yield return Action($"Fix all {problems.Count} diagnostics in this selection with Pi", CodeActions.QuickFix, WireCommands.FixDiagnostics, all) with
            { Diagnostics = [.. problems.Select(x => x.Raw)] };
        }
    }

    private static TextDocumentIdentifier Document(CodeActionParams p) => new(p.TextDocument.Uri);

    private static CodeAction Action<TArgument, TResult>(string title, string kind, Command<TArgument, TResult> command, TArgument argument) where TArgument
        : class =>
        new(title, kind, CommandRouter.Call(title, command, argument));
}
