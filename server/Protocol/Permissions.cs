using System.Text.Json.Serialization;

namespace PiLsp.Protocol;

// What may happen unasked.

internal static partial class WireCommands
{
    public static readonly Command<SetModeArgument, ModeResult> SetPermissionMode =
        new("pi.setPermissionMode", () => Json.SetModeArgument, () => Json.ModeResult);

    public static readonly Command<AllowArgument, AllowancesResult> Allow = new("pi.allow", () => Json.AllowArgument, () => Json.AllowancesResult);

    public static readonly Command<SessionArgument, AllowancesResult> ListAllowances =
        new("pi.listAllowances", () => Json.SessionArgument, () => Json.AllowancesResult);

    public static readonly Command<RevokeArgument, AllowancesResult> RevokeAllowance =
        new("pi.revokeAllowance", () => Json.RevokeArgument, () => Json.AllowancesResult);
}

internal sealed record SetModeArgument(Mode Mode, string? SessionId = null);

[JsonConverter(typeof(Words<Mode>))]
internal enum Mode { ReadOnly, Ask, AcceptEdits, Full }

[Description("for this session")]
internal sealed record ModeResult(Mode Mode);

[Description("exactly one of the first four")]
internal sealed record AllowArgument(
    [Description("By its name.")] string? Tool = null,
    [Description("A glob of files that may be edited.")] string? PathPattern = null,
    [Description("By its exact words.")] string? ShellCommand = null,
    [Description("One file that may be read.")] string? ReadPath = null,
    string? SessionId = null);

internal sealed record AllowancesResult(IReadOnlyList<AllowanceReply> Allowances);

internal sealed record AllowanceReply(string Id, string? Tool, string? PathPattern, string? ShellCommand, string? ReadPath);

[Description("`id` or `all`")]
internal sealed record RevokeArgument(string? Id = null, bool? All = null, string? SessionId = null);
