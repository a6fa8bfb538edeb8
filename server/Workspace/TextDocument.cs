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
        Version = version;
        Text = text;
        _lines = lines;
        _columns = new TextColumns(text);
    }

    /// <summary>The client's own form: the only one to send back.</summary>
    public string Uri { get; }

    /// <summary>Absolute and decoded; null when the document is no file (untitled:, git:).</summary>
    public string? Path { get; }

    public string LanguageId { get; }

    public int Version { get; }

    public string Text { get; }

    /// <summary>The version that the client last said it had saved; null before that.</summary>
    public int? SavedVersion { get; private init; }

    public string? SavedHash { get; private init; }

    /// <summary>True when this text is known to be the saved one. False means "not known", not "dirty".</summary>
    public bool IsKnownSaved => SavedVersion == Version || (SavedHash is not null && SavedHash == Hash);

    public string Hash => _hash ??= HashOf(Text);

    public LineIndex Lines => _lines ??= LineIndex.Of(Text);

    public int LineCount => Lines.Count;

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

        return _columns.OffsetOf(Lines[position.Line], ContentEnd(position.Line), position.Character, encoding);
    }

    public Position PositionAt(int offset, PositionEncoding encoding)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var line = Lines.LineAt(offset);
        return new Position(line, _columns.ColumnOf(Lines[line], Math.Min(offset, ContentEnd(line)), encoding));
    }

    public Lsp.Range RangeOf(int start, int length, PositionEncoding encoding) =>
        new(PositionAt(start, encoding), PositionAt(start + length, encoding));

    public TextDocument Apply(IReadOnlyList<TextDocumentContentChangeEvent> changes, int version, PositionEncoding encoding) =>
        ContentChanges.Apply(this, changes, version, encoding);

    public TextDocument With(int version, string text, LineIndex? lines = null) => new(this, version, text, lines);

    public TextDocument Saved() => new(this, Version, Text, _lines) { SavedVersion = Version, SavedHash = Hash, _hash = Hash };

    /// <summary>The end of the line without its line end.</summary>
    private int ContentEnd(int line)
    {
        if (line + 1 == Lines.Count)
            return Text.Length;

        var end = Lines[line + 1] - 1;
        return Text[end] == '\n' && end > Lines[line] && Text[end - 1] == '\r' ? end - 1 : end;
    }
}
