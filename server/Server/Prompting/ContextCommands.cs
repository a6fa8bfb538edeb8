using System.Text.Json;
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
        commands.On("pi.resolveContext", ResolveAsync);
        commands.On("pi.completeMention", CompleteAsync);
    }

    private async Task<JsonElement> ResolveAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var items = await context.ResolveAsync(arguments, cancellation);
        var text = PromptContext.Text(items);
        var replies = items.Select(i => new ContextItemReply(
            i.Kind, i.Title, i.Size, i.Text.Length / 4, i.IsIncluded, i.Problem, i.Text.Length > 0 ? i.Text : null));
        return JsonSerializer.SerializeToElement(
            new PromptContextReply([.. replies], text, items.Count(i => i.Image is not null), text.Length / 4), ContextJson.Default.PromptContextReply);
    }

    private async Task<JsonElement> CompleteAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var prefix = (arguments.Text("prefix") ?? "").TrimStart('@').TrimStart('"').Replace('\\', '/');
        var limit = Math.Clamp(arguments.Number("limit") ?? DefaultLimit, 1, MostShown);
        var open = state.Documents.All.Select(d => d.Path).OfType<string>().Select(state.Shown).ToHashSet();
        var found = await files.FindAsync(state.Root, state.Settings.WorkspaceTrusted, prefix, open, limit, cancellation);
        return JsonSerializer.SerializeToElement(
            new MentionsReply([.. found.Select(p => new MentionReply(p, p.EndsWith('/') ? "folder" : "file", Mention.Write(p)))]), ContextJson.Default.MentionsReply);
    }
}
