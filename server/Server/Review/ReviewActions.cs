using PiLsp.Lsp;
using PiLsp.Rpc;
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
                    actions.Add(Action("Pi: apply this change", "pi.applyEdit", Of(edit, hunk)));
                actions.Add(Action("Pi: reject this change", "pi.rejectEdit", Of(edit, hunk)));
            }
        }

        foreach (var edit in edits)
        {
            if (edit.Hunks.Count != 1)
            {
                var what = edit.Hunks.Count == 0 ? "the new file" : $"all {edit.Hunks.Count} changes of this edit";
                actions.Add(Action($"Pi: apply {what}", "pi.applyEdit", new CommandArgument { EditId = edit.Id }));
                actions.Add(Action($"Pi: reject {what}", "pi.rejectEdit", new CommandArgument { EditId = edit.Id }));
            }

            actions.Add(Action("Pi: show this edit as a diff", "pi.showEdit", new CommandArgument { EditId = edit.Id }));
        }

        if (surface.Open.Skip(1).Any())
        {
            var all = surface.Open.ToList();
            var files = all.Select(e => e.Path).Distinct().Count();
            var what = files > 1 ? $"everything ({all.Count} edits in {files} files)" : $"everything ({all.Count} edits)";
            actions.Add(Action($"Pi: apply {what}", "pi.applyEdit", new CommandArgument { All = true }));
            actions.Add(Action($"Pi: reject {what}", "pi.rejectEdit", new CommandArgument { All = true }));
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
                lenses.Add(new CodeLens(top, Named($"Pi: apply all {edit.Hunks.Count}", "pi.applyEdit", new CommandArgument { EditId = edit.Id })));
                lenses.Add(new CodeLens(top, Named("Reject all", "pi.rejectEdit", new CommandArgument { EditId = edit.Id })));
                lenses.Add(new CodeLens(top, Named("Show diff", "pi.showEdit", new CommandArgument { EditId = edit.Id })));
            }

            foreach (var hunk in edit.Hunks)
            {
                var at = new Lsp.Range(hunk.Range.Start, hunk.Range.Start);
                if (!hunk.Clashes)
                    lenses.Add(new CodeLens(at, Named("Pi: apply", "pi.applyEdit", Of(edit, hunk))));
                lenses.Add(new CodeLens(at, Named("Reject", "pi.rejectEdit", Of(edit, hunk))));
                if (edit.Hunks.Count == 1)
                    lenses.Add(new CodeLens(at, Named("Show diff", "pi.showEdit", new CommandArgument { EditId = edit.Id })));
            }
        }

        return lenses;
    }

    private static CommandArgument Of(OpenEdit edit, OpenHunk hunk) => new() { EditId = edit.Id, HunkIds = [hunk.Id], KeepRest = true };

    private static CodeAction Action(string title, string command, CommandArgument argument) => new(title, CodeActions.QuickFix, Named(title, command, argument));

    private static Command Named(string title, string command, CommandArgument argument) => new(title, command, [argument]);
}
