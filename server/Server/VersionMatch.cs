namespace PiLsp.Server;

/// <summary>Whether a client of ours and this server were made for each other: what they say to one another changes with the minor version. Pure.</summary>
internal static class VersionMatch
{
    /// <returns>What to tell the user; null when they fit, or when the client is not one of ours.</returns>
    public static string? Complaint(string? client, string server)
    {
        if (client is null)
            return null;
        if (Parse(server) is not { } ours)
            return null;
        if (Parse(client) is not { } theirs)
            return $"Pi: this editor's plugin says that its version is \"{client}\", which is none; the language server is {server}. Install the plugin again.";
        var order = ours.CompareTo(theirs);
        return order == 0 ? null
            : $"Pi: the editor's plugin is {client} and the language server is {server}, so some of it may not work. Update the " +
                $"{(order < 0 ? "language server" : "plugin")}, then restart the editor.";
    }

    /// <summary>Major and minor of <c>1.2</c>, <c>1.2.3</c>, <c>1.2.3-beta+5</c>.</summary>
    private static (int Major, int Minor)? Parse(string version)
    {
        var parts = version.Split('.', '-', '+');
        return parts.Length >= 2 && int.TryParse(parts[0], out var major) && int.TryParse(parts[1], out var minor) ? (major, minor) : null;
    }
}
