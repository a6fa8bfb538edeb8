using System.Collections.Immutable;

namespace PiLsp.Server.Accounts;

/// <summary>
/// Keys that a client keeps by itself and hands over each time: in this process's memory and in the environment of
/// the agents it starts, nowhere else. Any thread.
/// </summary>
internal sealed class KeyRing
{
    private ImmutableDictionary<string, (string Variable, string Key)> _keys = ImmutableDictionary<string, (string, string)>.Empty;

    public void Keep(string provider, string variable, string key) =>
        ImmutableInterlocked.AddOrUpdate(ref _keys, provider, (variable, key), (_, _) => (variable, key));

    /// <summary>What is kept for the provider now; null where there is nothing.</summary>
    public (string Variable, string Key)? Of(string provider) => _keys.TryGetValue(provider, out var kept) ? kept : null;

    /// <summary>False when there was none.</summary>
    public bool Drop(string provider) => ImmutableInterlocked.TryRemove(ref _keys, provider, out _);

    public bool Has(string provider, string variable) => _keys.TryGetValue(provider, out var kept) && kept.Variable == variable;

    /// <summary>The environment with the keys in it; a variable that the user set goes first.</summary>
    public ImmutableDictionary<string, string> AddTo(ImmutableDictionary<string, string> environment)
    {
        foreach (var (variable, key) in _keys.Values)
            if (!environment.ContainsKey(variable)) environment = environment.Add(variable, key);
        return environment;
    }
}
