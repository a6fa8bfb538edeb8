using PiLsp.Pi;

namespace PiLsp;

/// <summary>The <c>claude</c> program on PATH, asked how it is signed in. Any thread.</summary>
internal sealed class ClaudeCli(IPiHost host)
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    /// <summary>Null where there is none, or where it does not answer in time. It is run without a shell.</summary>
    public async Task<string?> StatusAsync(CancellationToken cancellation)
    {
        var program = new HostPaths(host).Candidates("claude", NoEnvironment)
            .FirstOrDefault(path => host.FileExists(path) && (!host.IsWindows || HostPaths.HasExtension(path, ".exe")));
        return program is null ? null : await host.RunAsync(program, ["auth", "status"], NoEnvironment, cancellation);
    }
}
