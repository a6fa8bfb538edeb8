using System.Text;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;
using PiLsp.Protocol;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>The editor's knowledge in words for the model: paths relative to the workspace, lines and columns from 1.</summary>
internal sealed class EditorWords(Func<string, string> shown)
{
    public const string Nothing = "The editor knows nothing about this.";
    private const int Most = 100;
    private const int LongestLine = 200;

    private static readonly string[] Severities = ["problem", "error", "warning", "information", "hint"];

    /// <summary>LSP 3.17, "SymbolKind".</summary>
    private static readonly string[] Kinds =
    [
        "symbol", "file", "module", "namespace", "package", "class", "method", "property", "field", "constructor", "enum", "interface", "function",
        "variable", "constant", "string", "number", "boolean", "array", "object", "key", "null", "enum member", "struct", "event", "operator", "type parameter",
    ];

    public string Diagnostics(string? path, IReadOnlyList<KnownDiagnostic>? items)
    {
        if (items is null)
            return Nothing;
        // Ours are hunks that wait for the user, no problems of the code.
        var problems = items.Where(d => d.Source != "pi" && d.Message is not null)
            .OrderBy(d => d.Severity ?? 1).ThenBy(d => d.Uri, StringComparer.Ordinal).ThenBy(d => d.Range.Start).ToList();
        if (problems.Count == 0)
            return path is null ? "The editor shows no problems." : $"The editor shows no problems in {shown(path)}.";
        return List(problems.Select(d => $"{Place(d.Uri, d.Range)}: {Named(Severities, d.Severity ?? 1)}{Origin(d)}: {d.Message!.ReplaceLineEndings("\n  ")}"),
            problems.Count);
    }

    /// <param name="line">A line of a file, counted from 0; null where it cannot be read.</param>
    public async Task<string> LocationsAsync(IReadOnlyList<KnownLocation>? locations, Func<string, int, ValueTask<string?>> line)
    {
        if (locations is not { Count: > 0 })
            return Nothing;
        var lines = new List<string>();
        foreach (var location in locations.Take(Most))
        {
            var path = location.Uri is null ? null : WorkspacePath.FromUri(location.Uri);
            var text = path is null ? null : (await line(path, location.Range.Start.Line))?.Trim();
            lines.Add(Place(location.Uri, location.Range) + (string.IsNullOrEmpty(text) ? "" : $": {ShortText.Of(text, LongestLine)}"));
        }

        return List(lines, locations.Count);
    }

    public string Symbols(IReadOnlyList<KnownSymbol>? symbols) => symbols is not { Count: > 0 } ? Nothing
        : List(symbols.Select(s =>
            $"{Place(s.Uri, s.Range)}: {Named(Kinds, s.Kind ?? 0)} {s.Name}{(s.Container is { Length: > 0 } inside ? $" in {inside}" : "")}"), symbols.Count);

    private static string List(IEnumerable<string> lines, int count)
    {
        var text = new StringBuilder().AppendJoin('\n', lines.Take(Most));
        return count > Most ? text.Append($"\n({count - Most} more)").ToString() : text.ToString();
    }

    private string Place(string? uri, Lsp.Range range)
    {
        var path = uri is null ? null : WorkspacePath.FromUri(uri);
        return $"{(path is null ? uri ?? "?" : shown(path))}:{range.Start.Line + 1}:{range.Start.Character + 1}";
    }

    private static string Origin(KnownDiagnostic d)
    {
        var parts = new[] { d.Source, d.Code.Code() }.Where(p => !string.IsNullOrEmpty(p));
        return parts.Any() ? $" ({string.Join(' ', parts)})" : "";
    }

    private static string Named(string[] names, int number) => number >= 0 && number < names.Length ? names[number] : names[0];
}
