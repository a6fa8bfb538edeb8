using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// The last of what a child wrote to stderr, fit to be shown: no terminal colours, no secrets. Filled by one pump,
/// read from any thread.
/// </summary>
internal sealed class StderrTail(IReadOnlyCollection<string> secrets)
{
    private const int Capacity = 16 * 1024;

    private volatile string _text = "";

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
        return Redaction.Redact(TerminalText.Plain(_text), secrets).Trim();
    }

    /// <summary>The last lines, for a message of one paragraph.</summary>
    public string LastLines(int count)
    {
        var lines = ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" | ", lines.TakeLast(count));
    }
}
