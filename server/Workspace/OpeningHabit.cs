namespace PiLsp.Workspace;

/// <summary>What an editor makes of a file's line ends when it opens it: an edit of a file that is not open is made for that text.</summary>
internal enum OpeningHabit
{
    Unknown,

    /// <summary>The buffer has what the disk has; lines are counted by \n (Neovim, Helix).</summary>
    AsIs,

    /// <summary>All line ends become the kind that most lines have (VS Code).</summary>
    OneKind,

    /// <summary>\r\n becomes \n, and is \r\n again on the disk (Emacs, Kate); of a lone \r they make different things.</summary>
    CrLfAsLf,
}
