using System.Text.RegularExpressions;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Server.Editor;
using PiLsp.Tests.Workspace;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>
/// One file of the model editor: what is on the disk, what is in the editor, and what the server has been told of it.
/// Everything that somebody writes carries a token of its own, so that a text's history can be read off it.
/// </summary>
internal sealed partial class ModelFile(string path, string? disk, bool isProtected)
{
    /// <summary>Of the buffer, since it was read from the disk.</summary>
    private bool _isDos;

    public string Path { get; } = path;

    public string Uri { get; } = WorkspacePath.ToUri(path);

    public bool IsProtected { get; } = isProtected;

    public string? Disk { get; set; } = disk;

    /// <summary>What the editor holds, whether or not it reports on it; null where it holds nothing.</summary>
    public string? Buffer { get; set; }

    /// <summary>The editor that has it, or would open it.</summary>
    public required ModelClient Client { get; init; }

    /// <summary>The server's copy of the buffer, made of nothing but what the editor tells; null while it is not open.</summary>
    public TextDocument? Mirror { get; private set; }

    public bool IsOpen
    {
        get => Mirror is not null;
        set
        {
            Load();
            Mirror = value ? new TextDocument(Uri, "", Version, Text) : null;
        }
    }

    public int Version { get; private set; }

    /// <summary>The last report that reached the server; null while the file is not open for it.</summary>
    public FileSnapshot? Reported { get; set; }

    /// <summary>What the server remembers of an edit that it was not shown: the disk's text then, and the text since.</summary>
    public (string? DiskText, string Text)? Unsaved { get; set; }

    public string Text => Buffer ?? Client.Opened(Disk ?? "");

    public bool Exists => Buffer is not null || Disk is not null;

    public FileSnapshot Snapshot => Mirror is { } mirror ? EditorClient.SnapshotOf(mirror) : new(Path, Uri, Text, null, Exists: true);

    /// <summary>The file as the server's own loading finds it.</summary>
    public FileSnapshot Known => Reported ?? (Unsaved is { } u && IsDisk(u.DiskText)
        ? new FileSnapshot(Path, Uri, u.Text, null, Exists: true) { Disk = new OlderDisk(Disk) }
        : new FileSnapshot(Path, Uri, LineEnds.AsOpened(Disk ?? "", Client.Capabilities.Opening), null, Disk is not null));

    public void Change(string text)
    {
        Load();
        var before = Text;
        Buffer = Client.Settled(text, _isDos);
        Version++;
        Mirror = Mirror?.Apply(Client.Changes(before, Buffer, _isDos), Version, Client.Capabilities.Encoding, Client.Capabilities.WalksRangeEnds);
    }

    /// <summary>The disk gets the buffer, and the server the whole text.</summary>
    public void Save()
    {
        Disk = Client.Saved(Text, _isDos);
        Mirror = Mirror?.Renewed(Version, Text);
    }

    private void Load()
    {
        if (Buffer is null && Disk is not null)
            (Buffer, _isDos) = (Client.Opened(Disk), Client.IsDos(Disk));
    }

    private bool IsDisk(string? text) => text == Disk || (text is not null && Disk is not null && LineEnds.SameContent(text, Disk));

    /// <summary>The edits as an editor takes them: by positions, into what it holds now.</summary>
    public string After(FileSnapshot sent, IReadOnlyList<Hunk> hunks)
    {
        Load();
        return Client.Take(
            [.. WorkspaceEdits.Build(sent, hunks, Client.Capabilities).DocumentChanges!.OfType<TextDocumentEdit>().SelectMany(e => e.Edits)], Text, _isDos);
    }

    public static IEnumerable<string> TokensIn(string text) => Token().Matches(text).Select(m => m.Value);

    /// <summary>What a user does with a few keys: a line more, a line less, a word in a line.</summary>
    public static string Typed(string text, string token, Random random)
    {
        var lines = RandomTexts.SplitLines(text);
        var end = lines.Count > 0 && lines[0].EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var at = random.Next(lines.Count + 1);
        switch (random.Next(5))
        {
            case 0 when at < lines.Count:
                lines.RemoveAt(at);
                return string.Concat(lines);
            case 1 when at < lines.Count:
                lines[at] = token + End(lines[at]);
                return string.Concat(lines);
            case 2 or 3 when at < lines.Count:
                var content = lines[at][..^End(lines[at]).Length];
                lines[at] = random.Next(2) == 0 ? token + lines[at] : content + token + End(lines[at]);
                return string.Concat(lines);
            default:
                // Behind a last line that has no end, the user first ends it.
                if (at > 0 && End(lines[at - 1]).Length == 0)
                    lines[at - 1] += end;
                lines.Insert(at, token + end);
                return string.Concat(lines);
        }
    }

    /// <summary>What a formatter makes of some of its lines: indented, broken, joined, with blanks behind them.</summary>
    public static string Formatted(string text, Random random)
    {
        var lines = RandomTexts.SplitLines(text);
        for (var i = 0; i < lines.Count; i++)
        {
            var (content, end) = (lines[i][..^End(lines[i]).Length], End(lines[i]));
            var token = content.IndexOf('‹', Math.Min(1, content.Length));
            lines[i] = random.Next(10) switch
            {
                0 or 1 => "  " + lines[i],
                2 => content + "  " + end,
                3 when token > 0 && content[..token].Trim('\uFEFF', ' ').Length > 0 =>
                    content[..token] + (end.Length > 0 ? end : "\n") + content[token..] + end,
                4 when i + 1 < lines.Count => content,
                _ => lines[i],
            };
        }

        return string.Concat(lines);
    }

    /// <summary>What an agent makes of a text that it read; each line that it writes has a token.</summary>
    public static string Rewritten(string text, Func<string> newToken, Random random)
    {
        var lines = RandomTexts.SplitLines(text);
        var eager = random.Next(3, 10);
        var result = new List<string>();
        foreach (var line in lines)
        {
            switch (random.Next(eager + 3))
            {
                case 0: result.Add(newToken() + End(line)); break;
                case 1: result.Add(newToken() + "\n"); result.Add(line); break;
                case 2: break;
                default: result.Add(line); break;
            }
        }

        if (lines.Count == 0 || random.Next(6) == 0)
        {
            if (result.Count > 0 && End(result[^1]).Length == 0)
                result[^1] += "\n";
            result.Add(newToken() + (random.Next(2) == 0 ? "\n" : ""));
        }

        var rewritten = string.Concat(result);
        // Models write the line ends that they know, and forget byte order marks.
        return random.Next(3) == 0 ? rewritten.ReplaceLineEndings("\n").TrimStart('\uFEFF') : rewritten;
    }

    private static string End(string line) =>
        line.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : line is [.., '\r' or '\n'] ? line[^1..] : "";

    [GeneratedRegex("‹[up][0-9]+›")]
    private static partial Regex Token();
}
