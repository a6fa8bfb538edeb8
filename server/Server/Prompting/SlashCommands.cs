using System.Globalization;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Conversations;
using PiLsp.Server.Questions;
using PiLsp.Server.Settings;

namespace PiLsp.Server.Prompting;

/// <summary>
/// Prompts that begin with a slash: those that mean one of our own commands are carried out here, all others are
/// Pi's. <c>pi.listCommands</c> lists both. Synchronous parts run on the ordered loop.
/// </summary>
internal sealed class SlashCommands(SessionAccess desk, SettingsSync settings, CommandRouter commands, Chooser chooser, RpcConnection rpc)
{
    internal static readonly SlashCommand[] Own =
    [
        new("model", "Choose the model", "builtin", "[provider/id]"),
        new("thinking", "Choose how long the model thinks", "builtin", "[level]"),
        new("login", "Sign in to a provider", "builtin", "[provider]"),
        new("logout", "Sign out of a provider, or forget its key", "builtin", "[provider]"),
        new("new", "Begin a new session", "builtin", null),
        new("resume", "Resume a stored session", "builtin", "[path]"),
        new("compact", "Compact the session: a summary in place of its older part", "builtin", "[instructions]"),
        new("session", "Show the session's size, tokens and cost", "builtin", null),
        new("name", "Name the session", "builtin", "name"),
        new("export", "Export the session to an HTML file", "builtin", "[absolute path]"),
        new("clone", "Continue in a copy of the session", "builtin", null),
        new("permissions", "Choose what runs without asking you", "builtin", $"[{string.Join(" | ", PermissionModes.Names)}]"),
    ];

    public void Register(CommandRouter router) => router.On(WireCommands.ListCommands, ListAsync);

    public async Task<AskAnswer> RunAsync(string name, string rest, string? sessionId, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var chosen = rest.Length > 0 ? rest : await ChooseAsync(name, sessionId, cancellation);
        if (chosen is null)
            return Reply(sessionId, "Nothing changed.");
        var said = chosen.Length > 0 ? chosen : null;
        return await (name switch
        {
            "model" => RunAsync(WireCommands.PickModel, new(Model: said, SessionId: sessionId), r => $"Model: {r.Provider}/{r.Model}"),
            "thinking" => RunAsync(WireCommands.SetThinking, new(said, sessionId), r => $"Thinking: {r.Level}"),
            "login" => RunAsync(WireCommands.Login, new(chosen, SessionId: sessionId), _ => "Done."),
            "logout" => RunAsync(WireCommands.Logout, new(chosen, sessionId), _ => "Done."),
            "new" => RunAsync(WireCommands.NewSession, new(), _ => "A new session.", r => r.SessionId),
            "resume" => RunAsync(WireCommands.ResumeSession, new(Path: said), r => $"Resumed: {r.Name ?? r.Path}", r => r.SessionId),
            "compact" => RunAsync(WireCommands.Compact, new(said, sessionId), r => $"Compacted from {r.TokensBefore} to {r.TokensAfter} tokens."),
            "session" => RunAsync(WireCommands.Status, new(sessionId), Told, r => r.SessionId),
            "name" => RunAsync(
                WireCommands.RenameSession, new(said ?? throw new RpcException(RpcErrorCodes.RequestFailed, "Give a name: /name Garden"), sessionId),
                r => $"Name: {r.Name}"),
            "export" => RunAsync(WireCommands.ExportSession, new(sessionId, Output: said), r => $"Exported to {r.Path}"),
            "clone" => RunAsync(WireCommands.CloneSession, new(sessionId), _ => "A copy of the session.", r => r.SessionId),
            _ => RunAsync(WireCommands.SetPermissionMode, new(ModeOf(chosen), sessionId), r => $"Permissions: {Wire.Mode(r.Mode).Name()}"),
        });

        async Task<AskAnswer> RunAsync<TArgument, TResult>(
            Command<TArgument, TResult> command, TArgument argument, Func<TResult, string> told, Func<TResult, string?>? sessionOf = null)
            where TArgument : class
        {
            var result = await InvokeAsync(command, argument, cancellation);
            var reply = Reply(sessionOf?.Invoke(result) ?? sessionId, told(result));
            return reply with { Command = command.Name, Result = JsonSerializer.SerializeToElement(result, command.Result) };
        }
    }

