using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Workspace;

namespace PiLsp.Server.Review;

/// <summary>
/// <c>pi.listEdits</c>, <c>pi.applyEdit</c>, <c>pi.rejectEdit</c>, <c>pi.showEdit</c>, <c>pi.listRuns</c>, <c>pi.undoRun</c>: the one way of every decision.
/// Runs on the ordered loop.
/// </summary>
internal sealed class EditCommands(ServerState state, SessionAccess desk, ProposalDocuments documents)
{
    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.ListEdits, ListAsync);
        commands.On(WireCommands.ApplyEdit, ApplyAsync);
        commands.On(WireCommands.RejectEdit, RejectAsync);
        commands.On(WireCommands.ShowEdit, ShowAsync);
        commands.On(WireCommands.ListRuns, ListRuns);
        commands.On(WireCommands.UndoRun, UndoAsync);
    }

    private async Task<ListEditsResult> ListAsync(ListEditsArgument argument, CancellationToken cancellation)
    {
        // What the user has typed before asking is in the answer.
        var sessions = desk.Sessions.All.ToList();
        await Task.WhenAll(sessions.Select(s => s.HandledAsync()));
        var edits = sessions.SelectMany(s =>
        {
            var held = s.State;
            return held.Proposals.Where(p => argument.EditIds?.Contains(p.Id) != false)
                .Select(p => (Session: s, Edit: p, OnTop: StageReducer.OnTop(held, p)));
        }).ToList();
        // Texts of the past come from the disk.
        return await Task.Run(() => new ListEditsResult([.. edits.Select(e => Whole(e.Session, e.Edit, e.OnTop))]), cancellation);
    }

    private Edit Whole(AgentSession session, EditProposal proposal, EditProposal? onTop)
    {
        EditProposal whole;
        try
        {
            whole = session.Whole(proposal);
        }
        catch (IOException e)
        {
            whole = proposal with
            {
                Reason =
                    $"{proposal.Reason ?? EditReducer.Name(proposal.Status)}; its texts had been put on the disk and cannot be read from there any more: " +
                        $"{e.Message}"
            };
        }

        return Wire.Edit(session.Id, session.State.Root, whole, state.Capabilities.Encoding, onTop);
    }

    private async Task<ApplyResult> ApplyAsync(ApplyArgument argument, CancellationToken cancellation)
    {
        // One text for every file, or the hunks of one edit for all of them, is never what anybody meant.
        NotWithAll(
            argument.All, (argument.EditId, "editId"), (argument.HunkIds, "hunkIds"), (argument.NewText, "newText"), (argument.Version, "version"),
            (argument.Remarks, "remarks"));
        var decision = new ApplyDecision(argument.HunkIds, argument.NewText, argument.Version, argument.KeepRest ?? false)
        {
            Remarks = Remarks(argument.Remarks, argument.EditId),
        };
        if (decision is { HunkIds: not null, NewText: not null })
            throw new WrongArgumentException("\"hunkIds\" and \"newText\" exclude each other");
        var result = argument.All == true ? Merge(await DecideAllAsync(decision)) : await DecideAsync(argument.EditId, decision);
        return new ApplyResult(result.Done, result.Status is { } status ? EditReducer.Name(status) : null, result.Landed, result.Reason);
    }

    private async Task<RejectResult> RejectAsync(RejectArgument argument, CancellationToken cancellation)
    {
        NotWithAll(argument.All, (argument.EditId, "editId"), (argument.HunkIds, "hunkIds"), (argument.Remarks, "remarks"));
        var decision = new RejectDecision(argument.Reason, argument.HunkIds) { Remarks = Remarks(argument.Remarks, argument.EditId) };
        var result = argument.All == true ? Merge(await DecideAllAsync(decision)) : await DecideAsync(argument.EditId, decision);
        var rejected = result.Status == ProposalStatus.Rejected || result.Done || (result.Status == ProposalStatus.Partial && !result.WasDecided);
        return new RejectResult(rejected, result.Reason);
    }

    private async Task<ShowEditResult> ShowAsync(ShowEditArgument argument, CancellationToken cancellation)
    {
        var id = argument.EditId;
        var session = desk.Holding(id);
        await (session?.HandledAsync() ?? Task.CompletedTask);
        var proposal = session?.State.FindEdit(id) ?? throw new RpcException(RpcErrorCodes.RequestFailed, NoSuchEdit(id));
        if (argument.As == EditView.Landed && proposal.Status is not (ProposalStatus.Applied or ProposalStatus.Partial))
            throw new RpcException(RpcErrorCodes.RequestFailed, $"Nothing of edit {proposal.Id} has landed.");
        var above = StageReducer.OnTop(session.State, proposal);
        var (uri, shown) = await documents.ShowAsync(above
            ?? await Task.Run(() => Told(() => session.Whole(proposal)), cancellation), argument.As ?? EditView.Diff, cancellation);
        return new ShowEditResult(uri, shown);
    }

    private Task<ListRunsResult> ListRuns(NoArgument argument, CancellationToken cancellation)
    {
        var runs = desk.Sessions.All.SelectMany(s => s.State.Runs.Where(r => !r.Changes.IsEmpty).Select(r => (Session: s, Run: r))).ToList();
        return Task.Run(
            () => new ListRunsResult([.. runs.Select(one => new RunReply(
                one.Session.Id, one.Run.Id, one.Run.Title, one.Run.Undone,
                [.. one.Run.Changes.GroupBy(c => c.Path)
                    .Select(g => new ChangedFile(g.Last().Uri, !g.First().Existed, Diff(one.Session, g.Key, g.First(), g.Last())))]))]),
            cancellation);
    }

    private string Diff(AgentSession session, string path, LandedChange first, LandedChange last) => Told(() =>
    {
        var (before, after) = (session.Texts(first).Before, session.Texts(last).After);
        return TextDiff.Unified(WorkspacePath.Shown(session.State.Root, path), before, TextDiff.Compare(before, after));
    });

    private static T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException e)
        {
            throw new RpcException(
                RpcErrorCodes.RequestFailed, $"A text of the past had been put on the disk and cannot be read from there any more: {e.Message}");
        }
    }

    private async Task<UndoneRun> UndoAsync(UndoArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        var result = argument.DryRun == true ? await session.ForetellUndoAsync(argument.RunId, cancellation) : await session.UndoAsync(argument.RunId);
        if (result.Error is { } error)
            throw new RpcException(RpcErrorCodes.RequestFailed, error);
        return new UndoneRun(
            result.Files.All(f => f.Status is not ("failed" or "partial")), result.RunId,
            [.. result.Files.Select(f => new RestoredFile(f.Uri, f.Status, f.Reason))]);
    }

    private static void NotWithAll(bool? all, params ReadOnlySpan<(object? Value, string Name)> others)
    {
        foreach (var (value, name) in all == true ? others : [])
        {
            if (value is not null)
                throw new WrongArgumentException($"\"all\" and \"{name}\" exclude each other");
        }
    }

    /// <summary>Remarks name lines of the proposed text, as <c>pi.listEdits</c> gives it; they are quoted for the model.</summary>
    private IReadOnlyList<Remark> Remarks(IReadOnlyList<EditRemark>? remarks, string? editId)
    {
        if (remarks is null or [])
            return [];
        if (desk.Holding(editId)?.State.FindEdit(editId) is not { } proposal)
            throw new RpcException(RpcErrorCodes.RequestFailed, NoSuchEdit(editId));
        // Of a decided one nobody hears them any more; the answer says that it is decided.
        if (proposal.IsFinal)
            return [];
        var text = proposal.NewText;
        var document = new TextDocument(proposal.Uri, "", 0, text);
        return [.. remarks.Select(r =>
        {
            var (first, last) = Lines(r.Range);
            if (first > last || last >= document.LineCount)
                throw new WrongArgumentException($"a remark is on line {last + 1}, the proposed text has {document.LineCount}");
            var start = document.Lines[first];
            var end = last + 1 < document.LineCount ? document.Lines[last + 1] : text.Length;
            return new Remark(first, last, text[start..end], r.Text);
        })];
    }

    /// <summary>An end at the start of a line does not take that line in.</summary>
    private static (int First, int Last) Lines(Lsp.Range range) =>
        (range.Start.Line, range.End.Character == 0 && range.End.Line > range.Start.Line ? range.End.Line - 1 : range.End.Line);

    private static string NoSuchEdit(string? id) => id is null ? "There is no open edit." : $"There is no edit \"{id}\".";

    private Task<DecisionResult[]> DecideAllAsync(EditDecision decision) => Task.WhenAll(
        desk.Sessions.All.SelectMany(s => s.State.Proposals.Where(s.State.IsOpen).Select(p => s.DecideAsync(p.Id, decision))));

    private async Task<DecisionResult> DecideAsync(string? id, EditDecision decision)
    {
        if (desk.Holding(id) is not { } session)
            throw new RpcException(RpcErrorCodes.RequestFailed, NoSuchEdit(id));
        var result = await session.DecideAsync(id, decision);
        return result.Error is { } error ? throw new RpcException(RpcErrorCodes.RequestFailed, error) : result;
    }

    /// <summary>One answer for several edits: done if all are, with the first reason that one is not.</summary>
    private static DecisionResult Merge(IReadOnlyList<DecisionResult> results)
    {
        if (results.Count == 0)
            throw new RpcException(RpcErrorCodes.RequestFailed, "There is no open edit.");
        var status = results.Select(r => r.Status).Distinct().ToList() is [var one] ? one : ProposalStatus.Partial;
        return new DecisionResult(
            results.All(r => r.Done), null, status, [.. results.SelectMany(r => r.Landed)],
            results.FirstOrDefault(r => !r.Done)?.Reason ?? results.FirstOrDefault(r => r.Reason is not null)?.Reason)
        {
            WasDecided = results.All(r => r.WasDecided),
        };
    }
}
