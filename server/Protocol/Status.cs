
namespace PiLsp.Protocol;

// How the server and Pi are.

internal static partial class WireCommands
{
    [Description("starts nothing")]
    public static readonly Command<SessionArgument, Status> Status = new("pi.status", () => Json.SessionArgument, () => Json.Status);

    public static readonly Command<CheckAvailabilityArgument, AvailabilityReply> CheckAvailability =
        new("pi.checkAvailability", () => Json.CheckAvailabilityArgument, () => Json.AvailabilityReply);
}

internal sealed record CheckAvailabilityArgument([Description("A fresh look is wanted.")] bool? Refresh = null);

[Description(
    "the `availability` of `pi.status`; may start Pi without a stored session and without the user's MCP servers (Pi 1.0.4 and later), and ends "
    + "it again")]
internal sealed record AvailabilityReply(
    [Description("Whether a prompt can be sent, or what stops one. Others may be added.")]
    [OneOf(
        "unknown", "checking", "starting", "ready", "notFound", "notPi", "tooOld", "nodeMissing", "nodeTooOld", "noCredentials", "configBroken",
        "modelsKeptOut", "gateRefused", "failed")] string State,
    [Description("What is wrong; left out when nothing is.")] string? Message,
    [Description("What the user can do about it, in a sentence.")] string? Advice,
    [Description("The same as data.")] IReadOnlyList<NextStep>? Next,
    [Description("Where Pi was looked for.")] IReadOnlyList<string>? Tried);

internal sealed record Status
{
    [Description("The server's.")]
    public required string Version { get; init; }

    [OneOf("notStarted", "ready", "running", "failed")]
    public required string State { get; init; }

    [Description("With `failed`: why, and what to do.")]
    public string? Problem { get; init; }

    [Description("Whether a prompt could be sent, by what is known.")]
    public required AvailabilityReply Availability { get; init; }

    public string? SessionId { get; init; }

    public string? SessionFile { get; init; }

    public string? SessionName { get; init; }

    public Gate? Gate { get; init; }

    [Description("`provider/id`.")]
    public string? Model { get; init; }

    [Description("Where the last answer came from, where that is another model than the one that is set.")]
    public string? AnsweredBy { get; init; }

    public string? Thinking { get; init; }

    public ContextUse? Context { get; init; }

    public Usage? Usage { get; init; }

    [Description("Of the whole session, summaries included.")]
    public decimal? Cost { get; init; }

    [Description("US dollars of `cost` that went into keeping the model's cache warm while this server looked on.")]
    public decimal? CacheWarmingCost { get; init; }

    [Description("The URI of the workspace folder that the session works in, or would.")]
    public required string Folder { get; init; }

    [Description("The URIs of those that one can be chosen from; left out where there is one.")]
    public IReadOnlyList<string>? Folders { get; init; }

    [Description("The workspace is not trusted: what that means stands with the setting `workspaceTrusted`.")]
    public bool? Restricted { get; init; }

    [Description("In all sessions.")]
    public required int OpenEdits { get; init; }

    [Description("Questions of this session that the user has put aside.")]
    public int? PutAside { get; init; }

    public required Mode PermissionMode { get; init; }

    [Description("How edits reach the user here; `none` means that they are refused.")]
    [OneOf("none", "commands", "message", "preview")]
    public required string Approval { get; init; }
}

/// <summary>What stands between Pi's tools and the disk.</summary>
internal sealed record Gate(bool Proven, string? PiVersion, [Description("The tools in force.")] IReadOnlyList<string> HeldTools);

internal sealed record ContextUse(long? Tokens, long? Window, double? Percent);