    /// <summary>On the ordered loop again, wherever a choice of the user's has led to.</summary>
    private async Task<TResult> InvokeAsync<TArgument, TResult>(Command<TArgument, TResult> command, TArgument argument, CancellationToken cancellation)
        where TArgument : class
    {
        var begun = new TaskCompletionSource<Task<TResult>>(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(() => begun.SetResult(commands.InvokeAsync(command, argument, cancellation)));
        return await await begun.Task.WaitAsync(cancellation);
    }

    private async Task<ListCommandsResult> ListAsync(SessionArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        await settings.ReadyAsync();
        var agent = await session.Supervisor.StartedAsync(cancellation);
        var pis = await agent.ListCommandsAsync(cancellation);
        return new ListCommandsResult(
            [.. Own, .. pis.Where(c => Own.All(o => o.Name != c.Name)).Select(c => new SlashCommand(c.Name, c.Description, c.Source, null))]);
    }

    /// <summary>What the user did not say and can be chosen; empty where nothing is needed, null where nothing was chosen.</summary>
    private async Task<string?> ChooseAsync(string name, string? sessionId, CancellationToken cancellation)
    {
        switch (name)
        {
            case "permissions":
                return await chooser.ChooseAsync("Permissions", [.. PermissionModes.Names.Select(m => new PickItem(m, m))], cancellation);
            case "login" or "logout":
                var known = await InvokeAsync(WireCommands.ListProviders, new(Refresh: true), cancellation);
                var providers = known.Providers
                    .Where(p => name == "login" || p.Removable)
                    .Select(p => new PickItem(p.Id, p.Name, p.Configured ? "signed in" : null))
                    .ToList();
                if (providers.Count == 0)
                    throw new RpcException(RpcErrorCodes.RequestFailed, "No credential is stored that could be removed.");
                return await chooser.ChooseAsync(name == "login" ? "Sign in to" : "Sign out of", providers, cancellation);
            case "resume":
                var stored = await desk.StoredAsync(cancellation);
                if (stored.Count == 0)
                    throw new RpcException(RpcErrorCodes.RequestFailed, "There is no stored session in this workspace yet.");
                return await chooser.ChooseAsync(
                    "Session", [.. stored.Select(
                        s => new PickItem(s.Session.Path, ShownText.Title(SessionTitle.Of(s.Session) ?? Path.GetFileName(s.Session.Path), 80),
                            $"{s.Session.Modified:yyyy-MM-dd HH:mm} UTC"))], cancellation);
            default:
                return "";
        }
    }

    private static string Told(Status status)
    {
        var lines = new List<string> { $"Session: {status.SessionFile ?? "not stored yet"}", $"Model: {status.Model ?? "none"}" };
        if (status.Context is { } context)
            lines.Add($"Context: {context.Tokens?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} of " +
                $"{context.Window?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} tokens");
        if (status.Usage is { } usage)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Tokens: {usage.TotalTokens}, cost: ${usage.Cost}"));
        return string.Join('\n', lines);
    }

    private static Mode ModeOf(string word) => PermissionModes.Parse(word) is { } mode ? Wire.Mode(mode)
        : throw new RpcException(RpcErrorCodes.InvalidParams, $"/permissions: the mode must be one of {string.Join(", ", PermissionModes.Names)}");

    private AskSettled Reply(string? sessionId, string text) =>
        new(sessionId ?? desk.Sessions.Current?.Id ?? "", text, "handled", null, Wire.Usage(default), [], null);
}
