using System.Text.Json;
using PiLsp.Rpc;

namespace PiLsp.Server.Commands;

/// <summary>The one object argument of a command, read field by field; a wrong type is refused by command and field.</summary>
internal readonly struct CommandArguments
{
    private readonly string _command;
    private readonly JsonElement _object;

    public CommandArguments(string command, IReadOnlyList<JsonElement>? arguments)
    {
        _command = command;
        _object = arguments is [var first, ..] ? first : default;
        if (_object.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
            throw Bad("the argument must be one object");
    }

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Find(name) is not { } e ? null
        : e.ValueKind == JsonValueKind.String ? e.GetString() : throw Bad($"\"{name}\" must be a string");

    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw Bad($"\"{name}\" is missing");

    public bool Flag(string name, bool @default = false) => Find(name) switch
    {
        null => @default,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Bad($"\"{name}\" must be true or false"),
    };

    public int? Number(string name) => Find(name) is not { } e ? null
        : e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var n) ? n : throw Bad($"\"{name}\" must be a whole number");

    public IReadOnlyList<string>? Texts(string name) => Find(name) is not { } e ? null
        : e.ValueKind == JsonValueKind.Array && e.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String)
            ? [.. e.EnumerateArray().Select(i => i.GetString()!)]
            : throw Bad($"\"{name}\" must be a list of strings");

    public JsonElement? Object(string name) => Find(name) is not { } e ? null
        : e.ValueKind == JsonValueKind.Object ? e : throw Bad($"\"{name}\" must be an object");

    public IReadOnlyList<JsonElement> Objects(string name) => Find(name) is not { } e ? []
        : e.ValueKind == JsonValueKind.Array && e.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object) ? [.. e.EnumerateArray()]
            : throw Bad($"\"{name}\" must be a list of objects");

    /// <summary>The lines of an LSP range: an end at the start of a line does not take that line in.</summary>
    public (int First, int Last) Lines(JsonElement of, string name)
    {
        if (!of.TryGetProperty(name, out var range) || range.ValueKind != JsonValueKind.Object)
            throw Bad($"\"{name}\" must be an LSP range");
        var (start, end) = (Position(range, "start"), Position(range, "end"));
        return (start.Line, end.Character == 0 && end.Line > start.Line ? end.Line - 1 : end.Line);
    }

    public Lsp.Position Position(JsonElement of, string name) =>
        of.TryGetProperty(name, out var p) && p.ValueKind == JsonValueKind.Object && Whole(p, "line") is { } line && Whole(p, "character") is { } character
            ? new Lsp.Position(line, character)
            : throw Bad($"\"{name}\" must be an LSP position");

    public string TextOf(JsonElement of, string name) =>
        of.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Bad($"\"{name}\" must be a string");

    public RpcException Bad(string what) => new(RpcErrorCodes.InvalidParams, $"{_command}: {what}");

    private static int? Whole(JsonElement of, string name) =>
        of.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var n) && n >= 0 ? n : null;

    private JsonElement? Find(string name) =>
        _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(name, out var e) && e.ValueKind != JsonValueKind.Null ? e : null;
}
