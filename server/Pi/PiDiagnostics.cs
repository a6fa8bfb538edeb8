using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// What Pi reports on stderr while it goes on all the same: models and extensions of the user's settings that are not
/// there. Filled by one pump, emptied by one reader.
/// </summary>
internal sealed partial class PiDiagnostics(IReadOnlyCollection<string> secrets)
{
    private const int MaxLine = 4096;
    private const int MaxWaiting = 20;

    private readonly ConcurrentQueue<AgentNotice> _waiting = new();
    private readonly StringBuilder _line = new();

    public void Append(ReadOnlySpan<char> text)
    {
        var lines = text.ToString().Split('\n');
        foreach (var piece in lines[..^1])
        {
            Take(piece);
            if (Read(Redaction.Redact(TerminalText.Plain(_line.ToString()), secrets).Trim()) is { } notice && _waiting.Count < MaxWaiting)
                _waiting.Enqueue(notice);
            _line.Clear();
        }

        Take(lines[^1]);

        void Take(string piece) => _line.Append(piece.AsSpan(0, Math.Min(piece.Length, Math.Max(0, MaxLine - _line.Length))));
    }

    public bool TryRead(out AgentNotice notice) => _waiting.TryDequeue(out notice!);

    /// <summary>In our words where what it is about is known; null for what is no report.</summary>
    public static AgentNotice? Read(string line)
    {
        if (Report().Match(line) is not { Success: true } report)
            return null;
        var level = report.Groups["level"].Value == "Error" ? NoticeLevel.Error : NoticeLevel.Warning;
        var said = report.Groups["said"].Value;
        if (MissingModel().Match(said) is { Success: true } missing)
            return PiSessionModel.Notice(missing.Groups["before"].Value, missing.Groups["now"].Value);
        var words = NoMatch().Match(said) is { Success: true } none
            ? $"Pi's settings name the models \"{none.Groups["pattern"].Value}\" (enabledModels), and no model that can be used is called so."
            : FailedExtension().Match(said) is { Success: true } failed
                ? $"An extension of Pi, {failed.Groups["path"].Value}, does not work: {failed.Groups["why"].Value}"
            : $"Pi reports: {said}";
        return new AgentNotice(level, words);
    }

    [GeneratedRegex(@"^(?<level>Error|Warning): (?<said>\S.*)$")]
    private static partial Regex Report();

    [GeneratedRegex(@"^Could not restore model (?<before>\S+)\. Using (?<now>\S+?)\.?$")]
    private static partial Regex MissingModel();

    [GeneratedRegex("""^No models match pattern "(?<pattern>.*)"$""")]
    private static partial Regex NoMatch();

    [GeneratedRegex("""^(?:Failed to load extension|Extension package|Extension) "(?<path>[^"]+)"(?: error)?: (?<why>.+)$""")]
    private static partial Regex FailedExtension();
}
