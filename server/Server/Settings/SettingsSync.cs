using System.Text.Json;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Server.Questions;

namespace PiLsp.Server.Settings;

/// <summary>
/// Keeps the settings as the client has them: taken at <c>initialize</c>, pulled afterwards, refused by name where wrong. Runs on the ordered loop.
/// </summary>
internal sealed class SettingsSync(ServerState state, RpcConnection rpc, ServerLog log, TimeProvider time)
{
    private static readonly TimeSpan PullGrace = TimeSpan.FromSeconds(3);

    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _ready;
    private int _pulls;
    private int _accepted;

    /// <summary>
    /// The first pull is done, or is not going to come: nothing is started with half the settings. Who waits goes
    /// on on the ordered loop, in the order of waiting: each has a task of its own, for of several continuations of
    /// one task all but one would run elsewhere.
    /// </summary>
    public Task ReadyAsync()
    {
        if (_ready)
            return Task.CompletedTask;
        var completion = new TaskCompletionSource();
        _waiting.Enqueue(completion);
        return completion.Task;
    }

    public Action? Changed { get; set; }

    public void Register(RpcRouter router) =>
        router.OnNotification("workspace/didChangeConfiguration", LspJson.Default.DidChangeConfigurationParams, change =>
        {
            if (change.Settings is { ValueKind: JsonValueKind.Object } pushed && pushed.TryGetProperty("pi", out var section))
                Accept(section);
            else if (state.Capabilities.Configuration)
                _ = PullAsync();
        });

    /// <summary>After <c>initialized</c>, the first moment at which the client may be asked.</summary>
    public void Begin()
    {
        if (!state.Capabilities.Configuration)
        {
            BecomeReady();
            return;
        }

        if (state.Capabilities.DidChangeConfigurationRegistration)
            _ = RegisterForChangesAsync();
        _ = PullAsync();
    }

    public void Accept(JsonElement section)
    {
        var (settings, refused) = state.Settings.Merge(section);
        state.Settings = settings;
        foreach (var refusal in refused)
        {
            log.Write(LogLevel.Warning, refusal);
            rpc.Tell(MessageType.Error, refusal);
        }

        Changed?.Invoke();
    }

    /// <summary>An answer that takes longer than the grace is not waited for, and counts all the same when it comes.</summary>
    private async Task PullAsync()
    {
        var answered = AcceptAnswerAsync(++_pulls);
        await Task.WhenAny(answered, Task.Delay(PullGrace, time));
        if (!answered.IsCompleted)
            log.Write(LogLevel.Warning, "the client has not answered with its settings yet; what is known counts until it does");
        rpc.Post(BecomeReady);
    }

    private async Task AcceptAnswerAsync(int pull)
    {
        try
        {
            var sections = await rpc.RequestAsync(
                "workspace/configuration", new ConfigurationParams([new ConfigurationItem(null, "pi")]),
                LspJson.Default.ConfigurationParams, LspJson.Default.JsonElementArray, CancellationToken.None);
            if (sections is [var section, ..])
            {
                rpc.Post(() =>
                {
                    // A later pull may have been answered first.
                    if (pull < _accepted)
                        return;
                    _accepted = pull;
                    Accept(section);
                });
            }
        }
        catch (Exception e) when (e is RpcException or RpcConnectionClosedException)
        {
            log.Write(LogLevel.Warning, $"the settings could not be pulled from the client: {e.Message}");
        }
    }

    private void BecomeReady()
    {
        _ready = true;
        while (_waiting.TryDequeue(out var waiting))
            waiting.SetResult();
    }

    private async Task RegisterForChangesAsync()
    {
        try
        {
            await rpc.RequestAsync(
                "client/registerCapability", new RegistrationParams([new Registration("pi-settings", "workspace/didChangeConfiguration", SectionOption())]),
                LspJson.Default.RegistrationParams, LspJson.Default.JsonElement, CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or RpcConnectionClosedException)
        {
            log.Write(LogLevel.Debug, $"the client does not register for settings: {e.Message}");
        }
    }

    private static JsonElement SectionOption()
    {
        using var document = JsonDocument.Parse("""{"section":"pi"}""");
        return document.RootElement.Clone();
    }
}
