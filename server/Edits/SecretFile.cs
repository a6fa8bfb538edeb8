namespace PiLsp.Edits;

/// <summary>
/// Files that hold keys or credentials, known by their names alone, wherever they lie; docs/protocol.md lists them. Letter
/// case does not count. Source that is merely about secrets is none. Pure.
/// </summary>
internal static class SecretFile
{
    /// <summary>Everything below them.</summary>
    private static readonly string[] Folders =
    [
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".gcloud", ".oci", ".bluemix", ".password-store", ".1password", "library/keychains", "share/keyrings",
        ".config/gcloud", ".config/gh", ".config/glab-cli", ".config/hub", ".config/op", ".config/github-copilot", ".config/doctl", ".config/sops",
        ".config/rclone", "etc/ssl/private", "run/secrets",
    ];

    /// <summary>The ends of paths.</summary>
    private static readonly string[] Files =
    [
        ".envrc", ".netrc", "_netrc", ".npmrc", ".yarnrc.yml", ".pypirc", ".git-credentials", ".pgpass", ".my.cnf", ".mylogin.cnf", ".htpasswd", ".s3cfg",
        ".boto",
        ".vault-token", ".terraformrc", ".databrickscfg", ".credentials", "credentials", "credentials.toml", "secrets", "auth.json", "accesstokens.json",
        "terraform.tfstate", "terraform.tfstate.backup", ".docker/config.json", ".bundle/config", ".m2/settings.xml", ".m2/settings-security.xml",
        ".gradle/gradle.properties", "etc/shadow", "etc/gshadow", "etc/shadow-", "etc/gshadow-", "cookies", "cookies.sqlite", "login data", "logins.json",
        "key3.db", "key4.db", "wallet.dat",
    ];

    private static readonly string[] Beginnings = [".env.", ".env-", ".env_", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"];

    private static readonly string[] Endings =
    [
        ".env", ".pem", ".key", ".p8", ".p12", ".pfx", ".jks", ".keystore", ".bks", ".kdb", ".kdbx", ".ppk", ".ovpn", ".keytab", ".agekey", ".gpg", ".secret",
        ".secrets",
    ];

    /// <summary>What has such a word in its name and is data.</summary>
    private static readonly string[] Words =
        ["credential", "secret", "apikey", "api-key", "api_key", "private-key", "private_key", "service-account", "service_account"];

    private static readonly string[] Data =
        [".json", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".xml", ".csv", ".txt", ".properties", ".plist", ".enc", ".tfvars"];

    /// <summary>Patterns to be filled in, which are there to be read.</summary>
    private static readonly string[] Examples = [".example", ".sample", ".template", ".dist", ".defaults", ".schema"];

    /// <summary>In words that follow "it"; null for every other file.</summary>
    /// <param name="path">Absolute.</param>
    public static string? Why(string path)
    {
        var whole = Path.TrimEndingDirectorySeparator(path).Replace('\\', '/').TrimEnd(' ', '.').ToLowerInvariant();
        var name = whole[(whole.LastIndexOf('/') + 1)..];
        // Public keys, and whom one has met.
        if (name.EndsWith(".pub", StringComparison.Ordinal) || name is "known_hosts")
            return null;
        var below = Folders.Any(f => whole.Contains($"/{f}/", StringComparison.Ordinal));
        return below || IsSecret(whole, name) ? "may hold keys or credentials" : null;
    }

    private static bool IsSecret(string whole, string name)
    {
        if (Examples.Any(e => name.EndsWith(e, StringComparison.Ordinal) || name.Contains(e + '.', StringComparison.Ordinal)))
            return false;
        return Files.Any(f => whole.EndsWith('/' + f, StringComparison.Ordinal))
            || Beginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal))
            || Endings.Any(e => name.EndsWith(e, StringComparison.Ordinal))
            // What was typed into shells and databases.
            || (name.StartsWith('.') && name.EndsWith("_history", StringComparison.Ordinal))
            || (Data.Any(d => name.EndsWith(d, StringComparison.Ordinal)) && Words.Any(w => name.Contains(w, StringComparison.Ordinal)));
    }
}
