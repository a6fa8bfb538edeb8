using System.Globalization;
using System.Text.Json;
using PiLsp.Json;
using PiLsp.Lsp;
using PiLsp.Protocol;

namespace PiLsp.Server.Prompting;

/// <summary>Diagnostics of other servers, as the client hands them on: read tolerantly, described for a model. Pure.</summary>
internal static class AskedProblem
{
    /// <summary>Null where it says nothing or has no place.</summary>
    public static KnownProblem? Read(JsonElement diagnostic)
    {
        if (diagnostic.Text("message") is not { Length: > 0 } message || diagnostic.Child("range") is not { } range
            || At(range, "start") is not { } start || At(range, "end") is not { } end)
            return null;
        var code = diagnostic.Child("code") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } said ? said : (JsonElement?)null;
        return new KnownProblem(new Lsp.Range(start, end), message, (int?)diagnostic.Whole("severity"), diagnostic.Text("source"), code);
    }

    /// <summary><c>line 3, error TS2304 (ts): Cannot find name 'x'.</c></summary>
    public static string Describe(KnownProblem problem)
    {
        var kind = problem.Severity switch { 1 => "error", 2 => "warning", 3 => "information", 4 => "hint", _ => "problem" };
        var said = problem.Code.Code();
        var code = string.IsNullOrEmpty(said) ? "" : $" {said}";
        var from = problem.Source is { Length: > 0 } source ? $" ({source})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"line {problem.Range.Start.Line + 1}, {kind}{code}{from}: {problem.Message}");
    }

    private static Position? At(JsonElement range, string name) =>
        range.Child(name) is { } p && p.Whole("line") is { } line and >= 0 and <= int.MaxValue
            && p.Whole("character") is { } character and >= 0 and <= int.MaxValue ? new Position((int)line, (int)character) : null;
}
