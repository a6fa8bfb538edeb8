using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Protocol;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;
using PiLsp.Workspace;

namespace PiLsp.Faces;

/// <summary>From the session's records to those of the wire. Pure.</summary>
internal static class Wire
{
    public static AvailabilityReply Availability(Availability known) =>
        new(Word(known.State), known.Message, known.Advice, Next(known.Next), known.Tried);

    /// <returns>Null where there is nothing to do.</returns>
    public static IReadOnlyList<NextStep>? Next(IReadOnlyList<Remedy> remedies) =>
        remedies.Count == 0 ? null : [.. remedies.Select(r => new NextStep(Word(r.Kind), r.Provider, r.Command))];

    public static IReadOnlyList<LandedFileReply>? Files(RunSummary? run) =>
        run is { Files.Count: > 0 } ? [.. run.Files.Select(f => new LandedFileReply(f.Uri, f.Created, f.Added, f.Removed))] : null;

    public static IReadOnlyList<string>? ChangedByCommands(RunSummary? run) => run is { ChangedByCommands.Count: > 0 } ? run.ChangedByCommands : null;

    public static bool? IsUndoable(RunSummary? run) => run is { Files.Count: > 0 } ? true : null;

    /// <summary>What goes along with an error.</summary>
    public static JsonElement? ErrorData(IReadOnlyList<Remedy> next) =>
        next.Count == 0 ? null : JsonSerializer.SerializeToElement(new ErrorData(Next(next)), ProtocolJson.Default.ErrorData);

    /// <summary>As the protocol spells it.</summary>
    private static string Word(Enum value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The models that answered, where one of them is another than was set; else null.</summary>
    public static IReadOnlyList<string>? AnsweredBy(IReadOnlyList<ModelAnswer> answers) =>
        answers.Any(a => a.Selected is not null) ? [.. answers.Select(a => a.FullId).Distinct()] : null;

    public static Usage Usage(AgentUsage u) => new(u.Input, u.Output, u.CacheRead, u.CacheWrite, u.TotalTokens, u.Cost);

    /// <param name="onTop">The same seen from what is staged below it (<see cref="StageReducer.OnTop"/>).</param>
    public static Edit Edit(string sessionId, string root, EditProposal p, PositionEncoding encoding, EditProposal? onTop = null)
    {
        var present = p.View.Present;
        var document = TextDocument.Of(present);
        var @base = TextDocument.Of(p.Base);
        var open = !p.IsFinal;
        var hunks = new List<HunkReply>(p.Hunks.Count);
        foreach (var original in p.Hunks)
        {
            var fate = p.Fates.GetValueOrDefault(original.Id)?.Kind;
            // What is decided is shown as it was proposed: the view's hunks are not those of the present text any more.
            if (open && p.View.Hunks.FirstOrDefault(h => h.Id == original.Id) is { } hunk)
                hunks.Add(new HunkReply(hunk.Id, document.RangeOf(hunk.Start, hunk.Length, encoding), hunk.OldText, hunk.NewText, Name(fate)));
            else if (onTop?.View.Hunks.FirstOrDefault(h => h.Id == original.Id) is { } above)
                hunks.Add(new HunkReply(above.Id, PlaceOf(p, above, document, encoding), above.OldText, above.NewText, Name(fate)));
            else if (open && p.View.Clashes.FirstOrDefault(c => c.Original.Id == original.Id) is { } clash)
                hunks.Add(new HunkReply(
                    original.Id, document.RangeOf(clash.Start, clash.Length, encoding), clash.PresentText, original.NewText, Name(fate ?? FateKind.Clashed)));
            else
                hunks.Add(new HunkReply(original.Id, @base.RangeOf(original.Start, original.Length, encoding), original.OldText, original.NewText, Name(fate)));
        }

        var diff = (onTop ?? p).Diff(WorkspacePath.Shown(root, p.Path));
        return new Edit(
            p.Id, sessionId, p.Uri, p.Tool, p.ToolCallId, EditReducer.Name(p.Status), present.Version, hunks, (onTop ?? p).NewText, diff, p.Reason, p.Caution)
        {
            Protected = IsProtected(p),
            Outcome = Outcome(p),
        };
    }

    /// <summary>What the list tells of a decided edit: it is told again with every list, and whoever wants its texts asks for them.</summary>
    public static ToldEdit Decided(string sessionId, EditProposal p) =>
        new(p.Id, sessionId, p.Uri, p.Tool, p.ToolCallId, EditReducer.Name(p.Status), p.View.Present.Version, p.Reason)
        {
            Protected = IsProtected(p),
            Outcome = Outcome(p),
        };

    private static bool? IsProtected(EditProposal p) => p.Protected is null ? null : true;

    private static LandedPart? Outcome(EditProposal p) =>
        p.Sum is { } sum ? new LandedPart(sum.Added, sum.Removed, sum.Applied, sum.Rejected, sum.ChangedByUser) : null;

    /// <summary>Where a hunk that goes on top of a staged one is in the buffer, which does not have its lines yet.</summary>
    public static Lsp.Range PlaceOf(EditProposal p, Hunk onTop, TextDocument document, PositionEncoding encoding) =>
        p.View.Clashes.FirstOrDefault(c => c.Original.Id == onTop.Id) is { } clash ? document.RangeOf(clash.Start, clash.Length, encoding)
            : document.RangeOf(Math.Min(onTop.Start, document.Text.Length), 0, encoding);

    public static Mode Mode(PermissionMode mode) => mode switch
    {
        PermissionMode.ReadOnly => Protocol.Mode.ReadOnly,
        PermissionMode.Ask => Protocol.Mode.Ask,
        PermissionMode.AcceptEdits => Protocol.Mode.AcceptEdits,
        _ => Protocol.Mode.Full,
    };

    public static PermissionMode Mode(Mode mode) => mode switch
    {
        Protocol.Mode.ReadOnly => PermissionMode.ReadOnly,
        Protocol.Mode.Ask => PermissionMode.Ask,
        Protocol.Mode.AcceptEdits => PermissionMode.AcceptEdits,
        _ => PermissionMode.Full,
    };

    public static string Name(NoticeLevel level) => level switch
    {
        NoticeLevel.Error => "error",
        NoticeLevel.Warning => "warning",
        _ => "info",
    };

    private static string? Name(FateKind? fate) => fate switch
    {
        null => null,
        FateKind.Landed => "landed",
        FateKind.Changed or FateKind.ChangedSince => "changed",
        FateKind.Rejected => "rejected",
        FateKind.LeftOut => "leftOut",
        FateKind.Clashed => "clashed",
        _ => "notApplied",
    };
}
