using PiLsp.Protocol;
using PiLsp.Server.Commands;
using PiLsp.Workspace;

namespace PiLsp.Server.Prompting;

/// <summary><c>pi.resolveContext</c> and <c>pi.completeMention</c>: what would go with a prompt, before it is sent.</summary>
internal sealed class ContextCommands(ServerState state, SessionAccess desk, Func<string, PromptContext> contextIn, WorkspaceFiles files)
{
    private const int DefaultLimit = 20;
    private const int MostShown = 100;

    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.ResolveContext, ResolveAsync);
        commands.On(WireCommands.CompleteMention, CompleteAsync);
    }

    private async Task<ResolvedContext> ResolveAsync(ResolveContextArgument argument, CancellationToken cancellation)
    {
        var items = await contextIn(desk.RootOf(null, argument.TextDocument?.Uri)).ResolveAsync(argument, cancellation);
        var text = PromptContext.Text(items);
        var replies = items.Select(i => new ResolvedItem(
            i.Kind, i.Title, i.Size, i.Text.Length / 4, i.IsIncluded, i.Problem, i.Text.Length > 0 ? i.Text : null));
        return new ResolvedContext([.. replies], text, items.Count(i => i.Image is not null), text.Length / 4);
    }

    private async Task<CompleteMentionResult> CompleteAsync(CompleteMentionArgument argument, CancellationToken cancellation)
    {
        var prefix = (argument.Prefix ?? "").TrimStart('@').TrimStart('"').Replace('\\', '/');
        var limit = Math.Clamp(argument.Limit ?? DefaultLimit, 1, MostShown);
        var root = desk.RootOf(null, null);
        var open = state.Documents.All.Select(d => d.Path).OfType<string>().Select(path => state.Shown(path, root)).ToHashSet();
        var found = await files.FindAsync(root, state.Settings.WorkspaceTrusted, prefix, open, limit, cancellation);
        return new CompleteMentionResult([.. found.Select(p => new MentionReply(p, p.EndsWith('/') ? "folder" : "file", Mention.Write(p)))]);
    }
}
