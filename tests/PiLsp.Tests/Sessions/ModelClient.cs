using System.Text.Json;
using System.Text.RegularExpressions;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Server;
using PiLsp.Tests.Workspace;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

internal enum ClientKind { Neovim, Helix, Emacs, Kate, Code }

/// <summary>
/// What an editor does with line ends, as it was recorded of the real ones (docs/decisions/0008): when it opens a file, when it
/// is given an edit, when its user types, and how it tells of that. It counts by itself, so that it can differ from the server.
/// </summary>
internal sealed partial class ModelClient(ClientKind kind, PositionEncoding encoding)
{
    /// <summary>Its <c>initialize</c>, as the server understands it.</summary>
    public ClientCapabilities Capabilities { get; } = new ClientCapabilities
    {
        DocumentChanges = true,
        CreateFiles = true,
        Encoding = encoding,
        Opening = kind == ClientKind.Code ? OpeningHabit.OneKind : OpeningHabit.Unknown,
    }.KnownAs(kind switch { ClientKind.Neovim => "Neovim", ClientKind.Helix => "helix", ClientKind.Code => "code-server", _ => null });

    /// <summary>The lines end with \r\n, which no place of the text lies within: 'fileformat' of Neovim, the end of line of VS Code.</summary>
    public bool IsDos(string disk)
    {
        var (lf, cr, both) = (disk.Count(c => c == '\n'), disk.Count(c => c == '\r'), CrLf().Count(disk));
        return kind == ClientKind.Code ? 2 * cr > lf + cr - both : lf > 0 && lf == both;
    }

    public string Opened(string disk) => kind switch
    {
        ClientKind.Code => AnyEnd().Replace(disk, IsDos(disk) ? "\r\n" : "\n"),
        ClientKind.Kate => AnyEnd().Replace(disk, "\n"),
        ClientKind.Emacs when IsDos(disk) => disk.Replace("\r\n", "\n", StringComparison.Ordinal),
        ClientKind.Emacs when !disk.Contains('\n') => disk.Replace('\r', '\n'),
        _ => disk,
    };

    public string Saved(string buffer, bool isDos) =>
        isDos && kind is ClientKind.Emacs or ClientKind.Kate ? buffer.Replace("\n", "\r\n", StringComparison.Ordinal) : buffer;

    /// <summary>What its user, or something else inside it, can make of a text.</summary>
    public string Settled(string text, bool isDos) => kind switch
    {
        ClientKind.Code => AnyEnd().Replace(text, isDos ? "\r\n" : "\n"),
        ClientKind.Kate => AnyEnd().Replace(text, "\n"),
        ClientKind.Neovim when isDos => OneLineFeed().Replace(text, "\r\n"),
        _ => text,
    };

    /// <summary>The edits as they are taken: by positions, into what the editor holds now.</summary>
    public string Take(IReadOnlyList<TextEdit> edits, string buffer, bool isDos)
    {
        var text = buffer;
        foreach (var edit in edits.Reverse())
        {
            var (start, end) = (OffsetOf(edit.Range.Start, buffer, isDos), OffsetOf(edit.Range.End, buffer, isDos));
            var brought = kind is ClientKind.Neovim or ClientKind.Code ? AnyEnd().Replace(edit.NewText, isDos ? "\r\n" : "\n") : edit.NewText;
            text = text[..start] + brought + text[end..];
        }

        return text;
    }

    /// <summary>
    /// An editor that makes its own line ends of those that it is given may do that, and nothing else. Only where the changed
    /// lines have a lone \r may Neovim have made lines of it: that is seen, and told as what it is.
    /// </summary>
    public bool IsMeant(IReadOnlyList<Hunk> hunks, string after, string wanted) => after == wanted || kind switch
    {
        ClientKind.Neovim when hunks.Any(h => LoneCr().IsMatch(h.NewText)) => AnyEnd().Replace(after, "") == AnyEnd().Replace(wanted, ""),
        ClientKind.Neovim or ClientKind.Code or ClientKind.Kate => LineFeed().Replace(after, "\n") == LineFeed().Replace(wanted, "\n"),
        _ => false,
    };

    /// <summary>The didChange for what became of a text.</summary>
    public IReadOnlyList<TextDocumentContentChangeEvent> Changes(string before, string after, bool isDos)
    {
        if (before == after)
            return [];
        if (kind == ClientKind.Kate)
            return [new TextDocumentContentChangeEvent(null, after)];
        var most = Math.Min(before.Length, after.Length);
        var start = 0;
        while (start < most && before[start] == after[start])
            start++;
        while (IsWithin(before, start, isDos) || IsWithin(after, start, isDos))
            start--;
        var kept = 0;
        while (kept < most - start && before[^(kept + 1)] == after[^(kept + 1)])
            kept++;
        while (IsWithin(before, before.Length - kept, isDos) || IsWithin(after, after.Length - kept, isDos))
            kept--;
        var old = before[start..^kept];
        var from = PositionOf(start, before, isDos);
        var to = kind == ClientKind.Helix ? Walked(from, old) : PositionOf(before.Length - kept, before, isDos);
        return [new TextDocumentContentChangeEvent(new Lsp.Range(from, to), after[start..^kept], kind == ClientKind.Helix ? null
            : JsonSerializer.SerializeToElement(old.Length))];
    }

    /// <summary>A place that no cursor gets to.</summary>
    private bool IsWithin(string text, int at, bool isDos) => at > 0 && at < text.Length
        && (char.IsSurrogatePair(text[at - 1], text[at]) || (KeepsCrLfTogether(isDos) && text[at - 1] == '\r' && text[at] == '\n'));

    private bool KeepsCrLfTogether(bool isDos) => kind == ClientKind.Helix || (isDos && kind is ClientKind.Neovim or ClientKind.Code);

    /// <summary>Helix moves the end of a range on over what was there, and counts each \r then.</summary>
    private Position Walked(Position from, string old)
    {
        var lines = RandomTexts.SplitLines(old);
        var ends = lines.Count(line => line is [.., '\r' or '\n']);
        var last = ends == lines.Count ? "" : lines[^1];
        return ends == 0 ? new Position(from.Line, from.Character + Columns(last)) : new Position(from.Line + ends, Columns(last));
    }

    private Position PositionOf(int offset, string text, bool isDos)
    {
        var start = offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
        return new Position(text[..start].Count(c => c == '\n'), Columns(text[start..offset]));
    }

    private int OffsetOf(Position position, string text, bool isDos)
    {
        var start = 0;
        for (var line = 0; line < position.Line; line++)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
                return text.Length;
            start = end + 1;
        }

        var length = text.AsSpan(start).IndexOf('\n');
        var content = length < 0 ? text[start..] : text.Substring(start, length);
        if (length >= 0 && KeepsCrLfTogether(isDos) && content.EndsWith('\r'))
            content = content[..^1];
        return start + new TextDocument("file:///line", "", 0, content).OffsetAt(new Position(0, position.Character), encoding);
    }

    private int Columns(string part) => new TextDocument("file:///part", "", 0, part).PositionAt(part.Length, encoding).Character;

    [GeneratedRegex("\r\n")]
    private static partial Regex CrLf();

    [GeneratedRegex("\r(?!\n)")]
    private static partial Regex LoneCr();

    [GeneratedRegex("\r?\n")]
    private static partial Regex OneLineFeed();

    [GeneratedRegex("\r*\n")]
    private static partial Regex LineFeed();

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex AnyEnd();
}
