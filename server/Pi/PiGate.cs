using System.Security.Cryptography;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;
using PiLsp.Transport;

namespace PiLsp.Pi;

/// <summary>What the gate says to us through a dialog named <see cref="PiGate.Channel"/>.</summary>
internal abstract record GateMessage;

/// <param name="Folder">Where the tools of this conversation work.</param>
/// <param name="State">What Pi is set to at that moment.</param>
/// <param name="LastEntryId">Of the conversation as Pi knows it; null while there is nothing in it.</param>
/// <param name="IsAnswered">A model has said something in it, so that Pi has stored it.</param>
internal sealed record GateHello(string Challenge, string? Folder, GateReport Report, AgentState State, string? LastEntryId, bool IsAnswered) : GateMessage;

internal sealed record GateAsk(AgentRequest Request) : GateMessage;

/// <summary>A word of an operation on credentials (<see cref="PiAccounts"/>).</summary>
/// <param name="RequestId">The dialog that waits for the answer.</param>
internal sealed record GateAccount(string RequestId, string OperationId, JsonElement Body) : GateMessage;

/// <summary>Not from our gate, or not to be understood: it gets no answer but a cancelled one.</summary>
internal sealed record GateUnreadable(string Problem) : GateMessage;

/// <summary>
/// The server's half of extension/pi/gate.ts: one gate for one Pi process, told apart by a nonce. Immutable, any thread.
/// </summary>
/// <param name="folder">The only one that Pi's tools may work in: what they do elsewhere nobody would see.</param>
internal sealed class PiGate(string path, string folder)
{
    public const string Channel = "pilsp-gate";
    public const string NonceVariable = "PILSP_GATE_NONCE";
    private const string PathVariable = "PILSP_GATE_PATH";
    private const string EditorToolsVariable = "PILSP_EDITOR_TOOLS_PATH";
    private const int Protocol = 3;
    private static readonly string[] Held = ["read", "edit", "write"];

    public string Nonce { get; } = NewSecret();

    public string CommandName => $"{Channel}-{Nonce}";

    /// <summary>The command that begins an operation on credentials.</summary>
    public string AccountsCommandName => $"pilsp-accounts-{Nonce}";

    public IEnumerable<KeyValuePair<string, string>> Environment =>
        [new(NonceVariable, Nonce), new(PathVariable, path), new(EditorToolsVariable, EditorToolsPath(path))];

    /// <summary>extension/pi/editor-tools.ts, which lies beside the gate.</summary>
    public static string EditorToolsPath(string gatePath) => Path.Combine(Path.GetDirectoryName(gatePath) ?? "", "editor-tools.ts");

    public static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static bool Speaks(PiUiRequest request) => request.Method == "input" && request.Body.Text("title") == Channel;

    /// <summary>Pi lets go of the gate, and takes it up again for another conversation, or with its extensions read anew.</summary>
    public static bool SaysBye(PiUiRequest request) => request.Method == "setStatus" && request.Body.Text("statusKey") == Channel;

    public GateMessage Read(PiUiRequest request)
    {
        try
        {
            return request.Body.Child("placeholder")?.ReadInner(body =>
                body.Text("nonce") != Nonce ? new GateUnreadable("its nonce is another one")
                    : body.Whole("v") != Protocol ? new GateUnreadable($"it speaks version {body.Whole("v")} instead of {Protocol}")
                    : ReadOperation(request.Id, body)) ?? new GateUnreadable("it says nothing");
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return new GateUnreadable(error.Message);
        }
    }

    /// <summary>Null when the hello proves that edits are held back, else what is wrong with it.</summary>
    public string? Check(GateHello hello, string challenge)
    {
        if (hello.Challenge != challenge) return "the gate answered another challenge";
        foreach (var name in Held)
            if (hello.Report.Tools.FirstOrDefault(tool => tool.Name == name) is { } tool && tool.Source != path)
                return $"the tool \"{name}\" comes from {tool.Source}";
        // Pi goes on with a conversation in the folder that it belongs to, and an extension of the user's may change to one.
        return PiSessionHeader.WhyNotHere(hello.Folder, folder) is null ? null : $"its tools work in {hello.Folder} and not in {folder}";
    }

    /// <summary>Null when Pi could read all of its files.</summary>
    public static ConfigProblem? ReadProblem(JsonElement body) =>
        body.Child("problem") is { } problem && problem.Text("reason") is { } reason ? new ConfigProblem(reason, problem.Flag("stopsAll") == true) : null;

    private static GateMessage ReadOperation(string id, JsonElement body)
    {
        if (ReadToolRequest(id, body) is { } request)
            return body.Text("execution") is { Length: > 0 } execution
                ? new GateAsk(request with { Execution = execution })
                : new GateUnreadable($"\"{body.Text("op")}\" does not say which execution of a tool it belongs to");
        return body.Text("op") switch
        {
            "account" when body.Text("id") is { } operation => new GateAccount(id, operation, body.Clone()),
            "hello" when body.Child("state") is { } state => new GateHello(
                body.Text("challenge")
                    ?? "", body.Text("folder"), ReadReport(body), PiStateReader.ReadState(state), body.Text("lastEntry"), body.Flag("isAnswered") == true),
            var op => new GateUnreadable($"\"{op}\" is unknown or lacks something"),
        };
    }

    private static GateReport ReadReport(JsonElement body) => new(
        body.Text("agent") ?? "unknown",
        [.. body.Items("tools").Select(item => new GateTool(item.Text("name") ?? "", item.Text("source") ?? "unknown", item.Flag("active") == true))],
        ReadProblem(body),
        body.Flag("keepsPictures") == true);

    private static ToolRequest? ReadToolRequest(string id, JsonElement body)
    {
        var call = body.Text("toolCallId") ?? "";
        var tool = body.Text("tool") ?? "";
        return (body.Text("op"), body.Text("path"), body.Text("text")) switch
        {
            ("read", { } file, _) => new FileReadRequested(id, call, tool, file),
            ("write", { } file, { } text) => new FileWriteRequested(id, call, tool, file, LoneSurrogates.ReplacedIn(text)),
            ("look", { } file, _) => new LookRequested(id, call, tool, file),
            ("sift", _, _) => new SiftRequested(id, call, tool, body.Texts("paths")),
            ("consent", _, _) => new ConsentRequested(id, call, tool, body.Text("source") ?? "unknown", Input(body))
            {
                Server = body.Text("server"),
                Claims = Claims(body.Child("annotations")),
                Parent = body.Text("parentToolCallId"),
            },
            ("editor", _, _) => new EditorQueryRequested(id, call, tool, Input(body)),
            ("after", _, _) => new ToolNoteRequested(id, call, tool),
            _ => null,
        };
    }

    private static IReadOnlyList<ToolClaim> Claims(JsonElement? annotations) => annotations is not { ValueKind: JsonValueKind.Object } hints ? [] :
        [.. hints.EnumerateObject().Where(h => h.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            .Select(h => new ToolClaim(h.Name, h.Value.GetBoolean()))];

    private static JsonElement Input(JsonElement body) => body.Passable("input")?.Clone() ?? JsonElement.Parse("{}"u8);
}
