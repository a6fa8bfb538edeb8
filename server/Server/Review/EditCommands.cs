using System.Text.Json;
using PiLsp.Edits;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Review;

/// <summary><c>pi.listEdits</c>, <c>pi.applyEdit</c>, <c>pi.rejectEdit</c>, <c>pi.showEdit</c>, <c>pi.listRuns</c>, <c>pi.undoRun</c>: the one way of every decision. Runs on the ordered loop.</summary>
internal sealed class EditCommands(ServerState state, SessionDesk desk, ProposalDocuments documents)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.listEdits", ListAsync);
        commands.On("pi.applyEdit", ApplyAsync);
        commands.On("pi.rejectEdit", RejectAsync);
        commands.On("pi.showEdit", ShowAsync);
        commands.On("pi.listRuns", ListRuns);
        commands.On("pi.undoRun", UndoAsync);
    }

    private async Task<JsonElement> ListAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var wanted = arguments.Texts("editIds");
        // What the user has typed before asking is in the answer.
        var sessions = desk.Sessions.All.ToList();
        await Task.WhenAll(sessions.Select(s => s.HandledAsync()));
        var edits = sessions.SelectMany(s =>
        {
            var all = s.State.Proposals;
            return all.Where(p => wanted?.Contains(p.Id) != false).Select(p => (Session: s, Edit: p, OnTop: StageReducer.OnTop(all, p)));
        }).ToList();
        // Texts of the past come from the disk.
        return await Task.Run(
            () => JsonSerializer.SerializeToElement(new EditsReply([.. edits.Select(e => Whole(e.Session, e.Edit, e.OnTop))]), WireJson.Default.EditsReply), cancellation);
    }

    private EditReply Whole(AgentSession session, EditProposal proposal, EditProposal? onTop)
    {
        EditProposal whole;
        try
        {
            whole = session.Whole(proposal);
        }
        catch (IOException e)
        {
            whole = proposal with { Reason = $"{proposal.Reason ?? EditReducer.Name(proposal.Status)}; its texts had been put on the disk and cannot be read from there any more: {e.Message}" };
        }

        return Wire.Edit(session.Id, state.Root, whole, state.Capabilities.Encoding, onTop);
    }

    private async Task<JsonElement> ApplyAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        // One text for every file, or the hunks of one edit for all of them, is never what anybody meant.
        NotWithAll(arguments, "editId", "hunkIds", "newText", "version", "remarks");
        var id = arguments.Text("editId");
        var decision = new ApplyDecision(arguments.Texts("hunkIds"), arguments.Text("newText"), arguments.Number("version"), arguments.Flag("keepRest"))
        {
            Remarks = Remarks(arguments, id),
        };
        if (decision is { HunkIds: not null, NewText: not null })
            throw arguments.Bad("\"hunkIds\" and \"newText\" exclude each other");
        if (arguments.Flag("all"))
            return Reply(Merge(await DecideAllAsync(decision)));
        return Reply(await DecideAsync(id, decision));

        static JsonElement Reply(DecisionResult r) => JsonSerializer.SerializeToElement(
            new ApplyReply(r.Done, r.Status is { } status ? EditReducer.Name(status) : null, r.Landed, r.Reason), WireJson.Default.ApplyReply);
    }

    private async Task<JsonElement> RejectAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        NotWithAll(arguments, "editId", "hunkIds", "remarks");
        var decision = new RejectDecision(arguments.Text("reason"), arguments.Texts("hunkIds")) { Remarks = Remarks(arguments, arguments.Text("editId")) };
        var result = arguments.Flag("all")
            ? Merge(await DecideAllAsync(decision))
            : await DecideAsync(arguments.Text("editId"), decision);
        var rejected = result.Status == ProposalStatus.Rejected || result.Done || (result.Status == ProposalStatus.Partial && !result.WasDecided);
        return JsonSerializer.SerializeToElement(new RejectReply(rejected, result.Reason), WireJson.Default.RejectReply);
    }

    private async Task<JsonElement> ShowAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var id = arguments.Text("editId");
        var view = arguments.Text("as") ?? "diff";
        if (view is not ("diff" or "text"))
            throw arguments.Bad("\"as\" must be one of diff, text");
        var session = desk.Holding(id);
        await (session?.HandledAsync() ?? Task.CompletedTask);
        var proposal = session?.State.FindEdit(id) ?? throw new RpcException(RpcErrorCodes.RequestFailed, NoSuchEdit(id));
        var above = StageReducer.OnTop(session.State.Proposals, proposal);
        var (uri, shown) = await documents.ShowAsync(above ?? await Task.Run(() => Told(() => session.Whole(proposal)), cancellation), view == "text", cancellation);
        return JsonSerializer.SerializeToElement(new ShowEditReply(uri, shown), WireJson.Default.ShowEditReply);
    }

    private Task<JsonElement> ListRuns(CommandArguments arguments, CancellationToken cancellation)
    {
        var runs = desk.Sessions.All.SelectMany(s => s.State.Runs.Select(r => (Session: s, Run: r))).ToList();
        return Task.Run(
            () => JsonSerializer.SerializeToElement(
                new RunsReply([.. runs.Select(one => new RunReply(
                    one.Session.Id, one.Run.Id, one.Run.Title, one.Run.Undone,
                    [.. one.Run.Changes.GroupBy(c => c.Path).Select(g => new RunFileReply(g.Last().Uri, !g.First().Existed, Diff(one.Session, g.Key, g.First(), g.Last())))]))]),
                WireJson.Default.RunsReply),
            cancellation);
    }

    private string Diff(AgentSession session, string path, LandedChange first, LandedChange last) => Told(() =>
    {
        var (before, after) = (session.Texts(first).Before, session.Texts(last).After);
        return TextDiff.Unified(WorkspacePath.Shown(state.Root, path), before, TextDiff.Compare(before, after));
    });

    private static T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException e)
        {
            throw new RpcException(RpcErrorCodes.RequestFailed, $"A text of the past had been put on the disk and cannot be read from there any more: {e.Message}");
        }
    }

    private async Task<JsonElement> UndoAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        var result = await session.UndoAsync(arguments.Text("runId"));
        if (result.Error is { } error)
            throw new RpcException(RpcErrorCodes.RequestFailed, error);
        return JsonSerializer.SerializeToElement(
            new UndoReply(result.Files.All(f => f.Status is not ("failed" or "partial")), result.RunId, [.. result.Files.Select(f => new UndoneFileReply(f.Uri, f.Status, f.Reason))]),
            WireJson.Default.UndoReply);
    }

    private static void NotWithAll(CommandArguments arguments, params ReadOnlySpan<string> names)
    {
        if (!arguments.Flag("all"))
            return;
        foreach (var name in names)
        {
            if (arguments.Has(name))
                throw arguments.Bad($"\"all\" and \"{name}\" exclude each other");
        }
    }

    /// <summary>Remarks name lines of the proposed text, as <c>pi.listEdits</c> gives it; they are quoted for the model.</summary>
    private IReadOnlyList<Remark> Remarks(CommandArguments arguments, string? editId)
    {
        var remarks = arguments.Objects("remarks");
        if (remarks.Count == 0)
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
            var (first, last) = arguments.Lines(r, "range");
            if (first > last || last >= document.LineCount)
                throw arguments.Bad($"a remark is on line {last + 1}, the proposed text has {document.LineCount}");
            var start = document.Lines[first];
            var end = last + 1 < document.LineCount ? document.Lines[last + 1] : text.Length;
            return new Remark(first, last, text[start..end], arguments.TextOf(r, "text"));
        })];
    }

    private static string NoSuchEdit(string? id) => id is null ? "There is no open edit." : $"There is no edit \"{id}\"; pi.listEdits lists them.";

    private Task<DecisionResult[]> DecideAllAsync(EditDecision decision) => Task.WhenAll(
        desk.Sessions.All.SelectMany(s => s.State.Proposals.Where(p => p.Status == ProposalStatus.Open).Select(p => s.DecideAsync(p.Id, decision))));

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
