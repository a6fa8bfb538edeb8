using System.Text.Json;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Editor;
using PiLsp.Server.Prompting;
using PiLsp.Server.Settings;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>
/// The server's lifecycle by LSP 3.17: nothing before <c>initialize</c>, nothing but <c>exit</c> after
/// <c>shutdown</c>, exit code 0 only in that order. Runs on the ordered loop.
/// </summary>
internal sealed class Lifecycle(ServerState state, SettingsSync settings, ParentWatch parent, ServerLog log)
{
    private enum Phase { Waiting, Running, ShutDown }

    private Phase _phase = Phase.Waiting;
    private ClientInfo? _client;

    /// <summary>Called at <c>shutdown</c>; the reply waits for it, so that no child outlives it.</summary>
    public Func<Task>? ShuttingDown { get; set; }

    /// <summary>Called once the client may be sent requests and notifications.</summary>
    public Action? Initialized { get; set; }

    public Action<string>? FolderClosed { get; set; }

    /// <summary>Called when the connection is to end.</summary>
    public Action? Exited { get; set; }

    /// <summary>0 when <c>shutdown</c> came before the end, as the specification wants it.</summary>
    public int ExitCode => _phase == Phase.ShutDown ? 0 : 1;

    public void Register(RpcRouter router)
    {
        router.Guard = (method, isRequest) => (_phase, method) switch
        {
            (Phase.Waiting, "initialize" or "exit") => null,
            (Phase.Waiting, _) => new RpcException(RpcErrorCodes.ServerNotInitialized, $"\"{method}\" before \"initialize\""),
            (Phase.Running, "initialize") => new RpcException(RpcErrorCodes.InvalidRequest, "\"initialize\" came twice"),
            (Phase.ShutDown, "exit") => null,
            (Phase.ShutDown, _) => new RpcException(RpcErrorCodes.InvalidRequest, $"\"{method}\" after \"shutdown\""),
            _ => null,
        };
        router.OnRequest("initialize", LspJson.Default.InitializeParams, LspJson.Default.InitializeResult, Initialize);
        router.OnNotification("initialized", LspJson.Default.NoParams, _ =>
        {
            settings.Begin();
            Initialized?.Invoke();
            // Not in "initialize": the first line to be redacted costs what an editor would wait for.
            log.Write(LogLevel.Info, $"client {_client?.Name ?? "unknown"} {_client?.Version}, root {state.Root}");
        });
        router.OnRequestAsync("shutdown", LspJson.Default.JsonElement, LspJson.Default.NullableJsonElement, async (_, _) =>
        {
            _phase = Phase.ShutDown;
            if (ShuttingDown is { } end)
                await end();
            return null;
        });
        router.OnNotification("exit", LspJson.Default.JsonElement, _ => Exited?.Invoke());
        router.OnNotification("$/setTrace", LspJson.Default.SetTraceParams, _ => { });
        router.OnNotification("workspace/didChangeWorkspaceFolders", LspJson.Default.DidChangeWorkspaceFoldersParams, OnFolders);
    }

    private InitializeResult Initialize(InitializeParams? p)
    {
        p ??= new InitializeParams(null, null, null, null, null, default, default);
        _phase = Phase.Running;
        state.Capabilities = ClientCapabilities.From(p.Capabilities).KnownAs(p.ClientInfo?.Name);
        state.Roots = Roots(p);
        if (p.ProcessId is { } pid)
            parent.Watch(pid);
        if (p.InitializationOptions is { ValueKind: JsonValueKind.Object } options && options.TryGetProperty("pi", out var section))
            settings.Accept(section);
        _client = p.ClientInfo;
        return new InitializeResult(Offered(), new ServerInfo("pilsp", ServerVersion.Text));
    }

    private ServerCapabilities Offered() => new()
    {
        PositionEncoding = state.Capabilities.Encoding == PositionEncoding.Utf8 ? "utf-8" : "utf-16",
        TextDocumentSync = new TextDocumentSyncOptions(OpenClose: true, Change: 2, new SaveOptions(IncludeText: true)),
        ExecuteCommandProvider = new ExecuteCommandOptions([.. WireCommands.All.Select(c => c.Name)], WorkDoneProgress: false),
        // A client that makes all of its own is not kept asking.
        CodeActionProvider = state.Capabilities.ReviewMarks || state.Capabilities.AskActions ? new CodeActionOptions(CodeActions.Kinds) : null,
        CodeLensProvider = state.Capabilities.ReviewMarks ? new CodeLensOptions(ResolveProvider: false) : null,
        Workspace = new WorkspaceServerCapabilities(new WorkspaceFoldersServerCapabilities(Supported: true, ChangeNotifications: true)),
    };

    private void OnFolders(DidChangeWorkspaceFoldersParams change)
    {
        var removed = change.Event.Removed.Select(f => WorkspacePath.FromUri(f.Uri)).OfType<string>().ToList();
        var added = change.Event.Added.Select(f => WorkspacePath.FromUri(f.Uri)).OfType<string>();
        foreach (var folder in removed)
            FolderClosed?.Invoke(folder);
        state.Roots = [.. state.Roots.Where(r => !removed.Any(x => WorkspacePath.SamePath(r, x))), .. added];
    }

    private static IReadOnlyList<string> Roots(InitializeParams p)
    {
        var folders = (p.WorkspaceFolders ?? []).Select(f => WorkspacePath.FromUri(f.Uri)).OfType<string>().ToList();
        if (folders.Count == 0 && (p.RootUri is { } uri ? WorkspacePath.FromUri(uri) : p.RootPath) is { Length: > 0 } root)
            folders.Add(root);
        return folders;
    }
}
