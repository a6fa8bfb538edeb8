using System.Globalization;
using System.Text.RegularExpressions;

namespace PiLsp.Agents;

/// <summary>
/// Puts a provider's models in an order in which hundreds of them stay usable: a few that are shown first, then the
/// rest by name, newest first. What is shown first follows from what the agent tells of its models, by no list of ours:
/// the current one and the user's own default, then the newest of each family (the same name but for its numbers),
/// those that think before those that do not, larger contexts first, dearer ones first. Pure.
/// </summary>
internal static partial class ModelRanking
{
    public const int Shown = 5;

    /// <param name="models">Of one provider.</param>
    /// <param name="favoured">Full ids that come first, in this order.</param>
    /// <returns>Every model once, with whether it is one of the few.</returns>
    public static IReadOnlyList<(AgentModel Model, bool Primary)> Arrange(IReadOnlyList<AgentModel> models, IReadOnlyList<string> favoured)
    {
        var entries = models.Select(model => new Entry(model, Family(model.Id), ReleaseOf(model.Id))).ToList();
        var newest = entries.GroupBy(e => e.Family, StringComparer.Ordinal).Select(family => family.Order(ByRelease).First()).ToHashSet();
        var ranked = entries
            .OrderBy(e => Place(favoured, e.Model.FullId))
            .ThenBy(e => newest.Contains(e) ? 0 : 1)
            .ThenBy(e => e.Model.Reasoning ? 0 : 1)
            .ThenByDescending(e => e.Model.ContextWindow)
            .ThenByDescending(e => e.Model.OutputCost)
            .ThenBy(e => e, ByRelease)
            .ToList();
        var primary = ranked.Take(Shown).ToList();
        var rest = ranked.Skip(Shown).OrderBy(e => e.Family, StringComparer.Ordinal).ThenBy(e => e, ByRelease);
        return [.. primary.Select(e => (e.Model, true)), .. rest.Select(e => (e.Model, false))];
    }

    private static int Place(IReadOnlyList<string> favoured, string id)
    {
        for (var i = 0; i < favoured.Count; i++)
            if (favoured[i].Equals(id, StringComparison.OrdinalIgnoreCase)) return i;
        return favoured.Count;
    }

    /// <summary>The words of the id without numbers: <c>sonnet-4-5</c> and <c>sonnet-4.6</c> are of one family.</summary>
    private static string Family(string id) => string.Join('-', Word().Matches(id.ToLowerInvariant()).Select(m => Digits().Replace(m.Value, "")));

    private static Release ReleaseOf(string id)
    {
        var numbers = Digits().Matches(id).Select(m => m.Value).ToList();
        // Four digits and more are a year, a day or a build: they say little beside a version.
        return new Release(
            [.. numbers.Where(n => n.Length < 4).Select(n => int.Parse(n, CultureInfo.InvariantCulture))],
            string.Concat(numbers.Where(n => n.Length >= 4)));
    }

    /// <summary>The newest first; of one version the name without a date first, because it follows the newest.</summary>
    private static int Compare(Entry a, Entry b)
    {
        var (x, y) = (a.Release, b.Release);
        for (var i = 0; i < Math.Max(x.Version.Length, y.Version.Length); i++)
        {
            var difference = y.Version.ElementAtOrDefault(i) - x.Version.ElementAtOrDefault(i);
            if (difference != 0) return difference;
        }

        if (x.Date.Length == 0 != (y.Date.Length == 0)) return x.Date.Length - y.Date.Length;
        var dates = string.CompareOrdinal(y.Date, x.Date);
        return dates != 0 ? dates : string.CompareOrdinal(a.Model.Id, b.Model.Id);
    }

    private static Comparer<Entry> ByRelease { get; } = Comparer<Entry>.Create(Compare);

    private sealed record Entry(AgentModel Model, string Family, Release Release);

    private sealed record Release(int[] Version, string Date);

    // What begins with a digit is a number with a unit: "70b", "4o".
    [GeneratedRegex("(?<![a-z0-9])[a-z][a-z0-9]*")]
    private static partial Regex Word();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
