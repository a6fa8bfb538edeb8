using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Tests.Sessions;
using Xunit;

namespace PiLsp.Tests.Golden;

/// <summary>What no recorded story has enough of to show by chance: the order of effects never depends on the process.</summary>
public class DeterminismTests
{
    [Fact]
    public void What_waits_is_given_up_in_an_order_of_its_own()
    {
        var replay = new SessionReplay().Running();
        var ids = Enumerable.Range(0, 24).Select(i => $"id-{i:00}").ToList();
        foreach (var id in ids)
        {
            replay.Say(new ConsentRequested(id, $"c{id}", "bash", "builtin", SessionReplay.Json("""{"command":"true"}""")));
            replay.Say(new FileReadRequested($"read-{id}", $"r{id}", "read", SessionReplay.Path));
        }

        var given = replay.Post(new AbortRequested("test")).OfType<AnswerAgent>().Select(a => a.RequestId).ToList();
        Assert.Equal(ids, given.Where(id => id.StartsWith("id-", StringComparison.Ordinal)));
        // By the key of the reading, as text: l1, l10, l11, …
        var keys = Enumerable.Range(1, 24).OrderBy(n => $"l{n}", StringComparer.Ordinal).Select(n => $"read-{ids[n - 1]}");
        Assert.Equal(keys, given.Where(id => id.StartsWith("read-", StringComparison.Ordinal)));
    }
}
