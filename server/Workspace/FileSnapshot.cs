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
}
