using System.Globalization;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Sessions.Transcripts;

/// <summary>A tool call in one short line for people: <c>bash: npm test</c>, <c>edit: src/a.ts</c>.</summary>
internal static class ToolTitle
{
    private static readonly string[] Telling = ["command", "path", "pattern", "query", "url", "script", "code"];

    public static string Of(string tool, JsonElement input)
    {
        var line = Line(What(input));
        var name = ShownText.Name(tool);
        return line.Length == 0 ? name : $"{name}: {line}";
    }

    /// <summary>How long it took, where that is worth a word; else nothing.</summary>
    public static string Took(long? durationMs) =>
        durationMs is >= 1000 and var ms ? string.Create(CultureInfo.InvariantCulture, $" ({ms / 1000.0:0.#} s)") : "";

    public static string Line(string text) => ShownText.Title(text);

    /// <summary>What is about to happen, whole: the command line, or the input as JSON.</summary>
    public static string What(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object)
            return input.ValueKind == JsonValueKind.Undefined ? "" : input.GetRawText();
        return Telling.Select(name => input.Text(name)).FirstOrDefault(text => text is not null) ?? input.GetRawText();
    }
}
