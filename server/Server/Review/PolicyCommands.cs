using System.Text.Json;
using PiLsp.Edits;
using PiLsp.Server.Commands;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Review;

/// <summary><c>pi.setPermissionMode</c>, <c>pi.allow</c>, <c>pi.listAllowances</c>, <c>pi.revokeAllowance</c>: what may happen unasked, for one session. Runs on the ordered loop.</summary>
internal sealed class PolicyCommands(SessionDesk desk)
{
    public void Register(CommandRouter commands)
    {
        commands.On("pi.setPermissionMode", SetModeAsync);
        commands.On("pi.allow", AllowAsync);
        commands.On("pi.listAllowances", List);
        commands.On("pi.revokeAllowance", RevokeAsync);
    }

    private async Task<JsonElement> SetModeAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var name = arguments.Required("mode");
        var mode = PermissionModes.Parse(name) ?? throw arguments.Bad($"\"mode\" must be one of {string.Join(", ", PermissionModes.Names)}");
        var session = desk.Session(arguments);
        if (Policy.Cap(mode, session.State.Trusted) != mode)
            throw arguments.Bad($"the workspace is not trusted, so the mode cannot be {name}");
        session.Post(new ModeChanged(mode));
        await session.HandledAsync();
        return JsonSerializer.SerializeToElement(new ModeReply(mode.Name()), WireJson.Default.ModeReply);
    }

    private async Task<JsonElement> AllowAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        var allowance = new Allowance("", arguments.Text("tool"), arguments.Text("pathPattern"), arguments.Text("shellCommand")) { ReadPath = arguments.Text("readPath") };
        if (new[] { allowance.Tool, allowance.PathPattern, allowance.ShellCommand, allowance.ReadPath }.Count(t => t is { Length: > 0 }) != 1)
            throw arguments.Bad("give exactly one of \"tool\", \"pathPattern\", \"shellCommand\", \"readPath\"");
        if (allowance.ReadPath is { } path)
            allowance = allowance with { ReadPath = WorkspacePath.ResolveLinks(Path.GetFullPath(path, session.State.Root)) ?? throw arguments.Bad("\"readPath\" cannot be resolved") };
        if (!session.State.Trusted)
            throw arguments.Bad("the workspace is not trusted, so nothing can be allowed in advance");
        session.Post(new AllowanceChanged(allowance, null));
        await session.HandledAsync();
        return Reply(session);
    }

    private Task<JsonElement> List(CommandArguments arguments, CancellationToken cancellation) => Task.FromResult(Reply(desk.Session(arguments)));

    private async Task<JsonElement> RevokeAsync(CommandArguments arguments, CancellationToken cancellation)
    {
        var session = desk.Session(arguments);
        var id = arguments.Flag("all") ? null : arguments.Required("id");
        if (id is not null && session.State.Allowances.All(a => a.Id != id))
            throw arguments.Bad($"there is no allowance \"{id}\"; pi.listAllowances lists them");
        session.Post(new AllowanceChanged(null, id));
        await session.HandledAsync();
        return Reply(session);
    }

    private static JsonElement Reply(AgentSession session) => JsonSerializer.SerializeToElement(
        new AllowancesReply([.. session.State.Allowances.Select(a => new AllowanceReply(a.Id, a.Tool, a.PathPattern, a.ShellCommand, a.ReadPath))]),
        WireJson.Default.AllowancesReply);
}
