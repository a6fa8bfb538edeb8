using PiLsp.Agents;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>The sessions of this server and which one is current. Used on the server's ordered loop only, but for disposal.</summary>
/// <param name="left">Where what waits at the end is left; null: nowhere.</param>
internal sealed class SessionRegistry(IAgentFactory factory, IEditor editor, TimeProvider time, PastTexts? past = null, LeftProposals? left = null)
    : IAsyncDisposable
{
    private readonly Dictionary<string, AgentSession> _sessions = [];
    private AgentSession? _current;
    private int _last;

    public IReadOnlyCollection<AgentSession> All => _sessions.Values;

    public AgentSession? Current => _current;

    public ISessionStore Stored => factory.Sessions;

    /// <summary>An agent of nobody's session, for one piece of work; the caller ends it.</summary>
    public IAgent CreateAgent(AgentOptions options) => factory.Create(options);

    /// <summary>Null when there is no such session; without an id the current one, made if there is none yet.</summary>
    public AgentSession? Find(string? id, Func<string, SessionState> initial, Func<string?, AgentOptions> options) =>
        id is null ? (_current is { IsClosed: false } current ? current : Create(initial, options)) : _sessions.GetValueOrDefault(id);

    public AgentSession Create(Func<string, SessionState> initial, Func<string?, AgentOptions> options)
    {
        var state = initial($"s{++_last}");
        _current = _sessions[state.Id] = new AgentSession(state, editor, new AgentSupervisor(factory, options, editor.Log), time, past);
        editor.StatusChanged();
        return _current;
    }

    public void MakeCurrent(AgentSession session)
    {
        _current = session;
        editor.StatusChanged();
    }

    /// <summary>Takes back a session that could not be started; the one before it is current again.</summary>
    public void GiveUp(AgentSession session, AgentSession? previous)
    {
        _sessions.Remove(session.Id);
        if (_current == session)
            _current = previous;
        editor.StatusChanged();
        _ = session.DisposeAsync().AsTask();
    }

    /// <summary>The session is not one of ours any more from now on; the task ends with its agent.</summary>
    public Task CloseAsync(AgentSession session)
    {
        _sessions.Remove(session.Id);
        if (_current == session)
            _current = _sessions.Values.LastOrDefault(s => !s.IsClosed);
        editor.StatusChanged();
        return session.DisposeAsync().AsTask();
    }

    public void Post(SessionMessage message)
    {
        foreach (var session in _sessions.Values)
            session.Post(message);
    }

    /// <summary>What the server before this one had left of it.</summary>
    public async Task ReturnAsync(AgentSession session, CancellationToken cancellation)
    {
        try
        {
            if (left is not null)
                await left.ReturnAsync(session, path => editor.LoadAsync(path, forReading: false, allowed: null, cancellation));
            await session.HandledAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            editor.Log($"session {session.Id}: what had waited for a decision could not be read: {e.Message}");
        }
    }

    private void Leave(AgentSession session)
    {
        try
        {
            left?.Leave(session);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            editor.Log($"session {session.Id}: what waits for a decision could not be left for the next time: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
            Leave(session);
        // At once: each waits for a process to end.
        await Task.WhenAll(_sessions.Values.Select(s => s.DisposeAsync().AsTask()));
        _sessions.Clear();
    }
}
