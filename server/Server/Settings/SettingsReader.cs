using System.Collections.Immutable;
using System.Text.Json;
using PiLsp.Agents;

namespace PiLsp.Server.Settings;

/// <summary>Reads the keys of one settings section, each with its type; what does not fit is refused by name. Used on one thread, once.</summary>
internal sealed class SettingsReader(JsonElement section)
{
    private readonly List<string> _refused = [];

    public IReadOnlyList<string> Refused => _refused;

    public string? Text(string key, string? old, string? @default) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => @default,
        { ValueKind: JsonValueKind.String } e => string.IsNullOrWhiteSpace(e.GetString()) ? @default : e.GetString(),
        { } e => Refuse(key, "must be a string", e, old),
    };

    public string Word(string key, string old, string @default, IReadOnlyList<string> words) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => @default,
        { ValueKind: JsonValueKind.String } e when words.Contains(e.GetString()!) => e.GetString()!,
        { } e => Refuse(key, $"must be one of {string.Join(", ", words)}", e, old),
    };

    public bool Flag(string key, bool old, bool @default) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => @default,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } e => Refuse(key, "must be true or false", e, old),
    };

    public int Milliseconds(string key, int old, int @default) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => @default,
        { ValueKind: JsonValueKind.Number } e when e.TryGetInt32(out var ms) && ms > 0 => ms,
        { } e => Refuse(key, "must be a whole number of milliseconds above 0", e, old),
    };

    public double Amount(string key, double old, double @default) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => @default,
        { ValueKind: JsonValueKind.Number } e when e.TryGetDouble(out var amount) && amount is >= 0 and < 100_000 => amount,
        { } e => Refuse(key, "must be a number, 0 or above", e, old),
    };

    public ImmutableArray<string> Texts(string key, ImmutableArray<string> old, ImmutableArray<string> @default) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => @default,
        { ValueKind: JsonValueKind.Array } e when e.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String)
            => [.. e.EnumerateArray().Select(i => i.GetString()!)],
        { } e => Refuse(key, "must be a list of strings", e, old),
    };

    public ImmutableArray<string> Words(string key, ImmutableArray<string> old, ImmutableArray<string> @default, IReadOnlyList<string> words)
    {
        var texts = Texts(key, old, @default);
        return texts.FirstOrDefault(t => !words.Contains(t)) is { } unknown ? Refuse(key, $"knows {string.Join(", ", words)}, not \"{unknown}\"", null, old)
            : texts;
    }

    public ImmutableDictionary<string, string> Map(string key, ImmutableDictionary<string, string> old) => Find(key) switch
    {
        null => old,
        { ValueKind: JsonValueKind.Null } => ImmutableDictionary<string, string>.Empty,
        { ValueKind: JsonValueKind.Object } e when e.EnumerateObject().All(p => p.Value.ValueKind == JsonValueKind.String)
            => e.EnumerateObject().ToImmutableDictionary(p => p.Name, p => p.Value.GetString()!),
        // The value is not shown: environments hold keys.
        _ => Refuse(key, "must be an object of strings", null, old),
    };

    public ModelPolicy Policy(string key, ModelPolicy old)
    {
        switch (Find(key))
        {
            case null:
                return old;
            case { ValueKind: JsonValueKind.Null }:
                return ModelPolicy.Default;
            case { ValueKind: JsonValueKind.Object } e:
                if (e.EnumerateObject()
                    .FirstOrDefault(p => p.Name is not ("allow" or "deny" or "claudeSubscription")) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
                    return Refuse(key, $"has no \"{unknown.Name}\"; it has allow, deny and claudeSubscription", null, old);
                var reader = new SettingsReader(e);
                var policy = new ModelPolicy(reader.Texts("allow", [], []), reader.Texts("deny", [], []), reader.Flag("claudeSubscription", true, true));
                if (reader.Refused is [var wrong, ..])
                    return Refuse(key, $"is wrong in {wrong.Split(';')[0]["pi.".Length..]}", null, old);
                return policy;
            case { } e:
                return Refuse(key, "must be an object of allow, deny and claudeSubscription", e, old);
        }
    }

    private JsonElement? Find(string key) => section.TryGetProperty(key, out var value) ? value : null;

    private T Refuse<T>(string key, string rule, JsonElement? value, T old)
    {
        var shown = value is { } v ? $", not {ShortText.Of(v.GetRawText(), 60)}" : "";
        _refused.Add($"pi.{key} {rule}{shown}; the old value stays");
        return old;
    }
}
