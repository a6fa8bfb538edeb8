using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Pi;

// Stored conversations: forked, cloned, named, exported.
internal sealed partial class PiAgent
{
    public async Task<(AgentState State, string? Text)> ForkSessionAsync(string entryId, CancellationToken cancellation)
    {
        var (state, data) = await ReplaceSessionAsync(link => link.Client.CallPatientlyAsync("fork", cancellation, ("entryId", entryId)), cancellation);
        return (state, data?.Text("text"));
    }

    public Task<AgentState> CloneSessionAsync(CancellationToken cancellation) =>
        ChangeSessionAsync(link => link.Client.CallPatientlyAsync("clone", cancellation), cancellation);

    public Task<IReadOnlyList<ForkPoint>> ListForkPointsAsync(CancellationToken cancellation) => InOrderAsync<IReadOnlyList<ForkPoint>>(
        async link => [.. (await Call(link, "get_fork_messages", cancellation)).Items("messages")
            .Where(m => m.Text("entryId") is not null).Select(m => new ForkPoint(m.Text("entryId")!, m.Text("text") ?? ""))],
        cancellation);

    public Task<bool> IsContinuedElsewhereAsync(CancellationToken cancellation) => InOrderAsync(
        async link =>
        {
            var state = ReadState(link, await Call(link, "get_state", cancellation));
            if (state.IsStreaming || state.SessionFile is not { } file || await PiSessionTail.LastEntryIdAsync(file, cancellation) is not { } last)
                return false;
            try
            {
                await link.Client.CallAsync("get_entries", cancellation, ("since", last));
                return false;
            }
            catch (AgentException unknown) when (unknown.Message.Contains(last, StringComparison.Ordinal) && unknown.Message.Contains("not found", StringComparison.Ordinal))
            {
                return true;
            }
        },
        cancellation);

    public Task<string?> RescueSessionAsync(CancellationToken cancellation) => InOrderAsync(
        async link =>
        {
            var state = ReadState(link, await Call(link, "get_state", cancellation));
            if (state.IsStreaming || state.SessionFile is not { } file || PiSessionRescue.IsWhole(file))
                return null;
            // Pi writes a conversation with its first answer; until then there is no file to miss.
            if (!File.Exists(file) && (await Call(link, "get_session_stats", cancellation)).Whole("assistantMessages") is null or 0)
                return null;
            var entries = await link.Client.CallPatientlyAsync("get_entries", cancellation) ?? default;
            try
            {
                await PiSessionRescue.WriteAsync(state, file, options.WorkingDirectory, entries, time.GetUtcNow(), cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new AgentException($"{file} was deleted, and the conversation cannot be stored there again: {error.Message}", error);
            }

            return file;
        },
        cancellation);

    public Task RenameSessionAsync(string name, CancellationToken cancellation) =>
        InOrderAsync(link => link.Client.CallAsync("set_session_name", cancellation, ("name", name)), cancellation);

    public Task<string> ExportSessionAsync(string? path, CancellationToken cancellation) => InOrderAsync(
        async link => (await link.Client.CallPatientlyAsync("export_html", cancellation, ("outputPath", path)))?.Text("path")
            ?? throw new AgentException("Pi did not say where it exported the session to."),
        cancellation);

    /// <summary>The conversation in Pi becomes another one; the gate in it is a new one too.</summary>
    private Task<(AgentState State, JsonElement? Data)> ReplaceSessionAsync(Func<PiLink, Task<JsonElement?>> change, CancellationToken cancellation) =>
        InOrderAsync(async link =>
        {
            var data = await change(link);
            if (data?.Flag("cancelled") == true) throw new AgentException("An extension of Pi refused to change the session.");
            Gate = null;
            Gate = await link.ProveGateAsync(cancellation);
            return (ReadState(link, await Call(link, "get_state", cancellation)), data);
        }, cancellation);
}
