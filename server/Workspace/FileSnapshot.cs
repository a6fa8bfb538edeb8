namespace PiLsp.Workspace;

/// <summary>
/// One file as the user sees it at one moment: the open buffer where there is one, else the disk. Immutable;
/// passed between loops.
/// </summary>
/// <param name="Uri">The client's own spelling where it opened the file, ours otherwise.</param>
/// <param name="Text">Without a byte order mark; empty for a file that does not exist.</param>
/// <param name="Version">The buffer's version as last received; null for a file that is not open.</param>
internal sealed record FileSnapshot(string Path, string Uri, string Text, int? Version, bool Exists)
{
    public bool IsOpen => Version is not null;

    /// <summary>Set where the text is one that the editor took and has not shown: what the disk holds, which is older.</summary>
    public OlderDisk? Disk { get; init; }

    public LineCounting Counting { get; init; }

    /// <summary>The buffer is known to hold another text than this (<see cref="TextDocument.IsDoubtful"/>).</summary>
    public bool IsDoubtful { get; init; }
}

/// <param name="Text">Null: there is no file on the disk.</param>
internal sealed record OlderDisk(string? Text);
