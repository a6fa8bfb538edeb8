using System.Text.RegularExpressions;

namespace PiLsp.Pi;

/// <summary>
/// The last of what a child wrote to stderr, fit to be shown: no terminal colours, no secrets. Filled by one pump,
/// read from any thread.
/// </summary>
internal sealed partial class StderrTail(IReadOnlyCollection<string> secrets)
{
    private const int Capacity = 16 * 1024;

    private volatile string _text = "";

    /// <summary>The values of variables whose names say that they are secret. Short ones would only garble the text.</summary>
    public static IReadOnlyCollection<string> SecretsIn(IEnumerable<KeyValuePair<string, string?>> environment) =>
        [.. environment.Where(entry => SecretName().IsMatch(entry.Key)).Select(entry => entry.Value).OfType<string>()
            .Where(value => value.Length >= 6).OrderByDescending(value => value.Length)];

    public void Append(ReadOnlySpan<char> text)
    {
        var whole = string.Concat(_text, text);
        if (whole.Length > Capacity)
        {
            // Cut at a line: half of a secret would not be recognized.
            var cut = whole.IndexOf('\n', whole.Length - Capacity);
            whole = cut < 0 ? whole[^Capacity..] : whole[(cut + 1)..];
        }

        _text = whole;
    }

    public override string ToString()
    {
        var text = TerminalCodes().Replace(_text, "");
        foreach (var secret in secrets) text = text.Replace(secret, "[hidden]", StringComparison.Ordinal);
        return KeyLike().Replace(text, "[hidden]").Trim();
    }

    /// <summary>The last lines, for a message of one paragraph.</summary>
    public string LastLines(int count)
    {
        var lines = ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" | ", lines.TakeLast(count));
    }

    [GeneratedRegex("KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")]
    private static partial Regex TerminalCodes();

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{8,}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}|\bAIza[\w-]{20,}|\bAKIA[A-Z0-9]{12,}|\bxox[abprs]-[\w-]{10,}|(?<=\bBearer )[^\s""']{8,}")]
    private static partial Regex KeyLike();
}
