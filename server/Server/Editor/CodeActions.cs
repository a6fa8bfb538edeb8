using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Prompting;
using PiLsp.Server.Review;

namespace PiLsp.Server.Editor;

/// <summary><c>textDocument/codeAction</c>: what waits for a decision first, then what can be asked. Runs on the ordered loop and waits for nothing.</summary>
internal sealed class CodeActions(ReviewActions review, AskActions ask)
{
    public const string QuickFix = "quickfix";
    public const string Refactor = "refactor";
    public const string Rewrite = "refactor.rewrite";

    public static IReadOnlyList<string> Kinds { get; } = [QuickFix, Refactor, Rewrite];

    public void Register(RpcRouter router) =>
        router.OnRequest("textDocument/codeAction", LspJson.Default.CodeActionParams, LspJson.Default.IReadOnlyListCodeAction, Actions);

    private IReadOnlyList<CodeAction> Actions(CodeActionParams? p) =>
        p is null ? [] : [.. review.In(p).Concat(ask.In(p)).Where(action => IsWanted(action.Kind, p.Context?.Only))];

    /// <summary>A wanted kind takes in those below it; an empty one is all of them.</summary>
    private static bool IsWanted(string kind, IReadOnlyList<string>? only) =>
        only is not { Count: > 0 } || only.Any(o => o.Length == 0 || kind == o || kind.StartsWith(o + ".", StringComparison.Ordinal));
}
