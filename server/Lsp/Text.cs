using System.Text.Json.Serialization;

namespace PiLsp.Lsp;

/// <summary>Zero-based; the unit of <see cref="Character"/> is the negotiated <see cref="PositionEncoding"/>. LSP 3.17, "Position".</summary>
internal readonly record struct Position(int Line, int Character) : IComparable<Position>
{
    public int CompareTo(Position other) => Line != other.Line ? Line.CompareTo(other.Line) : Character.CompareTo(other.Character);
}

/// <summary>Half-open: the end is not part of it. LSP 3.17, "Range".</summary>
internal readonly record struct Range(Position Start, Position End);

internal sealed record TextEdit(Range Range, string NewText)
{
    /// <summary>Set on an annotated edit only (LSP 3.16).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AnnotationId { get; init; }
}

/// <summary>Without a range the text is the whole document.</summary>
/// <param name="RangeLength">How much is replaced, by the client's own count: a second word on where, which clients need not give.</param>
internal sealed record TextDocumentContentChangeEvent(Range? Range, string Text, System.Text.Json.JsonElement? RangeLength = null);

/// <summary>The encodings this server can count in; every string in memory is UTF-16.</summary>
internal enum PositionEncoding { Utf16, Utf8 }
