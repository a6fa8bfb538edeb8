using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>
/// What waits for the user when a server ends in good order: Pi's tool calls are gone with Pi, but what they proposed can be decided in
/// the next server that goes on with the session, as after a stop. Any thread.
/// </summary>
internal sealed class LeftProposals(StateFolder folder)
{
    public void Leave(AgentSession session)
    {
        var state = session.State;
        var left = state.Proposals.Where(p => state.CanBeDecided(p) && !VirtualPath.IsOne(p.Path)).Select(Left).ToList();
        if (left.Count > 0 && session.Supervisor.SessionFile is { } file && File.Exists(file))
            folder.Leave(NameOf(file), JsonSerializer.SerializeToUtf8Bytes(left, LeftJson.Default.ListLeftProposal));
    }

    /// <summary>Once: with this they are the session's again.</summary>
    /// <param name="load">The file as it is now.</param>
    public async Task ReturnAsync(AgentSession session, Func<string, ValueTask<LoadedFile>> load)
    {
        if (session.Supervisor.SessionFile is not { } file || folder.Take(NameOf(file)) is not { } content)
            return;
        var returned = new List<EditProposal>();
        foreach (var left in JsonSerializer.Deserialize(content, LeftJson.Default.ListLeftProposal) ?? [])
        {
            var loaded = await load(left.Path);
            if (loaded.Snapshot is { } present)
                returned.Add(Returned(left, present, loaded));
        }

        if (returned.Count > 0)
            session.Post(new ProposalsReturned([.. returned]));
    }

    private static LeftProposal Left(EditProposal p) =>
        new(p.Tool, p.ToolCallId, p.Path, p.Base.Text, p.Base.Exists, PastEdit.Write(p), p.Staged, p.LinkTarget);

    private static EditProposal Returned(LeftProposal left, FileSnapshot present, LoadedFile loaded)
    {
        var @base = present with { Text = left.BaseText, Exists = left.BaseExists, Version = null, Disk = null, IsDoubtful = false };
        var whole = PastEdit.Read(
            new EditProposal
            {
                Id = "",
                RunId = "",
                ToolCallId = left.ToolCallId,
                Tool = left.Tool,
                RequestId = null,
                Base = @base,
                Hunks = [],
                View = new ProposalView(present, [], [], []),
                Status = ProposalStatus.Stopped,
                Staged = left.Staged,
                Protected = loaded.Protected,
                LinkTarget = left.LinkTarget,
            },
            left.BaseText, left.Hunks);
        return (whole with { Saving = SaveHazard.Of(loaded.Saved, whole.Hunks) }).SeenFrom(present);
    }

    private static string NameOf(string sessionFile) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WorkspacePath.KeyOf(sessionFile))))[..32]}.json";
}

/// <param name="Hunks">As <see cref="PastEdit.Write"/> has put them.</param>
internal sealed record LeftProposal(
    string Tool, string ToolCallId, string Path, string BaseText, bool BaseExists, string Hunks, bool Staged, string? LinkTarget);

[JsonSerializable(typeof(List<LeftProposal>))]
internal sealed partial class LeftJson : JsonSerializerContext;
