using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

// Sessions: begun, gone on with, branched, and what is done with the stored ones.

internal static partial class WireCommands
{
    public static readonly Command<NewSessionArgument, OpenedSession> NewSession =
        new("pi.newSession", () => Json.NewSessionArgument, () => Json.OpenedSession);

    public static readonly Command<NoArgument, ListSessionsResult> ListSessions = new("pi.listSessions", () => Json.NoArgument, () => Json.ListSessionsResult);

    [Description("a conversation of another folder is refused, since Pi would run its commands there")]
    public static readonly Command<SessionChoice, OpenedSession> ResumeSession = new("pi.resumeSession", () => Json.SessionChoice, () => Json.OpenedSession);

    public static readonly Command<SessionChoice, OpenedSession> SwitchSession = new("pi.switchSession", () => Json.SessionChoice, () => Json.OpenedSession);

    public static readonly Command<RenameSessionArgument, RenamedSession> RenameSession =
        new("pi.renameSession", () => Json.RenameSessionArgument, () => Json.RenamedSession);

    public static readonly Command<DeleteSessionArgument, DeletedSession> DeleteSession =
        new("pi.deleteSession", () => Json.DeleteSessionArgument, () => Json.DeletedSession);

    public static readonly Command<PathArgument, SessionPath> RestoreSession = new("pi.restoreSession", () => Json.PathArgument, () => Json.SessionPath);

    public static readonly Command<SessionArgument, ListForkPointsResult> ListForkPoints =
        new("pi.listForkPoints", () => Json.SessionArgument, () => Json.ListForkPointsResult);

    [Description("`text` is the message that the fork begins instead of")]
    public static readonly Command<ForkSessionArgument, OpenedSession> ForkSession =
        new("pi.forkSession", () => Json.ForkSessionArgument, () => Json.OpenedSession);

    [Description("of another folder's conversation (the folder may be gone) the copy belongs to this one")]
    public static readonly Command<SessionChoice, OpenedSession> CloneSession = new("pi.cloneSession", () => Json.SessionChoice, () => Json.OpenedSession);

    public static readonly Command<ExportSessionArgument, ExportedSession> ExportSession =
        new("pi.exportSession", () => Json.ExportSessionArgument, () => Json.ExportedSession);

    public static readonly Command<ResumeCommandArgument, ResumeLine> ResumeCommand =
        new("pi.resumeCommand", () => Json.ResumeCommandArgument, () => Json.ResumeLine);
}

internal sealed record NewSessionArgument(
    [Description("The URI of the workspace folder to work in; without it the one where the current session works.")] string? Folder = null);

/// <summary>Which session: without either the current one.</summary>
internal sealed record SessionChoice(string? SessionId = null, string? Path = null);

internal sealed record OpenedSession(
    string SessionId,
    string? Path,
    string? Name,
    [Description("`provider/id`.")] string? Model,
    string? Thinking,
    [Description("Of a fork: the message that it begins instead of, to be written anew.")] string? Text = null,
    [Description("What the list calls it: its name, else its first words.")] string? Title = null);

[Description("newest first, of all workspace folders")]
internal sealed record ListSessionsResult(
    [Description("Where those of the current session's folder are stored.")] string Folder,
    IReadOnlyList<StoredSessionReply> Sessions);

internal sealed record StoredSessionReply(
    string Path,
    [Description("Of one that is open here.")] string? SessionId,
    [OneOf("stored", "sleeping", "idle", "running", "waiting")] string State,
    bool Current,
    [Description("The name that somebody gave it.")] string? Title,
    [Description("The beginning of the user's first message that was answered; of a fork of its own first one.")] string? FirstWords,
    [Description("ISO 8601, UTC.")] string? Modified,
    long Size,
    int Messages,
    [Description("The one that answered last.")] string? Model,
    long TotalTokens,
    decimal Cost,
    [Description("The session that it is a fork or a clone of.")] string? Parent,
    [Description("What that one is called, where it is in the list.")] string? ForkedFrom = null,
    [Description("The URI of the workspace folder that it works in, where there are several.")] string? WorkspaceFolder = null,
    [Description("Its first message is under way, and nobody knows yet what to call it.")] bool? Loading = null);

internal sealed record RenameSessionArgument(string Name, string? SessionId = null, string? Path = null);

internal sealed record RenamedSession(string Path, string Name);

internal sealed record DeleteSessionArgument(string? SessionId = null, string? Path = null, bool? Permanently = null);

internal sealed record DeletedSession(string Path, [Description("Left out of one that is gone for good.")] string? MovedTo);

[Description("as `pi.deleteSession` gave it, either of the two")]
internal sealed record PathArgument(string Path);

internal sealed record SessionPath(string Path);

[Description("the user's messages, oldest first")]
internal sealed record ListForkPointsResult(string SessionId, IReadOnlyList<ForkPointReply> Points);

internal sealed record ForkPointReply(string EntryId, string Text);

internal sealed record ForkSessionArgument(string EntryId, string? SessionId = null, string? Path = null);

[Description("`output` is absolute, without it Pi chooses a name in the workspace")]
internal sealed record ExportSessionArgument(string? SessionId = null, string? Path = null, string? Output = null);

[Description("an HTML file, made by Pi")]
internal sealed record ExportedSession(string Path);

internal sealed record ResumeCommandArgument(string? SessionId = null, string? Path = null, Shell? Shell = null);

[JsonConverter(typeof(Words<Shell>))]
internal enum Shell { Sh, Cmd, Powershell }

[Description("the line for a terminal, `pi --session <path>`, quoted where that shell needs it")]
internal sealed record ResumeLine(string Command, IReadOnlyList<string> Arguments, string Path);
