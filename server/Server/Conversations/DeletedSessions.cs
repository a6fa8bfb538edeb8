using PiLsp.Files;

namespace PiLsp.Server.Conversations;

/// <summary>
/// The deleted sessions of a session folder, in a folder below it where Pi does not look: kept for a month, then gone
/// for good. When a file came there it says itself, by its time of access. Any thread.
/// </summary>
internal sealed class DeletedSessions(string sessionFolder, TimeProvider time)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public string Folder { get; } = Path.Combine(sessionFolder, "deleted");

    /// <returns>Where the file is now.</returns>
    public string Take(string path)
    {
        var moved = Path.Combine(Directory.CreateDirectory(Folder).FullName, Path.GetFileName(path));
        // Before the move: a file that came there without its time might be old enough to go at once.
        File.SetLastAccessTimeUtc(path, time.GetUtcNow().UtcDateTime);
        File.Move(path, moved, overwrite: true);
        return moved;
    }

    /// <summary>Puts what was written to a file after its deletion behind what it held before; whole or not at all.</summary>
    public async Task RejoinAsync(string deleted, string back, CancellationToken cancellation)
    {
        var joined = $"{back}.{Guid.NewGuid():N}.tmp";
        try
        {
#pragma warning disable RS0030 // A new file of our own: its name is made here, and it must not be there yet.
            await using (var whole = new FileStream(joined, FileMode.CreateNew, FileAccess.Write))
#pragma warning restore RS0030
            {
                foreach (var part in new[] { deleted, back })
                {
                    await using var from = RegularFile.OpenRead(part);
                    await from.CopyToAsync(whole, cancellation);
                }
            }

            File.Move(joined, back, overwrite: true);
        }
        finally
        {
            File.Delete(joined);
        }

        File.Delete(deleted);
    }

    /// <summary>What cannot be deleted stays for the next time.</summary>
    public void Empty()
    {
        if (!Directory.Exists(Folder))
            return;
        var before = time.GetUtcNow().UtcDateTime - Keep;
        try
        {
            foreach (var file in new DirectoryInfo(Folder).EnumerateFiles("*.jsonl"))
            {
                if (file.LinkTarget is null && file.LastAccessTimeUtc < before && file.LastWriteTimeUtc < before)
                    file.Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or gone meanwhile.
        }
    }
}
