using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;

namespace PiLsp.Server.Commands;

/// <summary>
/// <c>workspace/executeCommand</c>: finds the command, hands over its argument, turns what went wrong into an
/// error that a user can act on. A command's synchronous part runs on the ordered loop, its tail does not hold it up.
/// </summary>
internal sealed class CommandRouter
{
    private readonly Dictionary<string, Func<CommandArguments, CancellationToken, Task<JsonElement>>> _commands = [];

    /// <summary>All commands of the protocol, as offered at <c>initialize</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "pi.ask", "pi.abort", "pi.bash",
        "pi.listEdits", "pi.applyEdit", "pi.rejectEdit", "pi.showEdit",
        "pi.listRuns", "pi.undoRun",
        "pi.pickModel", "pi.listModels", "pi.setThinking", "pi.listThinking",
        "pi.listProviders", "pi.setApiKey", "pi.removeApiKey", "pi.login", "pi.logout",
        "pi.setPermissionMode", "pi.allow", "pi.listAllowances", "pi.revokeAllowance",
        "pi.status", "pi.checkAvailability",
        "pi.getTranscript", "pi.showTranscript", "pi.askAbout", "pi.fixDiagnostics", "pi.doComment", "pi.newSession", "pi.listSessions", "pi.resumeSession",
        "pi.switchSession", "pi.renameSession", "pi.deleteSession", "pi.restoreSession", "pi.forkSession", "pi.listForkPoints", "pi.cloneSession",
        "pi.exportSession", "pi.resumeCommand",
        "pi.setQueue", "pi.clearQueue", "pi.compact", "pi.listCommands", "pi.resolveContext", "pi.completeMention",
    ];

    public void On(string name, Func<CommandArguments, CancellationToken, Task<JsonElement>> command) => _commands.Add(name, command);

    public bool Has(string name) => _commands.ContainsKey(name);

    /// <summary>One of our own commands carried out for another one. On the ordered loop.</summary>
    public Task<JsonElement> InvokeAsync(string name, JsonElement argument, CancellationToken cancellation) =>
        _commands[name](new CommandArguments(name, [argument]), cancellation);

    public void Register(RpcRouter router) => router.OnRequestAsync(
        "workspace/executeCommand", LspJson.Default.ExecuteCommandParams, LspJson.Default.JsonElement, ExecuteAsync, evenCancelled: true);

    private async Task<JsonElement> ExecuteAsync(ExecuteCommandParams? p, CancellationToken cancellation)
    {
        if (p is null || !_commands.TryGetValue(p.Command, out var command))
            throw new RpcException(RpcErrorCodes.InvalidParams, $"There is no command \"{p?.Command}\". This server has: {string.Join(", ", Names)}.");
        // A cancelled prompt has a result like any other that was stopped.
        if (p.Command != "pi.ask")
            cancellation.ThrowIfCancellationRequested();
        try
        {
            return await command(new CommandArguments(p.Command, p.Arguments), cancellation);
        }
        catch (AgentException e)
        {
            throw new RpcException(RpcErrorCodes.RequestFailed, ShownText.Told(e.Message), inner: e);
        }
        catch (RpcException e) when (ShownText.Told(e.Message) is var told && told != e.Message)
        {
            throw new RpcException(e.Code, told, e.ErrorData as JsonElement?, e);
        }
    }
}
