namespace PiLsp.Workspace;

/// <summary>
/// What ends a line. Editors that keep a \r inside a line do not count it, whatever the LSP says; those that count it keep none
/// in a text. So only a text with a lone \r is counted differently by the two, and there the editor's way is the right one.
/// </summary>
internal enum LineCounting
{
    /// <summary>\n alone; a \r before it belongs to the line where it is not the line end of the whole text.</summary>
    Newline,

    /// <summary>\n, \r\n and \r, as the LSP says.</summary>
    Lsp,
}
