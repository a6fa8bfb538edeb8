using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;
using PiLsp.Protocol;
using PiLsp.Server.Accounts;
using PiLsp.Server.Commands;
using PiLsp.Sessions;
using PiLsp.Workspace;

namespace PiLsp.Server.Conversations;

/// <summary>What <c>pi.status</c> answers and <c>pi/status</c> tells. Begun on the ordered loop; starts nothing.</summary>
internal sealed class StatusReport(ServerState state, SessionAccess desk, AvailabilityMonitor availability)
{
    /// <param name="session">Null while there is none.</param>
    public async Task<Status> ReadAsync(AgentSession? session, CancellationToken cancellation)
    {
        // Taken before anything is waited for: the list of sessions belongs to the ordered loop.
        IReadOnlyList<AgentSession> all = [.. desk.Sessions.All];
        var agent = session?.Supervisor.Agent;
        AgentStats? stats = null;
        if (agent is not null)
        {
            try
            {
                session!.Supervisor.Note(await agent.GetStateAsync(cancellation));
                stats = await agent.GetStatsAsync(cancellation);
            }
            catch (AgentException)
            {
                agent = null;
            }
        }

        var last = session?.Supervisor.LastState;
        var gate = agent?.Gate;
        return new Status
        {
            Version = ServerVersion.Text,
            State = session?.State.Run is not null ? "running" : agent is not null ? "ready"
                : session?.Supervisor.Problem is not null ? "failed" : "notStarted",
            Problem = session?.Supervisor.Problem,
            Availability = Wire.Availability(availability.Now),
            SessionId = session?.Id,
            SessionFile = last?.SessionFile,
            SessionName = last?.SessionName,
            Gate = gate is null ? null : new Gate(true, gate.AgentVersion, [.. gate.Tools.Where(t => t.Active).Select(t => t.Name)]),
            Model = last?.Model?.FullId,
            AnsweredBy = session?.State.LastAnswer is { Selected: { } selected } answer && selected == last?.Model?.FullId ? answer.FullId : null,
            Thinking = last?.Thinking,
            Context = stats is null ? null : new ContextUse(stats.ContextTokens, stats.ContextWindow, stats.ContextPercent),
            Usage = stats is null ? null : Wire.Usage(stats.Usage),
            Cost = stats?.Usage.Cost,
            CacheWarmingCost = session?.State.CacheWarmed is { } warmed && warmed != default ? warmed.Cost : null,
            Folder = WorkspacePath.ToUri(session?.State.Root ?? state.Root),
            Folders = state.Roots.Count > 1 ? [.. state.Roots.Select(WorkspacePath.ToUri)] : null,
            Restricted = state.Settings.WorkspaceTrusted ? null : true,
            OpenEdits = all.Sum(s => s.State.Proposals.Count(p => p.Status == ProposalStatus.Open)),
            PutAside = session?.State.PutAside.Count is > 0 and var aside ? aside : null,
            PermissionMode = Wire.Mode(session?.State.Rules.Mode ?? state.Settings.PermissionMode),
            Approval = state.Approval.ToString().ToLowerInvariant(),
        };
    }
}
