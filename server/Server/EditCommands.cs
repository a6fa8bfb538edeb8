using System.Text.Json;
using PiLsp.Edits;
using PiLsp.Rpc;
using PiLsp.Sessions;

namespace PiLsp.Server;

/// <summary><c>pi.listEdits</c>, <c>pi.applyEdit</c>, <c>pi.rejectEdit</c>, <c>pi.showEdit</c>: the one way of every decision. Runs on the ordered loop.</summary>
internal sealed class EditCommands(ServerState state, SessionDesk desk, ProposalDocuments documents)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.listEdits", List);
        commands.On("pi.applyEdit", ApplyAsync);
        commands.On("pi.rejectEdit", RejectAsync);
        commands.On("pi.showEdit", ShowAsync);
    }

    private Task<JsonElement> List(CommandArguments arguments, CancellationToken cancellation)
    {
        var edits = desk.Sessions.All.SelectMany(s => s.State.Proposals.Select(p => Wire.Edit(s.Id, state.Root, p, state.Capabilities.Encoding))).ToList();
        return Task.FromResult(JsonSerializer.SerializeToElement(new EditsReply(edits), WireJson.Default.EditsReply));
    }

    private async Task<JsonElement> ApplyAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var id = arguments.Text("editId");
        var decision = new ApplyDecision(arguments.Texts("hunkIds"), arguments.Text("newText"), arguments.Number("version"), arguments.Flag("keepRest"));
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
        var decision = new RejectDecision(arguments.Text("reason"), arguments.Texts("hunkIds"));
        var result = arguments.Flag("all")
            ? Merge(await DecideAllAsync(decision))
            : await DecideAsync(arguments.Text("editId"), decision);
        var rejected = result.Status is ProposalStatus.Rejected or ProposalStatus.Partial || result.Done;
        return JsonSerializer.SerializeToElement(new RejectReply(rejected, result.Reason), WireJson.Default.RejectReply);
    }

    private async Task<JsonElement> ShowAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var id = arguments.Text("editId");
        var view = arguments.Text("as") ?? "diff";
        if (view is not ("diff" or "text"))
            throw arguments.Bad("\"as\" must be one of diff, text");
        var proposal = desk.Holding(id)?.State.FindEdit(id) ?? throw new RpcException(RpcErrorCodes.RequestFailed, NoSuchEdit(id));
        var (uri, shown) = await documents.ShowAsync(proposal, view == "text", cancellation);
        return JsonSerializer.SerializeToElement(new ShowEditReply(uri, shown), WireJson.Default.ShowEditReply);
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
            results.FirstOrDefault(r => !r.Done)?.Reason ?? results.FirstOrDefault(r => r.Reason is not null)?.Reason);
    }
}
