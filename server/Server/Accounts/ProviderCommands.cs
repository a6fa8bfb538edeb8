using System.Text.Json;
using System.Text.RegularExpressions;
using PiLsp.Agents;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Questions;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Accounts;

/// <summary><c>pi.listProviders</c>, <c>pi.setApiKey</c>, <c>pi.removeApiKey</c>, <c>pi.login</c>, <c>pi.logout</c>.</summary>
internal sealed partial class ProviderCommands(
    ServerState state, SessionDesk desk, SettingsSync settings, RpcConnection rpc, QuestionDesk questions, TextInput input, AgentSetup setup,
    KeyRing ring, CredentialDesk credentials, AvailabilityDesk availability)
{
    private const string Docs = "https://github.com/earendil-works/pi/blob/main/packages/coding-agent/docs/providers.md";

    public void Register(CommandRouter commands)
    {
        commands.On("pi.listProviders", ListAsync);
        commands.On("pi.setApiKey", SetKeyAsync);
        commands.On("pi.removeApiKey", RemoveAsync);
        commands.On("pi.login", LoginAsync);
        commands.On("pi.logout", RemoveAsync);
    }

    private async Task<JsonElement> ListAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var (refresh, withCredits) = (arguments.Flag("refresh"), arguments.Flag("credits"));
        var (_, _, accounts) = await BeginAsync(arguments, cancellation);
        if (refresh)
            await accounts.RefreshAsync(cancellation);
        var providers = await accounts.ListAsync(null, cancellation);
        var replies = new List<ProviderReply>(providers.Count);
        foreach (var p in providers.OrderBy(p => p.Configured ? 0 : 1).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase))
        {
            var credits = withCredits && p.Configured ? await accounts.ReadCreditsAsync(p.Id, cancellation) : null;
            replies.Add(new ProviderReply(
                p.Id, p.Name, p.Kinds, p.Configured, setup.SourceOf(p), p.Label, p.Variable, p.Models, IsAmbient(p) ? Docs : null)
            {
                Credits = credits is null ? null : new CreditsReply(credits.Remaining, credits.Used),
            });
        }

        return JsonSerializer.SerializeToElement(new ProvidersReply(replies), ProviderJson.Default.ProvidersReply);
    }

    private async Task<JsonElement> SetKeyAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var (id, given, isPrivate, variable) = (arguments.Required("provider"), arguments.Text("key"), arguments.Flag("private"), arguments.Text("variable"));
        if (variable is not null && !VariableName().IsMatch(variable))
            throw arguments.Bad("\"variable\" must be the name of an environment variable");
        Check(arguments, given);
        if (isPrivate && given is not null && variable is not null)
        {
            await settings.ReadyAsync();
            if (desk.Sessions.All.All(s => s.Seat.Agent is null))
            {
                // Handed over before anything runs, as at every start of the editor: nothing is started for it.
                ring.Keep(id, variable, given);
                availability.KeysChanged();
                return Reply(new CredentialReply(id, Configured: true, "client", null, variable));
            }
        }

        var (session, all, accounts) = await BeginAsync(arguments, cancellation);
        var provider = await FindAsync(accounts, id, cancellation);
        if (isPrivate)
        {
            if (provider.Source is not (null or "environment"))
                throw new AgentException($"{provider.Name} has a credential from {provider.Source}, which Pi prefers to one from its environment. Remove that first (pi.removeApiKey).");
            variable = provider.Variable ?? throw new AgentException($"{provider.Name} takes no key from a single environment variable; leave out \"private\", or see {Docs}.");
            if (session.State.Run is not null)
                throw new AgentException("Pi is working, and a private key needs it to be started anew. Try again when the run is over.");
        }
        else if (!provider.Kinds.Contains("apiKey"))
        {
            throw new AgentException($"{provider.Name} takes no key{(provider.Kinds.Contains("oauth") ? "; sign in with pi.login" : $": it is set up in the environment, see {Docs}")}.");
        }

        var key = given ?? await input.AskAsync($"Key for {provider.Name}", null, secret: true, cancellation)
            ?? throw new AgentException("No key was given; nothing has changed.");
        Check(arguments, key);
        if (isPrivate)
        {
            await credentials.KeepAsync(session, all, id, variable!, key, cancellation);
        }
        else
        {
            await credentials.SignInAsync(session, accounts, provider, CredentialKind.ApiKey, report => new KeyDialog(key, Dialog(accounts, provider, [], report)), cancellation);
        }

        // It is done, whoever has cancelled meanwhile.
        return await ChangedAsync(session, all, id, added: true, CancellationToken.None);
    }

    private async Task<JsonElement> LoginAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var (id, type, answers) = (arguments.Required("provider"), arguments.Text("type"), arguments.Texts("answers") ?? []);
        if (type is not (null or "oauth" or "apiKey"))
            throw arguments.Bad("\"type\" must be \"oauth\" or \"apiKey\"");
        var (session, all, accounts) = await BeginAsync(arguments, cancellation);
        var provider = await FindAsync(accounts, id, cancellation);
        var wanted = type ?? (provider.Kinds.Contains("oauth") ? "oauth" : "apiKey");
        if (!provider.Kinds.Contains(wanted))
            throw new AgentException($"{provider.Name} cannot be signed in to by {wanted}; it has: {string.Join(", ", provider.Kinds)}.{(IsAmbient(provider) ? $" See {Docs}." : "")}");
        await credentials.SignInAsync(
            session, accounts, provider, wanted == "oauth" ? CredentialKind.OAuth : CredentialKind.ApiKey, report => Dialog(accounts, provider, answers, report), cancellation);
        return await ChangedAsync(session, all, id, added: true, CancellationToken.None);
    }

    private async Task<JsonElement> RemoveAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var id = arguments.Required("provider");
        var (session, all, accounts) = await BeginAsync(arguments, cancellation);
        var provider = await FindAsync(accounts, id, cancellation);
        var isStored = provider.Source is "auth.json" or "oauth";
        if (isStored)
            await credentials.SignOutAsync(accounts, id, cancellation);
        if (!await credentials.DropAsync(session, all, id, cancellation) && !isStored)
        {
            throw new AgentException(provider.Source is null
                ? $"{provider.Name} has no credential that could be removed."
                : $"The credential of {provider.Name} comes from {provider.Source}{(provider.Label is { } label ? $" ({label})" : "")}; take it out there.");
        }

        return await ChangedAsync(session, all, id, added: false, CancellationToken.None);
    }

    /// <summary>The session whose agent does it, all sessions there are, and the agent's accounts.</summary>
    private async Task<(AgentSession Session, IReadOnlyList<AgentSession> All, IAgentAccounts Accounts)> BeginAsync(
        CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        await settings.ReadyAsync();
        IReadOnlyList<AgentSession> all = [.. desk.Sessions.All];
        var agent = await session.Seat.StartedAsync(cancellation);
        return (session, all, agent.Accounts ?? throw new AgentException("This agent's providers are not set up here."));
    }

    private async Task<JsonElement> ChangedAsync(AgentSession session, IReadOnlyList<AgentSession> all, string id, bool added, CancellationToken cancellation)
    {
        try
        {
            await credentials.ChangedAsync(session, all, added, cancellation);
        }
        catch (AgentException e) when (added)
        {
            throw new AgentException($"The credential is stored, but Pi cannot be used with it yet: {e.Message}");
        }

        var accounts = (await session.Seat.StartedAsync(cancellation)).Accounts;
        var provider = accounts is null ? null : await accounts.FindAsync(id, cancellation);
        var source = provider is null ? null : setup.SourceOf(provider);
        return Reply(new CredentialReply(id, provider?.Configured == true, source, provider?.Models, source == "client" ? provider?.Label : null));
    }

    private SignInDialog Dialog(IAgentAccounts accounts, AgentProvider provider, IReadOnlyList<string> answers, Action<string> report) =>
        new(state, rpc, questions, input, provider, accounts.TerminalSignIn(provider.Id), answers, report);

    private static async Task<AgentProvider> FindAsync(IAgentAccounts accounts, string id, CancellationToken cancellation)
    {
        var providers = await accounts.ListAsync(null, cancellation);
        return providers.FirstOrDefault(p => p.Id == id)
            ?? throw new AgentException($"Pi knows no provider \"{id}\"; pi.listProviders lists those it knows.");
    }

    /// <summary>A key that Pi would take for something else than a key must not get into its file.</summary>
    private static void Check(CommandArguments arguments, string? key)
    {
        if (key is null)
            return;
        Redaction.Remember(key);
        if (key.Length is 0 or > 10_000 || key.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw arguments.Bad("\"key\" must be one word");
        if (key[0] is '!' or '$')
            throw arguments.Bad($"\"key\" begins with {key[0]}, which Pi takes for a command or a variable; put such an entry into auth.json by hand");
    }

    private static bool IsAmbient(AgentProvider provider) => provider.Kinds is ["environment"];

    private static JsonElement Reply(CredentialReply reply) => JsonSerializer.SerializeToElement(reply, ProviderJson.Default.CredentialReply);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}
