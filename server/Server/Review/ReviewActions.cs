using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Editor;

namespace PiLsp.Server.Review;

/// <summary>
/// Code actions and code lenses on open hunks. Each only names a command, so that every decision goes the one way.
/// Runs on the ordered loop.
/// </summary>
internal sealed class ReviewActions(ReviewSurface surface)
{
    public void Register(RpcRouter router) =>
        router.OnRequest("textDocument/codeLens", LspJson.Default.CodeLensParams, LspJson.Default.IReadOnlyListCodeLens, Lenses);

    public IReadOnlyList<CodeAction> In(CodeActionParams p)
    {
        var actions = new List<CodeAction>();
        var edits = surface.In(p.TextDocument.Uri).ToList();
        foreach (var edit in edits)
        {
            foreach (var hunk in edit.Hunks.Where(h => h.Touches(p.Range)))
            {
                if (!hunk.Clashes)
                    actions.Add(Action("Pi: apply this change", WireCommands.ApplyEdit, new ApplyArgument(edit.Id, [hunk.Id], KeepRest: true)));
                actions.Add(Action("Pi: reject this change", WireCommands.RejectEdit, new RejectArgument(edit.Id, [hunk.Id])));
            }
        }

        foreach (var edit in edits)
        {
            if (edit.Hunks.Count != 1)
            {
                var what = edit.Hunks.Count == 0 ? "the new file" : $"all {edit.Hunks.Count} changes of this edit";
                actions.Add(Action($"Pi: apply {what}", WireCommands.ApplyEdit, new ApplyArgument(edit.Id)));
                actions.Add(Action($"Pi: reject {what}", WireCommands.RejectEdit, new RejectArgument(edit.Id)));
            }

            actions.Add(Action("Pi: show this edit as a diff", WireCommands.ShowEdit, new ShowEditArgument(edit.Id)));
        }

        if (surface.Open.Skip(1).Any())
        {
            var all = surface.Open.ToList();
            var files = all.Select(e => e.Path).Distinct().Count();
            var what = files > 1 ? $"everything ({all.Count} edits in {files} files)" : $"everything ({all.Count} edits)";
            actions.Add(Action($"Pi: apply {what}", WireCommands.ApplyEdit, new ApplyArgument(All: true)));
            actions.Add(Action($"Pi: reject {what}", WireCommands.RejectEdit, new RejectArgument(All: true)));
        }

        return actions;
    }

    private IReadOnlyList<CodeLens> Lenses(CodeLensParams? p)
    {
        var lenses = new List<CodeLens>();
        if (p is null)
            return lenses;
        foreach (var edit in surface.In(p.TextDocument.Uri))
        {
            if (edit.Hunks.Count > 1)
            {
                var top = new Lsp.Range(new Position(0, 0), new Position(0, 0));
                lenses.Add(new CodeLens(top, CommandRouter.Call($"Pi: apply all {edit.Hunks.Count}", WireCommands.ApplyEdit, new ApplyArgument(edit.Id))));
                lenses.Add(new CodeLens(top, CommandRouter.Call("Reject all", WireCommands.RejectEdit, new RejectArgument(edit.Id))));
                lenses.Add(new CodeLens(top, CommandRouter.Call("Show diff", WireCommands.ShowEdit, new ShowEditArgument(edit.Id))));
            }

            foreach (var hunk in edit.Hunks)
            {
                var at = new Lsp.Range(hunk.Range.Start, hunk.Range.Start);
                if (!hunk.Clashes)
                    lenses.Add(new CodeLens(
                        at, CommandRouter.Call("Pi: apply", WireCommands.ApplyEdit, new ApplyArgument(edit.Id, [hunk.Id], KeepRest: true))));
                lenses.Add(new CodeLens(at, CommandRouter.Call("Reject", WireCommands.RejectEdit, new RejectArgument(edit.Id, [hunk.Id]))));
                if (edit.Hunks.Count == 1)
                    lenses.Add(new CodeLens(at, CommandRouter.Call("Show diff", WireCommands.ShowEdit, new ShowEditArgument(edit.Id))));
            }
        }

        return lenses;
    }

    private static CodeAction Action<TArgument, TResult>(string title, Command<TArgument, TResult> command, TArgument argument) where TArgument : class =>
        new(title, CodeActions.QuickFix, CommandRouter.Call(title, command, argument));
}
