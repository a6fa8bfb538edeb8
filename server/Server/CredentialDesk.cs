using System.Collections.Concurrent;
using PiLsp.Agents;
using PiLsp.Sessions;

namespace PiLsp.Server;

/// <summary>
/// Changes credentials, and sees to it that everything that depends on them hears of it: the agents of other sessions,
/// a session that had no model, the availability. One sign-in at a time. Any thread.
/// </summary>
internal sealed class CredentialDesk(KeyRing ring, AvailabilityDesk availability, ProgressDesk progress, ServerLog log)
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

    /// <param name="dialogFor">Makes the dialog; given what reports progress.</param>
    public async Task SignInAsync(
        AgentSession session, IAgentAccounts accounts, AgentProvider provider, CredentialKind kind, Func<Action<string>, ISignInDialog> dialogFor, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            throw new AgentException("Another sign-in is under way. Finish or cancel it first.");
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
            Interlocked.Exchange(ref _busy, 0);
        }
    }

    /// <summary>A key that the client keeps: the agents begin anew with it in their environment.</summary>
    public async Task<AgentProvider?> KeepAsync(
        AgentSession session, IReadOnlyList<AgentSession> all, string provider, string variable, string key, CancellationToken cancellation)
    {
        ring.Keep(provider, variable, key);
        var agent = await RestartAsync(session, all, cancellation);
        var now = agent.Accounts is { } accounts ? await accounts.FindAsync(provider, cancellation) : null;
        if (now is { Configured: true, Source: "environment" })
            return now;
        ring.Drop(provider);
        throw new AgentException($"Pi does not take the key of \"{provider}\" from {variable}{(now?.Source is { } source ? $": it has one from {source}, which goes first" : "")}. The key was dropped.");
    }

    /// <summary>False when there was none.</summary>
    public async Task<bool> DropAsync(AgentSession session, IReadOnlyList<AgentSession> all, string provider, CancellationToken cancellation)
    {
        if (!ring.Drop(provider))
            return false;
        await RestartAsync(session, all, cancellation);
        return true;
    }

    /// <summary>Everybody hears of the change.</summary>
    public async Task ChangedAsync(AgentSession session, IReadOnlyList<AgentSession> all, string provider, CancellationToken cancellation)
    {
        foreach (var other in all)
            if (other != session && other.Seat.Agent is { Accounts: { } accounts })
                _ = RefreshAsync(other, accounts);
        var agent = await session.Seat.StartedAsync(cancellation);
        var models = await agent.ListModelsAsync(cancellation);
        var state = await agent.GetStateAsync(cancellation);
        // The first credentials of all: whoever signs in wants to be able to ask.
        if (!models.Any(m => m.FullId == state.Model?.FullId) && models.Count > 0)
        {
            var own = models.Where(m => m.Provider == provider).ToList();
            var first = ModelShelf.Arrange(own.Count > 0 ? own : models, [])[0].Model;
            await agent.SetModelAsync(first.Provider, first.Id, cancellation);
            state = await agent.GetStateAsync(cancellation);
        }

        session.Seat.Note(state);
        availability.Note(new CredentialsChanged(models.Count > 0));
    }

    /// <summary>An agent at work is left alone: its next start has the new environment.</summary>
    private static async Task<IAgent> RestartAsync(AgentSession session, IReadOnlyList<AgentSession> all, CancellationToken cancellation)
    {
        var model = session.Seat.LastState?.Model;
        foreach (var one in all.Append(session).Distinct())
            if (one.State.Run is null) await one.Seat.SleepAsync(unstoredToo: true);
        var agent = await session.Seat.StartedAsync(cancellation);
        // What was chosen by hand in a conversation that is not stored yet would be forgotten.
        if (model is not null && session.Seat.LastState?.Model?.FullId != model.FullId
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
