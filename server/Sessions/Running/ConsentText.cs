using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;

namespace PiLsp.Sessions.Running;

/// <summary>What a question about a tool says of what is about to happen. Whoever shows it makes it fit to be shown. Pure.</summary>
internal static class ConsentText
{
    private const string Codemode = "codemode";

    /// <summary>
    /// A shell's command line and a script say it all, where there is nothing besides them; else the whole input is shown,
    /// for no part of it is known to be harmless. A tool of an MCP server is named with its server and what that claims.
    /// </summary>
    public static string What(ConsentRequested request)
    {
        var input = Allowance.IsShell(request.Tool) && Allowance.CommandOf(request.Input) is { } command ? command
            : Script(request.Tool, request.Input) ?? request.Input.GetRawText();
        if (request is { Server: null, Claims.Count: 0 })
            return input;
        var who = request.Server is { } server ? $"The tool {ToolOf(request.Tool)} of the MCP server {server}" : $"The tool {request.Tool}";
        return $"{who}. {Claimed(request)}\n{input}";
    }

    /// <summary>The source of a script that is all of the input; null for any other call.</summary>
    public static string? Script(string tool, JsonElement input)
    {
        if (tool != Codemode || input.ValueKind != JsonValueKind.Object)
            return null;
        var properties = input.EnumerateObject().Take(2).ToList();
        return properties is [{ Name: "code", Value.ValueKind: JsonValueKind.String } code] ? code.Value.GetString() : null;
    }

    private static string Claimed(ConsentRequested request)
    {
        var by = request.Server is null ? "Its maker" : "The server";
        if (request.Claims.Count == 0)
            return $"{by} does not say what it does to your data.";
        return $"{by} claims, and nobody has checked: {string.Join("; ", request.Claims.Select(Words))}.";
    }

    private static string Words(ToolClaim claim) => (claim.Name, claim.Value) switch
    {
        ("readOnlyHint", true) => "it only looks (readOnlyHint)",
        ("readOnlyHint", false) => "it changes things (readOnlyHint: false)",
        ("destructiveHint", true) => "it may destroy something (destructiveHint)",
        ("destructiveHint", false) => "it destroys nothing (destructiveHint: false)",
        ("idempotentHint", true) => "doing it again changes nothing more (idempotentHint)",
        ("idempotentHint", false) => "doing it again may change more (idempotentHint: false)",
        ("openWorldHint", true) => "it reaches out to the world (openWorldHint)",
        ("openWorldHint", false) => "it stays in its own domain (openWorldHint: false)",
        (var name, var value) => $"{name}: {(value ? "true" : "false")}",
    };

    /// <summary>Pi calls it <c>mcp__server__tool</c>.</summary>
    private static string ToolOf(string name) => name.Split("__", 3) is ["mcp", _, { Length: > 0 } tool] ? tool : name;
}
