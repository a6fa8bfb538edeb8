using System.Collections.Concurrent;
using PiLsp.Edits;

namespace PiLsp.Server.Review;

/// <summary>
/// Which edits of a session a list tells of: all that are not decided, and of the others the latest, so that a list does not grow
/// with every run. Whatever was told as open is told once as decided, however long ago it was proposed. From session loops, one
/// for each session.
/// </summary>
internal sealed class ToldEdits
{
    /// <summary>What a view of a conversation shows of them, and more.</summary>
    public const int Latest = 100;

    private readonly ConcurrentDictionary<string, HashSet<string>> _open = new();

    public IReadOnlyList<EditProposal> Next(string sessionId, IReadOnlyList<EditProposal> proposals)
    {
        var open = new HashSet<string>(proposals.Where(p => !p.IsFinal).Select(p => p.Id), StringComparer.Ordinal);
        var before = _open.TryGetValue(sessionId, out var known) ? known : [];
        _open[sessionId] = open;
        var older = proposals.Count - open.Count - Latest;
        var told = new List<EditProposal>(open.Count + Latest);
        foreach (var proposal in proposals)
        {
            if (!proposal.IsFinal || older-- <= 0 || before.Contains(proposal.Id))
                told.Add(proposal);
        }

        return told;
    }
}
