using System.Text.Json;
using System.Text.RegularExpressions;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// Finds Pi and the way to run it without a shell, by the rules of the machine it is given. One for the process,
/// any thread.
/// </summary>
internal sealed partial class PiLocator(IPiHost host)
{
    public const string Package = "@earendil-works/pi-coding-agent";
    private const string OldPackage = "@mariozechner/pi-coding-agent";
    private const string Install = $"Install it with `npm install -g {Package}`, or set pi.command to its cli.js.";

    private volatile string? _packageFolder;

    /// <summary>The package that was found last, with its docs.</summary>
    public string? PackageFolder => _packageFolder;

    private readonly NodeFinder _nodes = new(host);
    private readonly HostPaths _paths = new(host);
    private readonly ManagedFolders _managed = new(host);

    /// <param name="environment">What the user adds to Pi's environment; its PATH is searched too.</param>
    public async Task<PiLocation> LocateAsync(
        string command, string? nodePath, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(command)) return new PiUnusable(PiProblem.NotFound, "pi.command is empty.", Install);
        var places = _paths.Candidates(command, environment);
        // What PATH has comes first, whatever the managers have besides.
        if (_paths.IsName(command) && !places.Any(host.FileExists)) places = [.. places.Concat(_managed.Candidates(command)).Distinct()];
        if (places.FirstOrDefault(host.FileExists) is not { } found)
        {
            var where = _paths.IsName(command) ? ", neither on PATH nor where version managers put programs" : "";
            return new PiUnusable(PiProblem.NotFound, $"Pi was not found by \"{command}\"{where}.", Install) { Tried = places };
        }

        if (ScriptBehind(found) is { } script) return await CheckScriptAsync(script, found, nodePath, environment, cancellation);
        if (host.IsWindows && HostPaths.HasExtension(found, ".cmd", ".bat", ".ps1"))
            return new PiUnusable(PiProblem.NotPi, $"{found} starts no cli.js that could be run without a shell.", Install);
        return await CheckProgramAsync(found, environment, cancellation);
    }

    /// <summary>The JavaScript file that a link or one of npm's or pnpm's starters leads to; null for a program of its own.</summary>
    private string? ScriptBehind(string found)
    {
        if (IsScript(found)) return found;
        var real = host.RealPath(found);
        if (IsScript(real)) return real;
        if (HostPaths.HasExtension(real, ".exe") || host.ReadText(real) is not { } text) return null;
        if (!host.IsWindows && !text.StartsWith("#!", StringComparison.Ordinal)) return null;
        var folder = _paths.Parent(real);
        foreach (Match match in StarterTarget().Matches(text))
        {
            var target = _paths.Combine(folder, match.Groups["path"].Value);
            if (host.FileExists(target)) return target;
        }

        return new[] { Package, OldPackage }
            .Select(name => _paths.Combine(folder, $"node_modules/{name}/dist/cli.js"))
            .FirstOrDefault(path => host.IsWindows && host.FileExists(path));
    }

    private async Task<PiLocation> CheckScriptAsync(
        string script, string found, string? nodePath, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var package = FindPackage(script);
        if (package?.Name == OldPackage)
            return new PiUnusable(PiProblem.TooOld, $"{script} is Pi before 0.74 ({OldPackage} {package.Value.Version}), which cannot be used.", Install);
        var (node, problem) = await _nodes.FindAsync(nodePath, beside: _paths.Parent(found), environment, cancellation);
        if (node is null) return problem!;
        // dist/cli.js and the package's bin are the same program; the bin is bundled and starts in half the time.
        if (package?.Name == Package)
            return Ready(package.Value.Entry is { } bin && host.FileExists(bin) ? bin : script, package.Value.Version);
        var (version, wrong) = await AskVersionAsync(script, node.Path, [script], environment, cancellation);
        return version is null ? wrong! : Ready(script, version);

        PiReady Ready(string entry, string version) => new(entry, version, node.Path, [entry], node.Path, node.Version);
    }

    private async Task<PiLocation> CheckProgramAsync(string program, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var (version, wrong) = await AskVersionAsync(program, program, [], environment, cancellation);
        return version is null ? wrong! : new PiReady(program, version, program, [], null, null);
    }

    /// <summary>Pi says its bare version; other programs of that name say more, or nothing.</summary>
    private async Task<(string? Version, PiUnusable? Problem)> AskVersionAsync(
        string path, string program, IReadOnlyList<string> first, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var output = (await host.RunAsync(program, [.. first, "--version"], environment, cancellation))?.Trim();
        if (output is null) return (null, new PiUnusable(PiProblem.NotPi, $"{path} could not be run, or did not say its version in time.", Install));
        var match = BareVersion().Match(output);
        if (!match.Success) return (
            null, new PiUnusable(
                PiProblem.NotPi,
                $"{path} is not Pi but another program (`--version` says \"{ShortText.Of(string.Concat(output.Where(c => !char.IsControl(c))), 80)}\").",
                Install));
        return Version.Parse(match.Groups["core"].ValueSpan) < new Version(0, 74, 0)
            ? (null, new PiUnusable(PiProblem.TooOld, $"{path} is Pi {output}; 0.74 or later is needed.", Install))
            : (output, null);
    }

    private (string Name, string Version, string? Entry)? FindPackage(string script)
    {
        var folder = _paths.Parent(script);
        for (var level = 0; level < 4 && folder.Length > 0; level++, folder = _paths.Parent(folder))
        {
            if (host.ReadText(_paths.Combine(folder, "package.json")) is not { } text) continue;
            try
            {
                using var document = JsonDocument.Parse(text);
                if (document.RootElement.Text("name") is not { } name) continue;
                if (name == Package) _packageFolder = folder;
                var bin = document.RootElement.Child("bin")?.Text("pi");
                return (name, document.RootElement.Text("version") ?? "unknown", bin is null ? null : _paths.Combine(folder, bin));
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsScript(string path) => HostPaths.HasExtension(path, ".js", ".mjs", ".cjs");

    // npm writes "%dp0%\node_modules\…\cli.js" (older: %~dp0) and "$basedir/node_modules/…/cli.js"; pnpm the same with `..`.
    [GeneratedRegex("""(?:%~?dp0%?|\$basedir)[\\/]+(?<path>[^"'\r\n]+?\.[cm]?js)""")]
    private static partial Regex StarterTarget();

    [GeneratedRegex(@"^(?<core>\d{1,6}\.\d{1,6}\.\d{1,6})(?:[-+][0-9A-Za-z.+-]+)?$")]
    private static partial Regex BareVersion();
}
