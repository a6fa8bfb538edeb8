using System.Text.RegularExpressions;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// What a child wrote to stderr, fit to be shown: no terminal colours, no secrets. Of a long output the beginning and the
/// end are kept, for a crash says first what it is and last where it came from. Filled by one pump, read from any thread.
/// </summary>
internal sealed partial class StderrTail(IReadOnlyCollection<string> secrets)
{
    private const int Capacity = 16 * 1024;
    private const int HeadCapacity = 4 * 1024;

    /// <summary>A message of several lines is read; one that never ends is not.</summary>
    private const int MostMessageLines = 8;
    private const int MostMessage = 1000;

    private volatile Kept _kept = new("", "", IsCut: false);

    public void Append(ReadOnlySpan<char> text)
    {
        var (head, tail, isCut) = _kept;
        if (!isCut && head.Length + text.Length <= HeadCapacity)
        {
            _kept = new Kept(string.Concat(head, text), "", IsCut: false);
            return;
        }

        // Cut at lines: half of a secret would not be recognized.
        var whole = isCut ? string.Concat(tail, text) : string.Concat(head, tail, text);
        if (!isCut)
        {
            var end = whole.LastIndexOf('\n', Math.Min(HeadCapacity, whole.Length) - 1);
            (head, whole) = end < 0 ? ("", whole) : (whole[..(end + 1)], whole[(end + 1)..]);
        }

        var room = Capacity - HeadCapacity;
        var dropped = whole.Length > room;
        if (dropped)
        {
            var cut = whole.IndexOf('\n', whole.Length - room);
            whole = cut < 0 ? whole[^room..] : whole[(cut + 1)..];
        }

        _kept = new Kept(head, whole, IsCut: true) { HasGap = _kept.HasGap || dropped };
    }

    public override string ToString()
    {
        var kept = _kept;
        return Redaction.Redact(TerminalText.Plain(kept.HasGap ? $"{kept.Head}…\n{kept.Tail}" : kept.Head + kept.Tail), secrets).Trim();
    }

    /// <summary>
    /// What it comes to, for a message of one paragraph: what the last thrown error says and where it was thrown, which
    /// stands above a stack of any depth; else the last lines.
    /// </summary>
    public string Gist(int lines = 5)
    {
        var all = ToString().Split('\n').Select(line => line.TrimEnd()).ToArray();
        for (var at = all.Length - 1; at >= 0; at--)
        {
            if (!Thrown().IsMatch(all[at]))
                continue;
            var place = Array.FindIndex(all, at + 1, Math.Min(MostMessageLines, all.Length - at - 1), line => Place().IsMatch(line));
            if (place < 0)
                continue;
            var message = Joined(all[at..place]);
            return $"{ShortText.Of(message, MostMessage)} ({all[place].Trim()})";
        }

        return LastLines(lines);
    }

    /// <summary>The last lines, for a message of one paragraph.</summary>
    public string LastLines(int count) => Joined(ToString().Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).TakeLast(count));

    private static string Joined(IEnumerable<string> lines) => string.Join(" | ", lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>As Node writes an error that nobody caught: at the left margin, its class first. Its cause is indented.</summary>
    [GeneratedRegex(@"^(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?(?::|$)")]
    private static partial Regex Thrown();

    [GeneratedRegex(@"^\s+at \S")]
    private static partial Regex Place();

    private sealed record Kept(string Head, string Tail, bool IsCut)
    {
        public bool HasGap { get; init; }
    }
}
