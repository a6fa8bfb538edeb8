using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PiLsp.Lsp;

namespace PiLsp.Workspace;

/// <summary>
/// One version of one text that the client has open. Immutable; readable from any thread. What is computed
/// lazily (lines, hash) may be computed twice by two threads, with the same result.
/// </summary>
internal sealed class TextDocument
{
    private readonly TextColumns _columns;
    private LineIndex? _lines;
    private string? _hash;

    /// <summary>0: not looked at yet; 1: odd; -1: not.</summary>
    private int _odd;

    public TextDocument(string uri, string languageId, int version, string text)
    {
        Uri = uri;
        Path = WorkspacePath.FromUri(uri);
        LanguageId = languageId;
        Version = version;
        Text = text;
        _columns = new TextColumns(text);
    }

    private TextDocument(TextDocument before, int version, string text, LineIndex? lines)
    {
        Uri = before.Uri;
        Path = before.Path;
        LanguageId = before.LanguageId;
        SavedVersion = before.SavedVersion;
        SavedHash = before.SavedHash;
        Counting = before.Counting;
        IsGuessed = before.IsGuessed;
        IsDoubtful = before.IsDoubtful;
        IsReadOtherwise = before.IsReadOtherwise;
        Version = version;
        Text = text;
        _lines = lines;
        _columns = new TextColumns(text);
    }

    /// <summary>The client's own form: the only one to send back.</summary>
    public string Uri { get; }

    /// <summary>Absolute and decoded; null when the document is no file (untitled:, git:).</summary>
    public string? Path { get; }

    /// <summary>Where the agent finds it: its path, or one that stands for a text without a file.</summary>
    public string Place => Path ?? VirtualPath.Of(Uri);

    public string LanguageId { get; }

    public int Version { get; }

    public string Text { get; }

    /// <summary>How the client counts this text's lines, as far as the changes that it sent have shown.</summary>
    public LineCounting Counting { get; init; }

    /// <summary>A change was read in one of two ways, and nothing said which.</summary>
    public bool IsGuessed { get; init; }

    /// <summary>A change did not fit this text: the client's is another, until it sends it whole again.</summary>
    public bool IsDoubtful { get; init; }

    /// <summary>When it was opened its file was valid UTF-8, but the editor had taken the bytes for another encoding.</summary>
    public bool IsReadOtherwise { get; init; }

    /// <summary>A \r in it may be a character of its line: the one kind of text in which ways of counting differ.</summary>
    public bool HasOddLineEnds => (_odd != 0 ? _odd : _odd = LineEnds.AreOdd(LineEnds.KindsIn(Text)) ? 1 : -1) > 0;

    /// <summary>The version that the client last said it had saved; null before that.</summary>
    public int? SavedVersion { get; private init; }

    public string? SavedHash { get; private init; }

    /// <summary>True when this text is known to be the saved one. False means "not known", not "dirty".</summary>
    public bool IsKnownSaved => SavedVersion == Version || (SavedHash is not null && SavedHash == Hash);

    public string Hash => _hash ??= HashOf(Text);

    public LineIndex Lines => _lines ??= LineIndex.Of(Text, Counting);

    public int LineCount => Lines.Count;

    public static TextDocument Of(FileSnapshot file) => new(file.Uri, "", file.Version ?? 0, file.Text) { Counting = file.Counting };

    /// <summary>16 hexadecimal digits of the text's SHA-256: equal texts, equal hashes, in every session.</summary>
    public static string HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    /// <summary>Clamped as the specification says: past a line is its end, past the text is the text's end.</summary>
    public int OffsetAt(Position position, PositionEncoding encoding)
    {
        if (position.Line < 0)
            return 0;
        if (position.Line >= Lines.Count)
            return Text.Length;

        var end = ContentEnd(position.Line);
        if (IsPastCrLf(position, encoding) && MayStandBehindCr)
            end++;
        return _columns.OffsetOf(Lines[position.Line], end, position.Character, encoding);
    }

    /// <summary>It is a place behind the \r of a \r\n, or none at all: that depends on the text's other line ends.</summary>
    public bool IsPastCrLf(Position position, PositionEncoding encoding)
    {
        if (position.Line < 0 || position.Line >= Lines.Count)
            return false;
        var end = ContentEnd(position.Line);
        return IsBeforeCrLf(end) && position.Character > _columns.ColumnOf(Lines[position.Line], end, encoding);
    }

    public Position PositionAt(int offset, PositionEncoding encoding)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var line = Lines.LineAt(offset);
        var end = ContentEnd(line);
        if (offset > end && IsBeforeCrLf(end) && MayStandBehindCr)
            end++;
        return new Position(line, _columns.ColumnOf(Lines[line], Math.Min(offset, end), encoding));
    }

    public Lsp.Range RangeOf(int start, int length, PositionEncoding encoding) =>
        new(PositionAt(start, encoding), PositionAt(start + length, encoding));

    public TextDocument Apply(
        IReadOnlyList<TextDocumentContentChangeEvent> changes, int version, PositionEncoding encoding, bool endsAreWalked = false) =>
        ContentChanges.Apply(this, changes, version, encoding, endsAreWalked);

    public TextDocument With(int version, string text, LineIndex? lines = null) => new(this, version, text, lines);

    /// <summary>The same text, counted in another way.</summary>
    public TextDocument Counted(LineCounting counting) => counting == Counting ? this : new(this, Version, Text, null) { Counting = counting };

    public TextDocument ReadOtherwise() => new(this, Version, Text, _lines) { IsReadOtherwise = true, SavedVersion = Version, SavedHash = Hash };

    public TextDocument Guessed() => new(this, Version, Text, _lines) { IsGuessed = true };

    public TextDocument Doubted() => new(this, Version, Text, _lines) { IsDoubtful = true };

    /// <summary>The whole text as the client has it: nothing is left to doubt.</summary>
    public TextDocument Renewed(int version, string text) => new(this, version, text, null) { IsGuessed = false, IsDoubtful = false };

    /// <summary>The place so many columns behind an offset, at most the next line end by the LSP.</summary>
    public int OffsetBehind(int offset, int columns, PositionEncoding encoding)
    {
        var length = Text.AsSpan(offset).IndexOfAny('\r', '\n');
        return _columns.OffsetOf(offset, length < 0 ? Text.Length : offset + length, columns, encoding);
    }

    public TextDocument Saved() => new(this, Version, Text, _lines) { SavedVersion = Version, SavedHash = Hash, _hash = Hash };

    /// <summary>
    /// Where some lines end with \r\n and others with \n, editors that count by \n show the \r at the end of its line. Asked
    /// only for a place beyond it, since the whole text has to be read.
    /// </summary>
    private bool MayStandBehindCr => Counting == LineCounting.Newline && HasOddLineEnds;

    private bool IsBeforeCrLf(int offset) => offset + 1 < Text.Length && Text[offset] == '\r' && Text[offset + 1] == '\n';

    /// <summary>The end of the line without its line end.</summary>
    private int ContentEnd(int line)
    {
        if (line + 1 == Lines.Count)
            return Text.Length;

        var end = Lines[line + 1] - 1;
        return Text[end] == '\n' && end > Lines[line] && Text[end - 1] == '\r' ? end - 1 : end;
    }
}
