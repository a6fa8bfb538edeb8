using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

// Stored conversations: forked, cloned, named, exported.
internal sealed partial class PiAgent
{
    public async Task<(AgentState State, string? Text)> ForkSessionAsync(string entryId, CancellationToken cancellation)
    {
        var (state, data) = await ReplaceSessionAsync(
            connection => connection.Client.CallPatientlyAsync("fork", cancellation, ("entryId", entryId)), cancellation);
        return (state, data?.Text("text"));
    }

    public Task<AgentState> CloneSessionAsync(CancellationToken cancellation) =>
        ChangeSessionAsync(connection => connection.Client.CallPatientlyAsync("clone", cancellation), cancellation);

    public Task<IReadOnlyList<ForkPoint>> ListForkPointsAsync(CancellationToken cancellation) => InOrderAsync<IReadOnlyList<ForkPoint>>(
        async connection => [.. (await Call(connection, "get_fork_messages", cancellation)).Items("messages")
            .Where(m => m.Text("entryId") is not null).Select(m => new ForkPoint(m.Text("entryId")!, m.Text("text") ?? ""))],
        cancellation);

    /// <summary>What is said next comes to the end of a stored conversation that is whole, and that nobody else has gone on with.</summary>
    private async Task RequireStoredAsync(PiConnection connection, GateHello hello, bool mayBeBehind, CancellationToken cancellation)
    {
        if (hello.State.SessionFile is not { } file)
            return;
        if (!PiSessionRescue.IsWhole(file))
        {
            // Pi writes a conversation with its first answer; until then there is no file to miss.
            if (hello.IsAnswered || File.Exists(file))
                await RescueAsync(connection, hello.State, file, cancellation);
        }
        else if (!mayBeBehind && await PiSessionTail.LastEntryIdAsync(file, cancellation) is { } last && last != hello.LastEntryId
            && await IsUnknownAsync(connection, last, cancellation))
            throw new AgentBehindException();
    }

    /// <summary>Asked, because Pi may have written since it said which entry was its last.</summary>
    private static async Task<bool> IsUnknownAsync(PiConnection connection, string entryId, CancellationToken cancellation)
    {
        try
        {
            await connection.Client.CallAsync("get_entries", cancellation, ("since", entryId));
            return false;
        }
        catch (AgentException reason)
        {
            // What else ails it the prompt will say.
            return reason.Message.Contains(entryId, StringComparison.Ordinal) && reason.Message.Contains("not found", StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// A conversation that another window has deleted, or somebody by hand, is stored again before it goes on: what follows
    /// would be stored without what was before.
    /// </summary>
    private async Task RescueAsync(PiConnection connection, AgentState state, string file, CancellationToken cancellation)
    {
        try
        {
            var entries = await connection.Client.CallPatientlyAsync("get_entries", cancellation) ?? default;
            await PiSessionRescue.WriteAsync(state, file, options.WorkingDirectory, entries, time.GetUtcNow(), cancellation);
            Tell($"{file} was deleted while this conversation was open here. It goes on, so all of it was stored there again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or AgentException && !connection.Ended.IsCompleted)
        {
            Tell($"{file} was deleted, and the conversation cannot be stored there again: {error.Message.TrimEnd('.')}. What is said from now on may be lost " +
                "when this window is closed.");
        }

        void Tell(string text) => _outputs.TryWrite(new AgentNotice(NoticeLevel.Warning, text));
    }

    public Task RenameSessionAsync(string name, CancellationToken cancellation) =>
        InOrderAsync(connection => connection.Client.CallAsync("set_session_name", cancellation, ("name", name)), cancellation);

    public Task<string> ExportSessionAsync(string? path, CancellationToken cancellation) => InOrderAsync(
        async connection => (await connection.Client.CallPatientlyAsync("export_html", cancellation, ("outputPath", path)))?.Text("path") is { } written
            ? Path.GetFullPath(written, options.WorkingDirectory)
            : throw new AgentException("Pi did not say where it exported the session to."),
        cancellation);

    /// <summary>The conversation in Pi becomes another one; the gate in it is a new one too.</summary>
    private Task<(AgentState State, JsonElement? Data)> ReplaceSessionAsync(Func<PiConnection, Task<JsonElement?>> change, CancellationToken cancellation) =>
        InOrderAsync(async connection =>
        {
            connection.ForgetGate();
            var data = await change(connection);
            if (data?.Flag("cancelled") == true) throw new AgentException("An extension of Pi refused to change the session.");
            Gate = null;
            return ((await ProveGateAsync(connection, cancellation)).State, data);
        }, cancellation);
}
