using System.Globalization;
using System.Text.Json;
using PiLsp.Lsp;
using PiLsp.Protocol;

namespace PiLsp.Server.Prompting;

/// <summary>Diagnostics of other servers, as the client hands them on: read tolerantly, described for a model. Pure.</summary>
internal static class AskedProblem
{
    /// <summary>Null where it says nothing or has no place.</summary>
    public static KnownProblem? Read(JsonElement diagnostic)
    {
        if (Text(diagnostic, "message") is not { Length: > 0 } message || Child(diagnostic, "range") is not { } range
            || At(range, "start") is not { } start || At(range, "end") is not { } end)
            return null;
        var code = Child(diagnostic, "code") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } said ? said : (JsonElement?)null;
        return new KnownProblem(new Lsp.Range(start, end), message, Whole(diagnostic, "severity"), Text(diagnostic, "source"), code);
    }

    /// <summary><c>line 3, error TS2304 (ts): Cannot find name 'x'.</c></summary>
    public static string Describe(KnownProblem problem)
    {
        var kind = problem.Severity switch { 1 => "error", 2 => "warning", 3 => "information", 4 => "hint", _ => "problem" };
        var said = problem.Code switch
        {
            { ValueKind: JsonValueKind.String } word => word.GetString(),
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => null,
        };
        var code = string.IsNullOrEmpty(said) ? "" : $" {said}";
        var from = problem.Source is { Length: > 0 } source ? $" ({source})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"line {problem.Range.Start.Line + 1}, {kind}{code}{from}: {problem.Message}");
    }

    private static Position? At(JsonElement range, string name) =>
        Child(range, name) is { } p && Whole(p, "line") is { } line and >= 0 && Whole(p, "character") is { } character and >= 0 ? new Position(line, character)
            : null;

    private static int? Whole(JsonElement of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var n) ? n : null;

    private static string? Text(JsonElement of, string name) => Child(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Child(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var child) ? child : null;
}
