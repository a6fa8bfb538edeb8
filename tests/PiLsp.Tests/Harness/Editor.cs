using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using PiLsp.Agents;
using PiLsp.Server;
using PiLsp.Transport;
using Xunit;

namespace PiLsp.Tests.Harness;

/// <summary>
/// A small editor and the whole server in one process: JSON as it stands on the wire, time and agents in the test's
/// hands. What the server sends is waited for by method; what nobody waited for fails the test at the end.
/// </summary>
internal sealed class Editor : IAsyncDisposable
{
    /// <summary>Against hanging for ever only: no test relies on its length.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _fromServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly OutboundQueue _sender;
    private readonly Mailbox _inbox = new();
    private readonly ServerLog _log;
    private readonly Task _reading;
    private int _lastId;

    /// <param name="agents">In place of the scripted ones.</param>
    public Editor(IAgentFactory? agents = null)
    {
        _log = new ServerLog(null, LogLevel.Warning, Time);
        _sender = new OutboundQueue(_toServer.Writer.AsStream(), new ContentLengthFraming());
        Running = new LanguageServer(agents ?? Agents, _log, Time)
            .RunAsync(_toServer.Reader.AsStream(), _fromServer.Writer.AsStream(), null, CancellationToken.None);
        _reading = Task.Run(ReadAsync);
    }

    public ManualTime Time { get; } = new();

    public ScriptedFactory Agents { get; } = new();

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Running { get; }

    /// <summary>The test expects the connection to break, and has looked at how it did.</summary>
    public bool Fails { get; set; }

    public Buffers Buffers { get; } = new();

    /// <summary>Up to where commands work, with these capabilities; the log is of no interest.</summary>
    public static async Task<Editor> StartAsync(string capabilities = "{}", string settings = "{}", IAgentFactory? agents = null, string root = "file:///work")
    {
        var editor = new Editor(agents);
        await editor.ResultAsync(
            "initialize", $$$"""{"processId":null,"rootUri":"{{{root}}}","capabilities":{{{capabilities}}},"initializationOptions":{"pi":{{{settings}}}}}""");
        editor.Notify("initialized", "{}");
        return editor;
    }

    public void Notify(string method, string parameters) => Send($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""");

    /// <summary>The id under which the answer will come.</summary>
    public int Request(string method, string parameters)
    {
        var id = ++_lastId;
        Send($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        return id;
    }

    public void Cancel(int id) => Notify("$/cancelRequest", $$"""{"id":{{id}}}""");

    public async Task<JsonNode?> ResultAsync(int id)
    {
        var response = await _inbox.TakeAsync(m => m["method"] is null && (int?)m["id"] == id, $"the answer to request {id}");
        Assert.Null(response["error"]?.ToJsonString());
        return response["result"];
    }

    public Task<JsonNode?> ResultAsync(string method, string parameters) => ResultAsync(Request(method, parameters));

    public async Task<(int Code, string Message)> ErrorAsync(int id)
    {
        var response = await _inbox.TakeAsync(m => m["method"] is null && (int?)m["id"] == id, $"the answer to request {id}");
        var error = response["error"];
        Assert.True(error is not null, response.ToJsonString());
        return ((int)error["code"]!, (string)error["message"]!);
    }

    /// <summary>Takes the answer whichever it is.</summary>
    public Task ErrorOrResultAsync(int id) => _inbox.TakeAsync(m => m["method"] is null && (int?)m["id"] == id, $"the answer to request {id}");

    /// <summary>The lists and marks that a review leaves behind are of no interest.</summary>
    public async Task EndReviewAsync()
    {
        await CommandAsync("pi.status");
        _inbox.Drop(m => (string?)m["method"] is "pi/edits" or "textDocument/publishDiagnostics");
    }

    public int Command(string command, string? argument = null) =>
        Request("workspace/executeCommand", $$"""{"command":"{{command}}","arguments":[{{argument}}]}""");

    public Task<JsonNode?> CommandAsync(string command, string? argument = null) => ResultAsync(Command(command, argument));

    public Task<(int Code, string Message)> CommandErrorAsync(string command, string? argument = null) => ErrorAsync(Command(command, argument));

    /// <summary>The server's next request or notification of this method.</summary>
    public Task<JsonNode> ReceiveAsync(string method) => _inbox.TakeAsync(m => (string?)m["method"] == method, method);

    public void Reply(JsonNode request, string result) => Send($$"""{"jsonrpc":"2.0","id":{{request["id"]!.ToJsonString()}},"result":{{result}}}""");

    public void ReplyError(JsonNode request, string message) =>
        Send($$$"""{"jsonrpc":"2.0","id":{{{request["id"]!.ToJsonString()}}},"error":{"code":-32603,"message":"{{{message}}}"}}""");

    public void Open(string uri, string text) => Notify("textDocument/didOpen", Buffers.Open(uri, text));

    public void Type(string uri, string text) => Notify("textDocument/didChange", Buffers.Change(uri, text));

    /// <summary>Takes the next edit as an honest editor does: if it fits, then report, then answer.</summary>
    public async Task ApplyAsync()
    {
        var request = await ReceiveAsync("workspace/applyEdit");
        var (fits, reports) = Buffers.Apply(request["params"]!["edit"]!);
        foreach (var (method, parameters) in reports)
            Notify(method, parameters);
        Reply(request, fits ? """{"applied":true}""" : """{"applied":false,"failureReason":"stale"}""");
    }

    public Task CloseInputAsync() => _sender.CompleteAsync().WaitAsync(Hang);

    public async ValueTask DisposeAsync()
    {
        await CloseInputAsync();
        if (!Fails)
            await Running.WaitAsync(Hang);
        await _reading.WaitAsync(Hang);
        await _log.DisposeAsync();
        Assert.True(_inbox.Rest.Count == 0, $"Nobody waited for:\n{string.Join("\n", _inbox.Rest.Select(m => m.ToJsonString()))}");
    }

    private void Send(string message) => _sender.TryEnqueue(Encoding.UTF8.GetBytes(message));

    private async Task ReadAsync()
    {
        await foreach (var record in new RecordReader(_fromServer.Reader.AsStream(), new ContentLengthFraming()).ReadAllAsync(CancellationToken.None))
        {
            var message = JsonNode.Parse(Encoding.UTF8.GetString(record))!;
            if ((string?)message["method"] != "window/logMessage")
                _inbox.Put(message);
        }

        _inbox.Close();
    }
}
