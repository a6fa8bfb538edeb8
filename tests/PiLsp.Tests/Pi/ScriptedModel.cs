using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PiLsp.Tests.Pi;

/// <summary>
/// The offline model of tests/scripted-model behind the real Pi, and a home for that Pi. It ends with its stdin,
/// so it cannot outlive the tests.
/// </summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private ScriptedModel(Process process, string folder)
    {
        (_process, _folder) = (process, folder);
    }

    public static async Task<ScriptedModel> StartAsync(string folder, params JsonObject[] steps)
    {
        var script = Path.Combine(folder, "script.json");
        await File.WriteAllTextAsync(script, new JsonArray([.. steps]).ToJsonString());
        var server = Path.Combine(Installed.Root, "tests", "scripted-model", "server.mjs");
        var process = Process.Start(new ProcessStartInfo(Installed.Node, [server, "--port", "0", "--script", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var url = JsonNode.Parse(line ?? throw new InvalidOperationException("The scripted model did not start."))!["url"]!.GetValue<string>();
        var home = Path.Combine(folder, "agent");
        Directory.CreateDirectory(home);
        await File.WriteAllTextAsync(Path.Combine(home, "models.json"), $$$"""
            {"providers": {"local": {"baseUrl": {{{JsonSerializer.Serialize(url)}}}, "api": "openai-completions", "apiKey": "x", "models": [
              {"id": "scripted-1", "name": "Scripted 1"}, {"id": "thinker-1", "name": "Thinker 1", "reasoning": true}]} } }
            """);
        await File.WriteAllTextAsync(Path.Combine(home, "settings.json"), """
            {"defaultProvider": "local", "defaultModel": "scripted-1", "retry": {"enabled": true, "maxRetries": 3, "baseDelayMs": 1}}
            """);
        return new ScriptedModel(process, folder);
    }

    /// <summary>What to add to Pi's environment: its home, and nothing of the developer's own keys.</summary>
    public Dictionary<string, string> Environment
    {
        get
        {
            var environment = System.Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => name.EndsWith("_API_KEY", StringComparison.Ordinal) || name.EndsWith("_TOKEN", StringComparison.Ordinal))
                .ToDictionary(name => name, _ => "");
            environment["PI_CODING_AGENT_DIR"] = Path.Combine(_folder, "agent");
            environment["PI_OFFLINE"] = "1";
            environment["PI_TELEMETRY"] = "0";
            environment["NO_PROXY"] = "127.0.0.1";
            environment["HOME"] = _folder;
            return environment;
        }
    }

    public static JsonObject Text(string text) => new() { ["text"] = text };

    public static JsonObject Hang(string text) => new() { ["text"] = text, ["hang"] = true };

    public static JsonObject Call(params (string Name, JsonObject Arguments)[] calls) => new()
    {
        ["toolCalls"] = new JsonArray([.. calls.Select(call => new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments })]),
    };

    public static JsonObject Edit(string path, string oldText, string newText) => new()
    {
        ["path"] = path,
        ["edits"] = new JsonArray(new JsonObject { ["oldText"] = oldText, ["newText"] = newText }),
    };

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
