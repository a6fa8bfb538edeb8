using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Server.Commands;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Review;

/// <summary>
/// <c>pi.askAgain</c>, <c>pi.setPermissionMode</c>, <c>pi.allow</c>, <c>pi.listAllowances</c>, <c>pi.revokeAllowance</c>: what may happen
/// unasked, for one session. Runs on the ordered loop.
/// </summary>
internal sealed class PolicyCommands(SessionAccess desk)
{
    public void Register(CommandRouter commands)
    {
        commands.On(WireCommands.AskAgain, AskAgainAsync);
        commands.On(WireCommands.SetPermissionMode, SetModeAsync);
        commands.On(WireCommands.Allow, AllowAsync);
        commands.On(WireCommands.ListAllowances, List);
        commands.On(WireCommands.RevokeAllowance, RevokeAsync);
    }

    private async Task<AskedAgain> AskAgainAsync(SessionArgument argument, CancellationToken cancellation)
    {
        var session = argument.SessionId is null ? desk.Sessions.Current : desk.Session(argument.SessionId);
        if (session is null)
            return new AskedAgain(0);
        await session.HandledAsync();
        var count = session.State.PutAside.Count;
        session.Post(new QuestionsWanted());
        await session.HandledAsync();
        return new AskedAgain(count);
    }

    private async Task<ModeResult> SetModeAsync(SetModeArgument argument, CancellationToken cancellation)
    {
        var mode = Wire.Mode(argument.Mode);
        var session = desk.Session(argument.SessionId);
        if (PermissionPolicy.Cap(mode, session.State.Rules.Trusted) != mode)
            throw new WrongArgumentException($"the workspace is not trusted, so the mode cannot be {mode.Name()}");
        session.Post(new ModeChanged(mode));
        await session.HandledAsync();
        return new ModeResult(argument.Mode);
    }

    private async Task<AllowancesResult> AllowAsync(AllowArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        var allowance = new Allowance("", argument.Tool, argument.PathPattern, argument.ShellCommand) { ReadPath = argument.ReadPath };
        if (new[] { allowance.Tool, allowance.PathPattern, allowance.ShellCommand, allowance.ReadPath }.Count(t => t is { Length: > 0 }) != 1)
            throw new WrongArgumentException("give exactly one of \"tool\", \"pathPattern\", \"shellCommand\", \"readPath\"");
        if (allowance.ReadPath is { } path)
            allowance = allowance with
            {
                ReadPath = WorkspacePath.ResolveLinks(Path.GetFullPath(path, session.State.Root))
                    ?? throw new WrongArgumentException("\"readPath\" cannot be resolved")
            };
        if (!session.State.Rules.Trusted)
            throw new WrongArgumentException("the workspace is not trusted, so nothing can be allowed in advance");
        session.Post(new AllowanceChanged(allowance, null));
        await session.HandledAsync();
        return Reply(session);
    }

    private Task<AllowancesResult> List(SessionArgument argument, CancellationToken cancellation) => Task.FromResult(Reply(desk.Session(argument.SessionId)));

    private async Task<AllowancesResult> RevokeAsync(RevokeArgument argument, CancellationToken cancellation)
    {
        var session = desk.Session(argument.SessionId);
        var id = argument.All == true ? null : argument.Id is { Length: > 0 } given ? given : throw new WrongArgumentException("\"id\" is missing");
        if (id is not null && session.State.Rules.Allowances.All(a => a.Id != id))
            throw new WrongArgumentException($"there is no allowance \"{id}\"; look in the list of what is allowed");
        session.Post(new AllowanceChanged(null, id));
        await session.HandledAsync();
        return Reply(session);
    }

    private static AllowancesResult Reply(AgentSession session) =>
        new([.. session.State.Rules.Allowances.Select(a => new AllowanceReply(a.Id, a.Tool, a.PathPattern, a.ShellCommand, a.ReadPath))]);
}
