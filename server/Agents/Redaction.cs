using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace PiLsp.Agents;

/// <summary>Takes secrets out of what people and files get to see: values of variables whose names say so, and what looks like a key. Pure.</summary>
internal static partial class Redaction
{
    private static readonly IReadOnlyCollection<string> OwnSecrets =
        SecretsIn(Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(e => KeyValuePair.Create((string)e.Key, e.Value as string)));

    /// <summary>The values of variables whose names say that they are secret. Short ones would only garble the text.</summary>
    public static IReadOnlyCollection<string> SecretsIn(IEnumerable<KeyValuePair<string, string?>> environment) =>
        [.. environment.Where(entry => SecretName().IsMatch(entry.Key)).Select(entry => entry.Value).OfType<string>()
            .Where(value => value.Length >= 6).OrderByDescending(value => value.Length)];

    private static ImmutableHashSet<string> _remembered = [];

    /// <summary>A secret that this process was given: hidden from now on wherever something is redacted.</summary>
    public static void Remember(string secret)
    {
        if (secret.Length >= 6) ImmutableInterlocked.Update(ref _remembered, (all, one) => all.Add(one), secret);
    }

    public static string Redact(string text, IReadOnlyCollection<string>? moreSecrets = null)
    {
        foreach (var secret in moreSecrets ?? [])
            text = text.Replace(secret, "[hidden]", StringComparison.Ordinal);
        foreach (var secret in _remembered)
            text = text.Replace(secret, "[hidden]", StringComparison.Ordinal);
        foreach (var secret in OwnSecrets)
            text = text.Replace(secret, "[hidden]", StringComparison.Ordinal);
        return Named().Replace(KeyLike().Replace(text, "[hidden]"), "[hidden]");
    }

    /// <summary>
    /// What stands where an error names a key, such as a vendor's "Incorrect API key provided: …", and a password in an
    /// address: it looks like no key that we know, and is one. Words of a language are left.
    /// </summary>
    [GeneratedRegex(
        @"(?<=\b(?:(?:api[-_ ]?)?key|token|secret|password|credential|authorization)s?\b[^\n:=]{0,30}[:=]\s*[""'`]?)" +
        @"(?=[^\s""'`]*\d)(?=[^\s""'`]*[A-Za-z])[^\s""'`,;()<>\[\]{}]{12,}|(?<=://[^/\s:@]*:)[^@/\s]+(?=@)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex("KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(
        @"\bsk-[A-Za-z0-9_-]{8,}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}|\bAIza[\w-]{20,}|\bAKIA[A-Z0-9]{12,}|" +
        @"\bxox[abprs]-[\w-]{10,}|(?<=\bBearer )[^\s""']{8,}")]
    private static partial Regex KeyLike();
}
