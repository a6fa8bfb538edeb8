using PiLsp.Agents;
using PiLsp.Workspace;

namespace PiLsp.Headless;

/// <summary>The stored session that <c>--session</c> means: a file, or an id of this directory's sessions, whole or its beginning.</summary>
internal static class StoredConversation
{
    /// <returns>The session's file, or in one line why there is none; neither for a new session.</returns>
    public static async Task<(string? File, string? Error)> FindAsync(ISessionStore store, string? wanted, AgentOptions options, CancellationToken cancellation)
    {
        if (wanted is null)
            return (null, null);
        var path = Path.GetFullPath(wanted, options.WorkingDirectory);
        if (!File.Exists(path))
            return await FindByIdAsync(store, wanted, options, cancellation);
        if (await store.ReadAsync(path, cancellation) is not { } session)
            return (null, $"--session: {path} is no session of Pi's");
        // Pi would work there, and everything there would be outside of what may be changed here.
        return WorkspacePath.ResolveLinks(session.WorkingDirectory) is { } there
            && WorkspacePath.SamePath(there, WorkspacePath.ResolveLinks(options.WorkingDirectory) ?? options.WorkingDirectory)
            ? (path, null)
            : (null, $"--session: {path} is a session of the directory {session.WorkingDirectory}; run pilsp ask there");
    }

    private static async Task<(string? File, string? Error)> FindByIdAsync(ISessionStore store, string id, AgentOptions options, CancellationToken cancellation)
    {
        var fitting =
            (await store.ListAsync(store.Folder(options), options, cancellation)).Where(s => s.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase)).ToList();
        return fitting switch
        {
            [var one] => (one.Path, null),
            [] => (null, $"--session: there is neither a file nor a session of this directory \"{id}\""),
            _ => (null, $"--session: {fitting.Count} sessions of this directory begin with \"{id}\""),
        };
    }
}
