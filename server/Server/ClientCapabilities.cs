using System.Text.Json;
using PiLsp.Json;
using PiLsp.Lsp;
using PiLsp.Server.Editor;
using PiLsp.Server.Prompting;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>
/// What the client can do, read by path out of its <c>initialize</c>: clients send more, less and other shapes than
/// the specification says, and none of that may keep a server from starting. Immutable.
/// </summary>
internal sealed record ClientCapabilities
{
    public PositionEncoding Encoding { get; init; }

    public bool DocumentChanges { get; init; }

    public bool CreateFiles { get; init; }

    public bool DeleteFiles { get; init; }

    public bool ChangeAnnotations { get; init; }

    public bool ApplyEdit { get; init; }

    public bool MessageRequests { get; init; }

    public bool ShowDocument { get; init; }

    public bool WorkDoneProgress { get; init; }

    public bool Configuration { get; init; }

    public bool DidChangeConfigurationRegistration { get; init; }

    public bool CodeLensRefresh { get; init; }

    public bool DiagnosticData { get; init; }

    /// <summary>Takes an edit for version 0 as one for any version.</summary>
    public bool IgnoresVersionZero { get; init; }

    /// <summary>See <see cref="ChangedPart"/>.</summary>
    public bool WalksRangeEnds { get; init; }

    /// <summary>A last line without a line end gets one on the disk, and in the text of didSave, but not in its changes.</summary>
    public bool AddsLastNewline { get; init; }

    /// <summary>How files of this client's look when it opens them.</summary>
    public OpeningHabit Opening { get; init; }

    /// <summary>Does not read a file again that changes on the disk, and takes edits to it without a question.</summary>
    public bool KeepsFilesAsOpened { get; init; }

    /// <summary>The version of a client of ours (<c>experimental.pi.version</c>).</summary>
    public string? ClientVersion { get; init; }

    /// <summary>False for a client that makes its own actions to ask with (<c>experimental.pi.askActions: false</c>).</summary>
    public bool AskActions { get; init; } = true;

    /// <summary>False for a client that marks what waits in its own way (<c>experimental.pi.reviewMarks: false</c>).</summary>
    public bool ReviewMarks { get; init; } = true;

    /// <summary><c>experimental.pi</c>: the client's own review, event view, picker and saver. docs/protocol.md.</summary>
    public bool OwnReview { get; init; }

    public bool Events { get; init; }

    public bool Pick { get; init; }

    public bool Save { get; init; }

    public bool Input { get; init; }

    public bool EditorKnowledge { get; init; }

    public bool Status { get; init; }

    public bool SignIn { get; init; }

    public static ClientCapabilities From(JsonElement capabilities)
    {
        bool On(params string[] path) => Find(capabilities, path) is { ValueKind: JsonValueKind.True };
        bool Has(params string[] path) => Find(capabilities, path) is { ValueKind: JsonValueKind.Object };
        bool Lists(string word, params string[] path) => Words(Find(capabilities, path)).Contains(word);

        return new ClientCapabilities
        {
            // UTF-16 unless the client prefers UTF-8: it lists its favourite first (LSP 3.17, "positionEncodings").
            Encoding = Words(Find(capabilities, ["general", "positionEncodings"])).FirstOrDefault(e => e is "utf-8" or "utf-16") == "utf-8"
                ? PositionEncoding.Utf8 : PositionEncoding.Utf16,
            DocumentChanges = On("workspace", "workspaceEdit", "documentChanges"),
            CreateFiles = Lists("create", "workspace", "workspaceEdit", "resourceOperations"),
            DeleteFiles = Lists("delete", "workspace", "workspaceEdit", "resourceOperations"),
            ChangeAnnotations = Has("workspace", "workspaceEdit", "changeAnnotationSupport"),
            ApplyEdit = On("workspace", "applyEdit"),
            MessageRequests = Has("window", "showMessage"),
            ShowDocument = On("window", "showDocument", "support"),
            WorkDoneProgress = On("window", "workDoneProgress"),
            Configuration = On("workspace", "configuration"),
            DidChangeConfigurationRegistration = On("workspace", "didChangeConfiguration", "dynamicRegistration"),
            CodeLensRefresh = On("workspace", "codeLens", "refreshSupport"),
            // Announced by editors that keep one kind of line end for each text. Neovim 0.12 says so too and keeps lone \r: by its name.
            Opening = On("workspace", "workspaceEdit", "normalizesLineEndings") ? OpeningHabit.OneKind : OpeningHabit.Unknown,
            DiagnosticData = On("textDocument", "publishDiagnostics", "dataSupport"),
            ClientVersion = Find(capabilities, ["experimental", "pi", "version"]) is { ValueKind: JsonValueKind.String } version ? version.GetString() : null,
            AskActions = Find(capabilities, ["experimental", "pi", "askActions"]) is not { ValueKind: JsonValueKind.False },
            ReviewMarks = Find(capabilities, ["experimental", "pi", "reviewMarks"]) is not { ValueKind: JsonValueKind.False },
            OwnReview = On("experimental", "pi", "proposals"),
            Events = On("experimental", "pi", "events"),
            Pick = On("experimental", "pi", "pick"),
            Save = On("experimental", "pi", "save"),
            Input = On("experimental", "pi", "input"),
            EditorKnowledge = On("experimental", "pi", "editor"),
            Status = On("experimental", "pi", "status"),
            SignIn = On("experimental", "pi", "signIn"),
        };
    }

    /// <summary>
    /// What a client's name tells beyond what it announces: Neovim takes versioned edits and does not say so, and the
    /// unversioned ones go into whatever the user has typed meanwhile. Helix reads a file once.
    /// </summary>
    public ClientCapabilities KnownAs(string? name) => name switch
    {
        "Neovim" => this with { DocumentChanges = true, IgnoresVersionZero = true, AddsLastNewline = true, Opening = OpeningHabit.AsIs },
        "helix" => this with { KeepsFilesAsOpened = true, WalksRangeEnds = true, Opening = OpeningHabit.AsIs },
        // Eglot and Kate, which say nothing of themselves, show \n for \r\n, and put a \r\n that an edit brings before their own.
        null or "" => this with { Opening = Opening == OpeningHabit.Unknown ? OpeningHabit.CrLfAsLf : Opening },
        _ => this,
    };

    private static JsonElement? Find(JsonElement element, string[] path)
    {
        JsonElement? found = element;
        foreach (var name in path)
            found = found?.Child(name);
        return found;
    }

    private static IEnumerable<string> Words(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)
        : [];
}
