using System.Buffers;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Questions;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Prompting;

/// <summary>
/// Prompts that begin with a slash: those that mean one of our own commands are carried out here, all others are
/// Pi's. <c>pi.listCommands</c> lists both. Synchronous parts run on the ordered loop.
/// </summary>
internal sealed class SlashCommands(SessionDesk desk, SettingsSync settings, CommandRouter commands, Chooser chooser, RpcConnection rpc)
{
    internal static readonly CommandReply[] Own =
    [
        new("model", "Choose the model", "builtin", "[provider/id]"),
        new("thinking", "Choose how long the model thinks", "builtin", "[level]"),
        new("login", "Sign in to a provider", "builtin", "[provider]"),
        new("logout", "Sign out of a provider, or forget its key", "builtin", "[provider]"),
        new("new", "Begin a new session", "builtin", null),
        new("resume", "Go on with a stored session", "builtin", "[path]"),
        new("compact", "Sum up the older part of the conversation", "builtin", "[instructions]"),
        new("session", "Show the session's size, tokens and cost", "builtin", null),
        new("name", "Name the session", "builtin", "name"),
        new("export", "Export the session to an HTML file", "builtin", "[absolute path]"),
        new("clone", "Go on in a copy of the session", "builtin", null),
        new("permissions", "Choose what runs without asking you", "builtin", $"[{string.Join(" | ", PermissionModes.Names)}]"),
    ];

    public void Register(CommandRouter router) => router.On("pi.listCommands", ListAsync);

    public async Task<JsonElement> RunAsync(string name, string rest, string? sessionId, CancellationToken cancellation)
    {
        await settings.ReadyAsync();
        var argument = rest.Length > 0 ? rest : await ChooseAsync(name, sessionId, cancellation);
        if (argument is null)
            return Reply(sessionId, "Nothing changed.", null, null);
        var (command, field) = name switch
        {
            "model" => ("pi.pickModel", "model"),
            "thinking" => ("pi.setThinking", "level"),
            "login" => ("pi.login", "provider"),
            "logout" => ("pi.logout", "provider"),
            "new" => ("pi.newSession", null),
            "resume" => ("pi.resumeSession", "path"),
            "compact" => ("pi.compact", "instructions"),
            "session" => ("pi.status", null),
            "name" => ("pi.renameSession", "name"),
            "export" => ("pi.exportSession", "output"),
            "clone" => ("pi.cloneSession", null),
            _ => ("pi.setPermissionMode", "mode"),
        };
        if (!commands.Has(command))
            throw new RpcException(RpcErrorCodes.RequestFailed, $"/{name} is not to be had here.");
        if (name == "name" && argument.Length == 0)
            throw new RpcException(RpcErrorCodes.RequestFailed, "Give a name: /name Garden");
        var result = await InvokeAsync(command, Argument(("sessionId", name is "resume" or "new" ? null : sessionId), (field, argument)), cancellation);
        return Reply(Text(result, "sessionId") ?? sessionId, Told(name, result), command, result);
    }

    /// <summary>On the ordered loop again, wherever a choice of the user's has led to.</summary>
    private async Task<JsonElement> InvokeAsync(string command, JsonElement argument, CancellationToken cancellation)
    {
        var begun = new TaskCompletionSource<Task<JsonElement>>(TaskCreationOptions.RunContinuationsAsynchronously);
        rpc.Post(() => begun.SetResult(commands.InvokeAsync(command, argument, cancellation)));
        return await await begun.Task.WaitAsync(cancellation);
    }

