using System.Collections.Concurrent;

namespace PiLsp.Pi;

/// <summary>Finds a Node that can run Pi. Remembers what each file said about its version. Any thread.</summary>
internal sealed class NodeFinder(IPiHost host)
{
    public static readonly Version Oldest = new(22, 19, 0);

    private readonly HostPaths _paths = new(host);
    private readonly ManagedFolders _managed = new(host);
    private readonly ConcurrentDictionary<(string Path, long Stamp), Version?> _versions = new();

    internal sealed record Node(string Path, string Version);

    /// <param name="nodePath">The user's choice; nothing else is tried then.</param>
    /// <param name="beside">The folder of Pi's starter: version managers put both into one, and an editor that was not
    /// started from a terminal has another Node on its PATH, or none.</param>
    public async Task<(Node? Node, PiUnusable? Problem)> FindAsync(
        string? nodePath, string beside, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var name = host.IsWindows ? "node.exe" : "node";
        List<string> places = string.IsNullOrWhiteSpace(nodePath)
            ? [.. _paths.Candidates(name, environment), _paths.Combine(beside, name), .. _managed.Candidates(name)]
            : [.. _paths.Candidates(nodePath, environment)];
        var tooOld = new List<string>();
        foreach (var place in places.Distinct().Where(host.FileExists))
        {
            if (await VersionOfAsync(place, environment, cancellation) is not { } version) continue;
            if (version >= Oldest) return (new Node(place, version.ToString(3)), null);
            tooOld.Add($"{place} is {version.ToString(3)}");
        }

        if (tooOld.Count > 0)
            return (null, new PiUnusable(PiProblem.NodeTooOld,
                $"Pi needs Node {Oldest.ToString(3)} or later; {string.Join(", ", tooOld)}.", "Install a newer Node, or set pi.nodePath to one."));
        return (null, string.IsNullOrWhiteSpace(nodePath)
            ? new PiUnusable(
                PiProblem.NodeMissing,
                $"Pi needs Node {Oldest.ToString(3)} or later, and no working node is on PATH, beside Pi or where version managers put programs.",
                "Install Node, or set pi.nodePath.")
            : new PiUnusable(
                PiProblem.NodeMissing, $"pi.nodePath is {nodePath}, which is no working node.", "Correct it, or remove it to use the node on PATH."));
    }

    private async Task<Version?> VersionOfAsync(string path, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var key = (path, host.Stamp(path));
        if (_versions.TryGetValue(key, out var known)) return known;
        var output = (await host.RunAsync(path, ["--version"], environment, cancellation))?.Trim();
        var version =
            output is ['v', ..] && Version.TryParse(output.AsSpan(1).Trim().ToString().Split('-')[0], out var parsed) && parsed.Build >= 0 ? parsed : null;
        // A failure may pass, a version does not change.
        if (version is not null) _versions[key] = version;
        return version;
    }
}
