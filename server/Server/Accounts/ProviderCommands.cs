using System.Text.RegularExpressions;
using PiLsp.Agents;
using PiLsp.Protocol;
using PiLsp.Rpc;
using PiLsp.Server.Commands;
using PiLsp.Server.Questions;
using PiLsp.Server.Settings;
using PiLsp.Sessions;

namespace PiLsp.Server.Accounts;

/// <summary><c>pi.listProviders</c>, <c>pi.setApiKey</c>, <c>pi.removeApiKey</c>, <c>pi.login</c>, <c>pi.logout</c>.</summary>
internal sealed partial class ProviderCommands(
    ServerState state, SessionAccess desk, SettingsSync settings, RpcConnection rpc, QuestionQueue questions, TextInput input, AgentSetup setup,
    KeyRing ring, CredentialChanges credentials, AvailabilityMonitor availability)
{
    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.ListProviders, ListAsync);
        commands.On(WireCommands.SetApiKey, SetKeyAsync);
        commands.On(WireCommands.RemoveApiKey, RemoveAsync);
        commands.On(WireCommands.Login, LoginAsync);
        commands.On(WireCommands.Logout, RemoveAsync);
    }

    private async Task<ListProvidersResult> ListAsync(ListProvidersArgument argument, CancellationToken cancellation)
    {
        var (_, _, accounts) = await BeginAsync(argument.SessionId, cancellation);
        if (argument.Refresh == true)
            await accounts.RefreshAsync(cancellation);
        var providers = await accounts.ListAsync(null, cancellation);
        var replies = new List<Provider>(providers.Count);
        foreach (var p in providers.OrderBy(p => p.Configured ? 0 : 1).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase))
        {
            var credits = argument.Credits == true && p.Configured ? await accounts.ReadCreditsAsync(p.Id, cancellation) : null;
            var source = setup.SourceOf(p);
            replies.Add(new Provider(
                p.Id, p.Name, p.Kinds, p.Configured, source, p.Label, p.Variable, p.Models, IsAmbient(p) ? p.Docs : null,
                p.IsStored || source == "client",
                credits is null ? null : new Credits(credits.Remaining, credits.Used)));
        }

        return new ListProvidersResult(replies);
    }

    private async Task<Credential> SetKeyAsync(SetApiKeyArgument argument, CancellationToken cancellation)
    {
        var (id, given, isPrivate, variable) = (argument.Provider, argument.Key, argument.Private ?? false, argument.Variable);
        if (variable is not null && !VariableName().IsMatch(variable))
            throw new WrongArgumentException("\"variable\" must be the name of an environment variable");
        Check(given);
        if (isPrivate && given is not null && variable is not null)
        {
            await settings.ReadyAsync();
            if (desk.Sessions.All.All(s => s.Supervisor.Agent is null))
            {
                // Handed over before anything runs, as at every start of the editor: nothing is started for it.
                ring.Keep(id, variable, given);
                availability.KeysChanged();
                return new Credential(id, Configured: true, "client", null, variable);
            }
        }

        var (session, all, accounts) = await BeginAsync(argument.SessionId, cancellation);
        var provider = await FindAsync(accounts, id, cancellation);
        if (isPrivate)
        {
            if (provider.Source is not (null or "environment"))
                throw new AgentException(
                    $"{provider.Name} has a credential from {provider.Source}, which Pi prefers to one from its environment. Remove that first.");
            variable = provider.Variable
                ?? throw new AgentException($"{provider.Name} takes no key from a single environment variable; leave out \"private\"{See(provider)}.");
            if (session.State.Run is not null)
                throw new AgentException("Pi is working, and a private key needs it to be started anew. Try again when the run is over.");
        }
        else if (!provider.Kinds.Contains("apiKey"))
        {
            throw new AgentException(
                $"{provider.Name} takes no " +
                    $"key{(provider.Kinds.Contains("oauth") ? "; sign in instead" : $": it is set up in the environment{See(provider)}")}.");
        }

        var key = given ?? await input.AskAsync($"Key for {provider.Name}", null, secret: true, cancellation)
            ?? throw new AgentException("No key was given; nothing has changed.");
        Check(key);
        if (isPrivate)
        {
            await credentials.KeepAsync(session, all, id, variable!, key, cancellation);
        }
        else
        {
            // What the agent would take for something else must not get into its file.
            if (accounts.KeyProblem(key) is { } problem)
                throw new WrongArgumentException($"\"key\" {problem}");
            await credentials.SignInAsync(session, accounts, provider, CredentialKind.ApiKey, report =>
                new KeyDialog(key, Dialog(accounts, provider, [], report)), cancellation);
        }

        // It is done, whoever has cancelled meanwhile.
        return await ChangedAsync(session, all, id, added: true, CancellationToken.None);
    }

    private async Task<Credential> LoginAsync(LoginArgument argument, CancellationToken cancellation)
    {
        var (id, answers) = (argument.Provider, argument.Answers ?? []);
        var (session, all, accounts) = await BeginAsync(argument.SessionId, cancellation);
        var provider = await FindAsync(accounts, id, cancellation);
        var wanted = (argument.Type ?? (provider.Kinds.Contains("oauth") ? LoginType.Oauth : LoginType.ApiKey)) == LoginType.Oauth ? "oauth" : "apiKey";
        if (!provider.Kinds.Contains(wanted))
            throw new AgentException(
                $"{provider.Name} cannot be signed in to by {wanted}; it has: " +
                    $"{string.Join(", ", provider.Kinds)}{(IsAmbient(provider) ? See(provider) : "")}.");
        await credentials.SignInAsync(
            session, accounts, provider, wanted == "oauth" ? CredentialKind.OAuth : CredentialKind.ApiKey, report =>
                Dialog(accounts, provider, answers, report), cancellation);
        return await ChangedAsync(session, all, id, added: true, CancellationToken.None);
    }

    private async Task<Credential> RemoveAsync(ProviderArgument argument, CancellationToken cancellation)
    {
        var id = argument.Provider;
        var (session, all, accounts) = await BeginAsync(argument.SessionId, cancellation);
        var provider = await FindAsync(accounts, id, cancellation);
        var isStored = provider.IsStored;
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
        string? sessionId, CancellationToken cancellation)
    {
        var session = desk.Session(sessionId);
        await settings.ReadyAsync();
        IReadOnlyList<AgentSession> all = [.. desk.Sessions.All];
        var agent = await session.Supervisor.StartedAsync(cancellation);
        return (session, all, agent.Accounts ?? throw new AgentException("This agent's providers are not set up here."));
    }

    private async Task<Credential> ChangedAsync(AgentSession session, IReadOnlyList<AgentSession> all, string id, bool added, CancellationToken cancellation)
    {
        try
        {
            await credentials.ChangedAsync(session, all, added, cancellation);
        }
        catch (AgentException e) when (added)
        {
            throw new AgentException($"The credential is stored, but Pi cannot be used with it yet: {e.Message}");
        }

        var accounts = (await session.Supervisor.StartedAsync(cancellation)).Accounts;
        var provider = accounts is null ? null : await accounts.FindAsync(id, cancellation);
        var source = provider is null ? null : setup.SourceOf(provider);
        return new Credential(id, provider?.Configured == true, source, provider?.Models, source == "client" ? provider?.Label : null);
    }

    private SignInDialog Dialog(IAgentAccounts accounts, AgentProvider provider, IReadOnlyList<string> answers, Action<string> report) =>
        new(state, rpc, questions, input, provider, accounts.TerminalSignIn(provider.Id), answers, report);

    private static async Task<AgentProvider> FindAsync(IAgentAccounts accounts, string id, CancellationToken cancellation)
    {
        var providers = await accounts.ListAsync(null, cancellation);
        return providers.FirstOrDefault(p => p.Id == id)
            ?? throw new AgentException($"Pi knows no provider \"{id}\"; look in the list of providers.");
    }

    private static void Check(string? key)
    {
        if (key is null)
            return;
        Redaction.Remember(key);
        if (key.Length is 0 or > 10_000 || key.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new WrongArgumentException("\"key\" must be one word");
    }

    private static string See(AgentProvider provider) => provider.Docs is { } page ? $", see {page}" : "";

    private static bool IsAmbient(AgentProvider provider) => provider.Kinds is ["environment"];

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}
