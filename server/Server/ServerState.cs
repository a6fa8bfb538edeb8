using System.Collections.Immutable;
using PiLsp.Lsp;
using PiLsp.Server.Settings;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>
/// What the server knows of its client. Written only on the ordered loop; every property is an immutable value
/// swapped whole, so any thread may read it.
/// </summary>
internal sealed class ServerState
{
    /// <summary>Where the server was started; the user's home where that folder is gone.</summary>
    private static readonly Lazy<string> _startedIn = new(() =>
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        }
    });

    private volatile ClientCapabilities _capabilities = new();
    private volatile ServerSettings _settings = new();
    private volatile IReadOnlyList<string> _roots = [];
    private volatile ImmutableDictionary<string, RememberUnsaved> _unsaved = ImmutableDictionary<string, RememberUnsaved>.Empty;

    public DocumentStore Documents { get; } = new();

    public ClientCapabilities Capabilities
    {
        get => _capabilities;
        set => _capabilities = value;
    }

    public ServerSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>The workspace folders as paths, the first one being where Pi works.</summary>
    public IReadOnlyList<string> Roots
    {
        get => _roots;
        set => _roots = value;
    }

    public string Root => Roots.Count > 0 ? Roots[0] : _startedIn.Value;

    /// <summary>A path as the client spells it. May look at the disk.</summary>
    public string Spelled(string path) => Spelling.Of(Documents, Roots, path);

    /// <summary>Where an agent can work; never empty.</summary>
    public IReadOnlyList<string> Folders => Roots.Count > 0 ? Roots : [_startedIn.Value];

    /// <summary>The folder that this lies in, the innermost one; null where it lies in none.</summary>
    public string? FolderOf(string? path) => path is null ? null : Roots.Where(root => WorkspacePath.IsInside(root, path)).MaxBy(root => root.Length);

    /// <summary>A path for people. May look at the disk.</summary>
    public string Shown(string path) => Shown(path, Root);

    /// <summary>A path for the model of an agent that works in this folder, and for people. May look at the disk.</summary>
    public string Shown(string path, string root) => WorkspacePath.Shown(root, Spelling.InFolders(Roots, path));

    /// <summary>Whatever the spelling. May look at the disk.</summary>
    public bool IsInside(string path) => Spelling.InFolders(Roots, path) is var spelled && Roots.Any(r => WorkspacePath.IsInside(r, spelled));

    /// <summary>Edits that the editor took for files it does not report on, by path key.</summary>
    public ImmutableDictionary<string, RememberUnsaved> Unsaved
    {
        get => _unsaved;
        set => _unsaved = value;
    }

    /// <summary>How proposals reach the user in this client with these settings.</summary>
    public ApprovalWay Approval => Settings.Approval switch
    {
        "commands" => ApprovalWay.Commands,
        "message" => ApprovalWay.Message,
        "preview" when Capabilities.ChangeAnnotations => ApprovalWay.Preview,
        _ => Capabilities.OwnReview ? ApprovalWay.Commands : Capabilities.MessageRequests ? ApprovalWay.Message : ApprovalWay.None,
    };

    public bool CanAskConsent => Capabilities.OwnReview || CanAskByMessage;

    /// <summary>
    /// Announced, or vouched for by the user's setting: Eglot puts such questions and does not say so. A client that does not
    /// know the request answers with an error, which is a refusal.
    /// </summary>
    public bool CanAskByMessage => Capabilities.MessageRequests || Settings.Approval == "message";

    /// <summary>Announced, or vouched for in the same way: Kate takes edits and does not say so.</summary>
    public bool CanApplyEdits => Capabilities.ApplyEdit || Settings.Approval is "commands" or "message";
}
