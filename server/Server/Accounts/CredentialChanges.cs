using System.Collections.Concurrent;
using PiLsp.Agents;
using PiLsp.Server.Prompting;
using PiLsp.Sessions;

namespace PiLsp.Server.Accounts;

/// <summary>
/// Changes credentials, and sees to it that everything that depends on them hears of it: the agents of other sessions,
/// a session that had no model, the availability. One sign-in at a time. Any thread.
/// </summary>
internal sealed class CredentialChanges(KeyRing ring, AvailabilityMonitor availability, ProgressReporter progress, ServerLog log)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _signingIn = new();
    private int _last;
    private int _busy;

    /// <summary>The user cancelled the progress of a sign-in. False when the id is none of those.</summary>
    public bool Cancel(string progressId)
    {
        if (!_signingIn.TryGetValue(progressId, out var signIn))
            return false;
        signIn.Cancel();
        return true;
    }

    /// <summary>Returns when the credential is stored: also where that was quicker than the one who cancelled it.</summary>
    /// <param name="dialogFor">Makes the dialog; given what reports progress.</param>
    public Task SignInAsync(
        AgentSession session, IAgentAccounts accounts, AgentProvider provider, CredentialKind kind, Func<Action<string>, ISignInDialog> dialogFor,
        CancellationToken cancellation) => AloneAsync(async () =>
    {
        var id = $"signIn{Interlocked.Increment(ref _last)}";
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _signingIn[id] = given;
        session.Post(new SignInBegun());
        progress.Report(id, id, ProgressStage.Begin, $"signing in to {provider.Name}");
        var dialog = dialogFor(text => progress.Report(id, id, ProgressStage.Report, text));
        try
        {
            await accounts.SignInAsync(provider.Id, kind, dialog, given.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new AgentException($"The sign-in to {provider.Name} was cancelled; nothing was stored.");
        }
        catch (AgentException e)
        {
            throw new AgentException($"The sign-in to {provider.Name} failed, and nothing was stored: {Redaction.Redact(e.Message)}");
        }
        finally
        {
            _signingIn.TryRemove(id, out _);
            session.Post(new SignInEnded());
            dialog.Tell(new SignInOver());
            progress.Report(id, id, ProgressStage.End, "done");
        }
    });

    /// <summary>A key that the client keeps: the agents begin anew with it in their environment. Where that fails, everything is as before.</summary>
    public Task KeepAsync(
        AgentSession session, IReadOnlyList<AgentSession> all, string provider, string variable, string key, CancellationToken cancellation) =>
            AloneAsync(async () =>
    {
        var before = ring.Of(provider);
        ring.Keep(provider, variable, key);
        availability.KeysChanged();
        AgentException refused;
        try
        {
            var agent = await RestartAsync(session, all, cancellation);
            var now = agent.Accounts is { } accounts ? await accounts.FindAsync(provider, cancellation) : null;
            if (now is { Configured: true, Source: "environment" })
                return;
            refused = new AgentException(
                $"Pi does not take the key of \"{provider}\" from " +
                    $"{variable}{(now?.Source is { } source ? $": it has one from {source}, which goes first" : "")}. The key was dropped.");
        }
        catch
        {
            await PutBackAsync(session, all, provider, before);
            throw;
        }

        await PutBackAsync(session, all, provider, before);
        throw refused;
    });

    /// <summary>False when there was none.</summary>
    public async Task<bool> DropAsync(AgentSession session, IReadOnlyList<AgentSession> all, string provider, CancellationToken cancellation)
    {
        var dropped = false;
        await AloneAsync(async () =>
        {
            if (dropped = ring.Drop(provider))
            {
                availability.KeysChanged();
                await RestartAsync(session, all, cancellation);
            }
        });
        return dropped;
    }

    public Task SignOutAsync(IAgentAccounts accounts, string provider, CancellationToken cancellation) =>
        AloneAsync(() => accounts.SignOutAsync(provider, cancellation));

    /// <summary>Everybody hears of the change.</summary>
    /// <param name="added">False: a credential was taken away.</param>
    public async Task ChangedAsync(AgentSession session, IReadOnlyList<AgentSession> all, bool added, CancellationToken cancellation)
    {
        foreach (var other in all)
            if (other != session && other.Supervisor.Agent is { Accounts: { } accounts })
                _ = RefreshAsync(other, accounts);
        var agent = await session.Supervisor.StartedAsync(cancellation);
        var models = await agent.SortModelsAsync(cancellation);
        var state = await agent.GetStateAsync(cancellation);
        // The first credentials of all: whoever signs in wants to be able to ask, and an agent chooses its model when it starts.
        if (added && models.Usable.Count > 0 && session.State.Run is null && (state.Model is not { } model || !models.Knows(model)))
        {
            await session.Supervisor.SleepAsync(unstoredToo: true);
            state = await (await session.Supervisor.StartedAsync(cancellation)).GetStateAsync(cancellation);
        }

        session.Supervisor.Note(state);
        availability.Note(new ModelsSeen(models, agent));
    }

    /// <summary>One change at a time: each of them may take the agent away from another.</summary>
    private async Task AloneAsync(Func<Task> change)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            throw new AgentException("Another sign-in is under way. Finish or cancel it first.");
        try
        {
            await change();
        }
        finally
        {
            Interlocked.Exchange(ref _busy, 0);
        }
    }

    private async Task PutBackAsync(AgentSession session, IReadOnlyList<AgentSession> all, string provider, (string Variable, string Key)? before)
    {
        if (before is var (variable, key))
            ring.Keep(provider, variable, key);
        else
            ring.Drop(provider);
        availability.KeysChanged();
        // The next start has the environment as it was.
        await SleepAsync(session, all);
    }

    /// <summary>An agent at work is left alone: its next start has the new environment.</summary>
    private static async Task SleepAsync(AgentSession session, IReadOnlyList<AgentSession> all)
    {
        foreach (var one in all.Append(session).Distinct())
            if (one.State.Run is null) await one.Supervisor.SleepAsync(unstoredToo: true);
    }

    private static async Task<IAgent> RestartAsync(AgentSession session, IReadOnlyList<AgentSession> all, CancellationToken cancellation)
    {
        var model = session.Supervisor.LastState?.Model;
        await SleepAsync(session, all);
        var agent = await session.Supervisor.StartedAsync(cancellation);
        // What was chosen by hand in a conversation that is not stored yet would be forgotten.
        if (model is not null && session.Supervisor.LastState?.Model?.FullId != model.FullId
            && (await agent.ListModelsAsync(cancellation)).Any(m => m.FullId == model.FullId))
            await agent.SetModelAsync(model.Provider, model.Id, cancellation);
        return agent;
    }

    private async Task RefreshAsync(AgentSession session, IAgentAccounts accounts)
    {
        try
        {
            await accounts.RefreshAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            log.Write(LogLevel.Debug, $"session {session.Id} did not read its credentials again: {e.Message}");
        }
    }
}
