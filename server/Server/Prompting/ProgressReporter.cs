using PiLsp.Agents;
using PiLsp.Lsp;
using PiLsp.Rpc;
using PiLsp.Sessions;

namespace PiLsp.Server.Prompting;

/// <summary>
/// Work-done progress of runs (LSP 3.17, "Work Done Progress"), on a token that the client is asked to make;
/// cancelling it stops the run. Called from session loops; everything happens on the ordered loop.
/// </summary>
internal sealed class ProgressReporter(ServerState state, RpcConnection rpc)
{
    private readonly Dictionary<string, Entry> _runs = [];
    private long _last;

    /// <summary>Called with the session's and the run's id when the user cancels.</summary>
    public Action<string, string>? Cancelled { get; set; }

    public void Report(string sessionId, string runId, ProgressStage stage, string message) => rpc.Post(() =>
    {
        if (!state.Capabilities.WorkDoneProgress)
            return;
        var key = $"{sessionId}/{runId}";
        if (stage == ProgressStage.Begin)
        {
            var entry = new Entry(sessionId, runId, new ProgressToken($"pi-{++_last}", 0));
            _runs[key] = entry;
            _ = BeginAsync(key, entry, message);
        }
        else if (_runs.TryGetValue(key, out var entry))
        {
            if (entry.Begun)
                Send(entry, stage == ProgressStage.End ? new WorkDoneProgress("end", null, message, null)
                    : new WorkDoneProgress("report", null, message, true));
            if (stage == ProgressStage.End)
                _runs.Remove(key);
        }
    });

    public void OnCancel(WorkDoneProgressCancelParams cancel)
    {
        if (_runs.Values.FirstOrDefault(r => r.Token == cancel.Token) is { } entry)
            Cancelled?.Invoke(entry.SessionId, entry.RunId);
    }

    /// <summary>The client makes the token first; a run that was over by then is never begun.</summary>
    private async Task BeginAsync(string key, Entry entry, string message)
    {
        try
        {
            await rpc.RequestAsync(
                "window/workDoneProgress/create", new WorkDoneProgressCreateParams(entry.Token),
                LspJson.Default.WorkDoneProgressCreateParams, LspJson.Default.JsonElement, CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or RpcConnectionClosedException)
        {
            return;
        }

        rpc.Post(() =>
        {
            if (!_runs.TryGetValue(key, out var now) || now != entry)
                return;
            entry.Begun = true;
            Send(entry, new WorkDoneProgress("begin", "Pi", message, true));
        });
    }

    private void Send(Entry entry, WorkDoneProgress value) =>
        rpc.Notify("$/progress",
            new ProgressParams(entry.Token, value with { Message = value.Message is { } message ? ShownText.OnOneLine(Redaction.Redact(message)) : null }),
            LspJson.Default.ProgressParams);

    private sealed class Entry(string sessionId, string runId, ProgressToken token)
    {
        public string SessionId { get; } = sessionId;

        public string RunId { get; } = runId;

        public ProgressToken Token { get; } = token;

        public bool Begun { get; set; }
    }
}
