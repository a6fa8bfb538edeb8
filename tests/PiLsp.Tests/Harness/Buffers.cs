using System.Text.Json.Nodes;
using PiLsp.Lsp;
using PiLsp.Workspace;

namespace PiLsp.Tests.Harness;

/// <summary>The editor's open texts, UTF-16, and the messages that tell the server of them. Used by one test at a time.</summary>
internal sealed class Buffers
{
    private readonly Dictionary<string, (int Version, string Text)> _open = [];

    public string this[string uri] => _open[uri].Text;

    public string Open(string uri, string text)
    {
        _open[uri] = (1, text);
        return new JsonObject { ["textDocument"] = new JsonObject { ["uri"] = uri, ["languageId"] = "text", ["version"] = 1, ["text"] = text } }.ToJsonString();
    }

    public string Change(string uri, string text)
    {
        var version = _open[uri].Version + 1;
        _open[uri] = (version, text);
        return new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri, ["version"] = version },
            ["contentChanges"] = new JsonArray(new JsonObject { ["text"] = text }),
        }.ToJsonString();
    }

    /// <summary>All of the edit or, where a version is stale, nothing of it; and what there is to report.</summary>
    public (bool Fits, IReadOnlyList<(string Method, string Params)> Reports) Apply(JsonNode edit)
    {
        var changes = edit["documentChanges"]!.AsArray().Where(c => c!["textDocument"] is not null).ToList();
        if (changes.Any(c => (int?)c!["textDocument"]!["version"] is { } version && version != _open[(string)c["textDocument"]!["uri"]!].Version))
            return (false, []);
        var reports = new List<(string, string)>();
        foreach (var change in changes)
        {
            var uri = (string)change!["textDocument"]!["uri"]!;
            var isOpen = _open.TryGetValue(uri, out var open);
            var document = new TextDocument(uri, "", 0, open.Text ?? "");
            var text = document.Text;
            // Positions mean the text before all edits, so the last one goes first.
            foreach (var each in change["edits"]!.AsArray().OrderByDescending(e => document.OffsetAt(At(e!, "start"), PositionEncoding.Utf16)))
                text = text[..document.OffsetAt(At(each!, "start"), PositionEncoding.Utf16)] + (string)each!["newText"]! +
                    text[document.OffsetAt(At(each, "end"), PositionEncoding.Utf16)..];
            reports.Add(isOpen ? ("textDocument/didChange", Change(uri, text)) : ("textDocument/didOpen", Open(uri, text)));
        }

        return (true, reports);
    }

    private static Position At(JsonNode edit, string end) =>
        new((int)edit["range"]![end]!["line"]!, (int)edit["range"]![end]!["character"]!);
}
