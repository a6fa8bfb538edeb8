using PiLsp.Protocol;
using PiLsp.Server.Commands;
using PiLsp.Workspace;

namespace PiLsp.Server.Prompting;

/// <summary><c>pi.resolveContext</c> and <c>pi.completeMention</c>: what would go with a prompt, before it is sent.</summary>
internal sealed class ContextCommands(ServerState state, PromptContext context, WorkspaceFiles files)
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
        var items = await context.ResolveAsync(argument, cancellation);
        var text = PromptContext.Text(items);
        var replies = items.Select(i => new ResolvedItem(
            i.Kind, i.Title, i.Size, i.Text.Length / 4, i.IsIncluded, i.Problem, i.Text.Length > 0 ? i.Text : null));
        return new ResolvedContext([.. replies], text, items.Count(i => i.Image is not null), text.Length / 4);
    }

    private async Task<CompleteMentionResult> CompleteAsync(CompleteMentionArgument argument, CancellationToken cancellation)
    {
        var prefix = (argument.Prefix ?? "").TrimStart('@').TrimStart('"').Replace('\\', '/');
        var limit = Math.Clamp(argument.Limit ?? DefaultLimit, 1, MostShown);
        var open = state.Documents.All.Select(d => d.Path).OfType<string>().Select(state.Shown).ToHashSet();
        var found = await files.FindAsync(state.Root, state.Settings.WorkspaceTrusted, prefix, open, limit, cancellation);
        return new CompleteMentionResult([.. found.Select(p => new MentionReply(p, p.EndsWith('/') ? "folder" : "file", Mention.Write(p)))]);
    }
}
