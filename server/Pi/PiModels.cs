using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>Choosing from Pi's own lists: a match, or a refusal that names what comes close. Pure.</summary>
internal static class PiModels
{
    /// <summary>The model the user means.</summary>
    /// <param name="provider">Null for any.</param>
    /// <param name="model">An id, or <c>provider/id</c>; null for any model of the provider.</param>
    /// <param name="current">Preferred where several fit.</param>
    public static AgentModel Choose(IReadOnlyList<AgentModel> models, string? provider, string? model, AgentModel? current)
    {
        var ofProvider = provider is null ? models : [.. models.Where(m => Same(m.Provider, provider))];
        if (ofProvider.Count == 0)
            throw new AgentException($"Pi has no usable provider \"{provider}\". {Offer("Usable", models.Select(m => m.Provider).Distinct(), provider!)}");
        var fitting = model is null ? ofProvider : [.. ofProvider.Where(m => Same(m.Id, model) || Same(m.FullId, model))];
        if (fitting.Count == 0)
            throw new AgentException(
                $"Pi has no usable model \"{model}\"{(provider is null ? "" : $" of {provider}")}. " +
                    $"{Offer("Close to it", ofProvider.Select(m => m.FullId), model!)}");
        if (fitting.FirstOrDefault(m => m.FullId == current?.FullId) is { } kept) return kept;
        if (fitting.Count > 1 && model is not null)
            throw new AgentException($"\"{model}\" is the name of several models: {string.Join(", ", fitting.Select(m => m.FullId))}. Name the provider too.");
        return fitting[0];
    }

    public static string ChooseLevel(IReadOnlyList<string> levels, string level) =>
        levels.Contains(level) ? level : throw new AgentException($"The current model has no thinking level \"{level}\". It has: {string.Join(", ", levels)}.");

    private static string Offer(string introduction, IEnumerable<string> names, string wanted)
    {
        var close = names.OrderBy(name => Distance(name.ToUpperInvariant(), wanted.ToUpperInvariant())).Take(5).ToList();
        return close.Count == 0 ? "It has none at all: sign in first." : $"{introduction}: {string.Join(", ", close)}.";
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    /// <summary>Insertions, deletions and replacements; a part of the name is closer than anything else.</summary>
    private static int Distance(string name, string wanted)
    {
        if (name.Contains(wanted, StringComparison.Ordinal)) return -1;
        var row = Enumerable.Range(0, wanted.Length + 1).ToArray();
        for (var i = 1; i <= name.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= wanted.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (name[i - 1] == wanted[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
