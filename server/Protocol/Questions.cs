using System.Text.Json;

namespace PiLsp.Protocol;

// What the server tells a client with a view of its own, and what it asks the user through it.

internal static partial class WireCommands
{
    [Description("puts the questions again that the user has put aside")]
    public static readonly Command<SessionArgument, AskedAgain> AskAgain = new("pi.askAgain", () => Json.SessionArgument, () => Json.AskedAgain);
}

internal sealed record AskedAgain([Description("How many.")] int Asked);

internal static partial class WireMessages
{
    [ForClientsWith("proposals")]
    public static readonly ServerNotification<EditsParams> Edits = new("pi/edits", () => Json.EditsParams);

    [ForClientsWith("proposals")]
    public static readonly ServerRequest<ConfirmParams, ConfirmResult> Confirm = new("pi/confirm", () => Json.ConfirmParams, () => Json.ConfirmResult);

    [ForClientsWith("status")]
    [Description(
        "what `pi.status` answers for the current session: after `initialized`, once the settings are known, and whenever it is another than told "
        + "last")]
    public static readonly ServerNotification<Status> Status = new("pi/status", () => Json.Status);

    [ForClientsWith("pick")]
    public static readonly ServerRequest<PickParams, PickResult> Pick = new("pi/pick", () => Json.PickParams, () => Json.PickResult);

    [ForClientsWith("signIn")]
    public static readonly ServerNotification<SignInParams> SignIn = new("pi/signIn", () => Json.SignInParams);

    [ForClientsWith("input")]
    public static readonly ServerRequest<InputParams, InputResult> Input = new("pi/input", () => Json.InputParams, () => Json.InputResult);

    [ForClientsWith("save")]
    public static readonly ServerRequest<SaveParams, JsonElement> Save = new("pi/save", () => Json.SaveParams, () => Json.JsonElement);
}

[Description(
    "whenever the list changes; where edits only move because the user types, at the pace at which the client reads. Open edits are whole. A "
    + "decided one is told without its texts: `hunks`, `newText` and `diff` are in `pi.listEdits`. Of decided ones only the latest hundred are "
    + "told, and any once after its decision; `pi.listEdits` has all")]
internal sealed record EditsParams(string SessionId, IReadOnlyList<ToldEdit> Edits);

[Description("may this tool run?")]
internal sealed record ConfirmParams(
    string SessionId,
    string ToolCallId,
    string? ParentToolCallId,
    string Tool,
    [Description("Where the tool comes from: Pi itself or an extension.")] string Source,
    [Description("All that is about to happen, fit to be shown.")] string What,
    [Description("As much of it as a message shows: the whole, or both its ends.")] string Brief,
    [Description("False: whoever allows it must have been shown `what`.")] bool IsWhole,
    [Description("Set where it is about reading a file: why that is asked, in words that follow \"it\"; `what` says it, too.")] string? Private,
    [Description("As the model gave it: it hides what it hides.")] JsonElement Input,
    [Description("Edits that wait and that the tool would not see.")] int StagedEdits)
{
    [Description("What `always` would cover, in words; left out where it is not offered and would count as `allow` alone.")]
    public string? Always { get; init; }
}

[Description("no `allow` is a refusal")]
internal sealed record ConfirmResult(
    bool? Allow,
    [Description("Reaches the model.")] string? Reason,
    bool? Always,
    [Description("The staged edits first; the tool runs only if all of them have landed.")] bool? LandFirst,
    [Description("Put aside: it stays open, and is asked again by `pi.askAgain`.")] bool? Later = null);

[Description("where some items are `primary`, those are to be shown first and the rest behind \"show all\"; a search goes over everything")]
internal sealed record PickParams(
    string Title,
    IReadOnlyList<PickItem> Items,
    [Description("Of a dialog of Pi's extensions; left out where the user has just chosen a command that asks back.")] string? SessionId = null);

internal sealed record PickItem(
    string Id,
    string Label,
    string? Detail = null,
    string? Group = null,
    [Description("One of the few to show first.")] bool? Primary = null);

[Description("or null")]
internal sealed record PickResult(
    string? Id,
    [Description("Of a dialog of Pi's extensions: put aside, as of `pi/confirm`.")] bool? Later = null);

[Description("a text from the user")]
internal sealed record InputParams(
    string Title,
    string? Placeholder = null,
    [Description("What the field begins with.")] string? Value = null,
    bool? Multiline = null,
    [Description("What is typed is hidden.")] bool? Secret = null,
    [Description("Of a dialog of Pi's extensions.")] string? SessionId = null);

[Description("or null")]
internal sealed record InputResult(
    string? Value,
    [Description("Of a dialog of Pi's extensions: put aside, as of `pi/confirm`.")] bool? Later = null);

[Description("save these buffers; the server looks at the disk afterwards. A command waits 15 s for it, then runs and is told what it could not see")]
internal sealed record SaveParams(IReadOnlyList<string> Uris);

[Description(
    "during `pi.login`: `address` (open `url`), `code` (enter `code` at `url`), `progress` (`message`), `ended` when it is over, well or not: "
    + "what was shown of it can go. The server opens and shows nothing then")]
internal sealed record SignInParams(
    string Provider,
    [OneOf("address", "code", "progress", "ended")] string Kind,
    string? Url,
    string? Code,
    string? Message);
