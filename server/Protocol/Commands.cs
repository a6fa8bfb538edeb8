namespace PiLsp.Protocol;

/// <summary>Every command of ours; what <c>initialize</c> offers, in this order.</summary>
internal static partial class WireCommands
{
    private static ProtocolJson Json => ProtocolJson.Default;

    /// <summary>Made when it is first asked for: the order in which the fields of several files are filled is nobody's promise.</summary>
    public static IReadOnlyList<ServerCommand> All => field ??=
    [
        Ask, AskAbout, FixDiagnostics, DoComment, Abort, Bash, SetQueue, ClearQueue, Compact, ListCommands, ResolveContext, CompleteMention,
        ListEdits, ApplyEdit, RejectEdit, ShowEdit, ListRuns, UndoRun, PickModel, ListModels, SetThinking, ListThinking, ListProviders, SetApiKey,
        RemoveApiKey, Login, Logout, AskAgain, SetPermissionMode, Allow, ListAllowances, RevokeAllowance, Status, CheckAvailability, GetTranscript,
        ShowTranscript, NewSession, ListSessions, ResumeSession, SwitchSession, RenameSession, DeleteSession, RestoreSession, ListForkPoints,
        ForkSession, CloneSession, ExportSession, ResumeCommand,
    ];
}

/// <summary>Every notification and request of ours to a client.</summary>
internal static partial class WireMessages
{
    private static ProtocolJson Json => ProtocolJson.Default;

    public static IReadOnlyList<ServerMessage> All => field ??=
    [
        Event, Edits, Confirm, Status, Pick, SignIn, Input, Save, Diagnostics, Definition, References, Hover, Symbols,
    ];
}
