using System.Collections.Concurrent;
using PiLsp.Workspace;

namespace PiLsp.Faces;

/// <summary>
/// What landed through the review while a tool ran, by file: a script calls other tools, and their edits are no change
/// behind the user's back. Safe from any thread.
/// </summary>
internal sealed class OwnWrites
{
    private readonly ConcurrentDictionary<string, string> _landed = new(StringComparer.Ordinal);

    public void Add(string path, string text) => _landed[path] = text;

    /// <summary>The files that hold something else than what has landed in them.</summary>
    public async Task<IReadOnlyList<string>> OthersAsync(IReadOnlyList<string> changed, CancellationToken cancellation)
    {
        var others = new List<string>();
        foreach (var path in changed)
        {
            if (!_landed.TryGetValue(path, out var text) || await DiskFile.ReadAsync(path, cancellationToken: cancellation) is not DiskText disk
                || disk.Text != text.TrimStart('\uFEFF'))
                others.Add(path);
        }

        return others;
    }
}