    private async Task<JsonElement> ListAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        await settings.ReadyAsync();
        var agent = await session.Seat.StartedAsync(cancellation);
        var pis = await agent.ListCommandsAsync(cancellation);
        var all = Own.Concat(pis.Where(c => Own.All(o => o.Name != c.Name)).Select(c => new CommandReply(c.Name, c.Description, c.Source, null)));
        return JsonSerializer.SerializeToElement(new CommandsReply([.. all]), RunningJson.Default.CommandsReply);
    }

    /// <summary>What the user did not say and can be chosen; empty where nothing is needed, null where nothing was chosen.</summary>
    private async Task<string?> ChooseAsync(string name, string? sessionId, CancellationToken cancellation)
    {
        switch (name)
        {
            case "permissions":
                return await chooser.ChooseAsync("Permissions", [.. PermissionModes.Names.Select(m => new PiPickItem(m, m, null, null))], cancellation);
            case "login" or "logout":
                var known = await InvokeAsync("pi.listProviders", JsonElement.Parse("""{"refresh":true}"""u8), cancellation);
                var providers = known.GetProperty("providers").EnumerateArray()
                    // What the environment or a file of the user's gives is not ours to take.
                    .Where(p => name == "login" || Text(p, "source") is "auth.json" or "oauth" or "client")
                    .Select(p => new PiPickItem(Text(p, "id")!, Text(p, "name") ?? Text(p, "id")!, p.GetProperty("configured").GetBoolean() ? "signed in" : null, null))
                    .ToList();
                if (providers.Count == 0)
                    throw new RpcException(RpcErrorCodes.RequestFailed, "No credential is stored that could be removed.");
                return await chooser.ChooseAsync(name == "login" ? "Sign in to" : "Sign out of", providers, cancellation);
            case "resume":
                var stored = await desk.Sessions.Stored.ListAsync(desk.Folder(), desk.Options(null), cancellation);
                if (stored.Count == 0)
                    throw new RpcException(RpcErrorCodes.RequestFailed, "There is no stored session in this workspace yet.");
                return await chooser.ChooseAsync(
                    "Session", [.. stored.Select(s => new PiPickItem(s.Path, ShownText.Title(s.Title ?? s.FirstWords ?? Path.GetFileName(s.Path), 80), $"{s.Modified:yyyy-MM-dd HH:mm} UTC", null))], cancellation);
            default:
                return "";
        }
    }

    private static string Told(string name, JsonElement result) => name switch
    {
        "model" => $"Model: {Text(result, "provider")}/{Text(result, "model")}",
        "thinking" => $"Thinking: {Text(result, "thinking")}",
        "new" => "A new session.",
        "resume" => $"Resumed: {Text(result, "name") ?? Text(result, "path")}",
        "clone" => "A copy of the session.",
        "compact" => $"Compacted from {Number(result, "tokensBefore")} to {Number(result, "tokensAfter")} tokens.",
        "session" => Status(result),
        "name" => $"Name: {Text(result, "name")}",
        "export" => $"Exported to {Text(result, "path")}",
        "permissions" => $"Permissions: {Text(result, "mode")}",
        _ => "Done.",
    };

    private static string Status(JsonElement status)
    {
        var lines = new List<string> { $"Session: {Text(status, "sessionFile") ?? "not stored yet"}", $"Model: {Text(status, "model") ?? "none"}" };
        if (status.TryGetProperty("context", out var context) && context.ValueKind == JsonValueKind.Object)
            lines.Add($"Context: {Number(context, "tokens") ?? "unknown"} of {Number(context, "window") ?? "unknown"} tokens");
        if (status.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            lines.Add($"Tokens: {Number(usage, "totalTokens")}, cost: ${Number(usage, "cost")}");
        return string.Join('\n', lines);
    }

    private JsonElement Reply(string? sessionId, string text, string? command, JsonElement? result) => JsonSerializer.SerializeToElement(
        new AskReply(sessionId ?? desk.Sessions.Current?.Id ?? "", text, "handled", null, Wire.Usage(default), [], null) { Command = command, Result = result },
        WireJson.Default.AskReply);

    private static JsonElement Argument(params ReadOnlySpan<(string? Name, string? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                if (name is not null && !string.IsNullOrEmpty(value))
                    writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.String ? e.GetString() : null;

    private static string? Number(JsonElement of, string name) => of.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.Number ? e.GetRawText() : null;
}
