using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>
/// A text as the lines it is made of, each with its own line end, as a diff sees them: the empty text has no line,
/// and a last line end opens no further one. Lines are those of Pi, of git and of the editors that keep a lone \r: what
/// ends one is \n, so a lone \r is never taken for a line end that may be another. Immutable.
/// </summary>
/// <param name="counting">By the LSP only where line ends themselves are the subject.</param>
internal sealed class LineTable(string text, LineCounting counting = LineCounting.Newline)
{
    private readonly LineIndex _index = LineIndex.Of(text, counting);

    public string Text => text;

    public int Count => _index[_index.Count - 1] == text.Length ? _index.Count - 1 : _index.Count;

    /// <summary>Where a line begins; for the line behind the last one, the end of the text.</summary>
    public int Start(int line) => line >= _index.Count ? text.Length : _index[line];

    /// <summary>The line that this place is in; behind the last line end, the one behind the last line.</summary>
    public int LineAt(int offset) => _index.LineAt(offset);

    public ReadOnlySpan<char> Line(int line) => text.AsSpan(Start(line), Start(line + 1) - Start(line));

    public ReadOnlySpan<char> Content(int line) => Line(line)[..^EndOf(line).Length];

    /// <summary>\n or \r\n, by the LSP also \r; empty for a last line without one.</summary>
    public ReadOnlySpan<char> EndOf(int line)
    {
        var whole = Line(line);
        if (whole.EndsWith("\r\n"))
            return whole[^2..];
        return whole is [.., '\n'] || (counting == LineCounting.Lsp && whole is [.., '\r']) ? whole[^1..] : [];
    }

    public ReadOnlySpan<char> Lines(int first, int count) => text.AsSpan(Start(first), Start(first + count) - Start(first));
}
