using System.Globalization;
using System.Text;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// The server's half of extension/pi/accounts.ts: operations on Pi's providers and credentials. An operation is begun
/// by a command that starts no run and holds no secret; what follows are messages with its id. Any thread.
/// </summary>
/// <param name="connection">The Pi that runs now; fails when there is none.</param>
/// <param name="read">Hears what could not be read when Pi has read its files again; null: nothing.</param>
internal sealed class PiAccounts(Func<PiConnection> connection, PiVersion version, Action<ConfigProblem?> read, TimeProvider time) : IAgentAccounts
{
    /// <summary>Giving a sign-in up is a matter of milliseconds.</summary>
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(5);

    private const string SetUp = "https://github.com/earendil-works/pi/blob/main/packages/coding-agent/docs/providers.md";

    private static long _lastId;

    public async Task<IReadOnlyList<AgentProvider>> ListAsync(IReadOnlyList<string>? only, CancellationToken cancellation)
    {
        var result = await PerformAsync("list", null, null, only, null, cancellation);
        return [.. result.Items("providers").Select(ReadProvider).OfType<AgentProvider>()];
    }

    public async Task RefreshAsync(CancellationToken cancellation) =>
        read(PiGate.ReadProblem(await PerformAsync("refresh", null, null, null, null, cancellation)));

    public Task SignInAsync(string provider, CredentialKind kind, ISignInDialog dialog, CancellationToken cancellation) =>
        PerformAsync("login", provider, kind == CredentialKind.OAuth ? "oauth" : "api_key", null, dialog, cancellation);

    public Task SignOutAsync(string provider, CancellationToken cancellation) => PerformAsync("logout", provider, null, null, null, cancellation);

    public string TerminalSignIn(string? provider) => version.SignIn(provider);

    public string? KeyProblem(string key) =>
        key is ['!' or '$', ..] ? $"begins with {key[0]}, which Pi takes for a command or a variable; put such an entry into auth.json by hand" : null;

    public async Task<AgentCredits?> ReadCreditsAsync(string provider, CancellationToken cancellation)
    {
        // The only one whose way of telling it is known.
        if (provider != "openrouter") return null;
        var result = await PerformAsync("credits", provider, null, null, null, cancellation);
        return result.Number("used") is null ? null
            : new AgentCredits(result.Number("remaining") is null ? null : result.Money("remaining"), result.Money("used"));
    }

    private async Task<JsonElement> PerformAsync(
        string what, string? provider, string? type, IReadOnlyList<string>? only, ISignInDialog? dialog, CancellationToken cancellation)
    {
        var pi = connection();
        var id = "o" + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        using var operation = new PiAccountOperation(dialog, pi.AnswerGate, cancellation);
        pi.Accounts[id] = operation;
        try
        {
            var begun = pi.CallAccountsAsync(Argument(id, what, provider, type, only), cancellation);
            await Task.WhenAny(operation.Outcome, begun).WaitAsync(cancellation);
            if (!operation.Outcome.IsCompleted)
            {
                // The outcome comes before the response; without it the response says why.
                await begun;
                throw new AgentException("Pi did not say what became of it. Begin a new session and try again.");
            }

            return await operation.Outcome;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _ = pi.CallAccountsAsync(CancelArgument(id), CancellationToken.None).ContinueWith(done => done.Exception, TaskScheduler.Default);
            // A sign-in may have been granted meanwhile: Pi's last word says whether anything is stored.
            if (dialog is not null) await Task.WhenAny(operation.Outcome, Task.Delay(CancelGrace, time, CancellationToken.None));
            if (dialog is null || !operation.Outcome.IsCompletedSuccessfully) throw;
            return await operation.Outcome;
        }
        finally
        {
            pi.Accounts.TryRemove(id, out _);
        }
    }

    private static string Argument(string id, string what, string? provider, string? type, IReadOnlyList<string>? only) => Write(writer =>
    {
        writer.WriteString("id"u8, id);
        writer.WriteString("do"u8, what);
        if (provider is not null) writer.WriteString("provider"u8, provider);
        if (type is not null) writer.WriteString("type"u8, type);
        if (only is null) return;
        writer.WriteStartArray("only"u8);
        foreach (var one in only) writer.WriteStringValue(one);
        writer.WriteEndArray();
    });

    private static string CancelArgument(string id) => Write(writer =>
    {
        writer.WriteString("do"u8, "cancel"u8);
        writer.WriteString("of"u8, id);
    });

    private static string Write(Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static AgentProvider? ReadProvider(JsonElement item) => item.Text("id") is not { } id ? null : new AgentProvider(
        id, item.Text("name") ?? id, item.Texts("kinds"), item.Flag("configured") == true,
        item.Text("source") switch
        {
            "stored" => "auth.json",
            "models_json_key" or "models_json_command" => "models.json",
            var other => other,
        },
        item.Text("label"), item.Text("variable"), (int)Math.Clamp(item.Whole("models") ?? 0, 0, int.MaxValue))
    {
        IsStored = item.Text("source") is "stored" or "oauth",
        Docs = SetUp,
    };
}
