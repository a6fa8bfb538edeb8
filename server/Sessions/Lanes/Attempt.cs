using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Lanes;

/// <summary>One <c>workspace/applyEdit</c> under way: what was sent, for which text, and what is known of its fate. Immutable.</summary>
/// <param name="Number">Counts the deliveries of a session, so that a late answer hits nothing else.</param>
/// <param name="Try">1 for the first of its order.</param>
internal sealed record Attempt(int Number, int Try, FileSnapshot Sent, IReadOnlyList<Hunk> Hunks)
{
    /// <summary>The file itself is to go.</summary>
    public bool Delete { get; init; }

    /// <summary>What became of hunks of the order that were not sent this time.</summary>
    public ImmutableDictionary<string, HunkFate> Fates { get; init; } = ImmutableDictionary<string, HunkFate>.Empty;

    /// <summary>Null: the client has not answered yet.</summary>
    public ClientAnswer? Answer { get; init; }

    /// <summary>The file as it was reported last since; null: nothing was.</summary>
    public FileSnapshot? Reported { get; init; }

    /// <summary>What is to be seen of each hunk in the text that was reported last; null: nobody has looked yet.</summary>
    public IReadOnlyList<HunkSight>? Sights { get; init; }

    public FileSnapshot Present => Reported ?? Sent;

    /// <summary>The editor keeps the file to itself, as one that is not open.</summary>
    public bool IsUntold => Reported is null && !Sent.IsOpen;

    /// <summary>The file changed: by this edit, by the user, or by both. Each text is looked at once.</summary>
    public Attempt Seen(FileSnapshot file) => this with { Reported = file, Sights = Delete ? null : Look(file) };

    /// <summary>Also where nothing was reported.</summary>
    public Attempt Looked() => Sights is null ? this with { Sights = Look(Present) } : this;

    private List<HunkSight> Look(FileSnapshot file)
    {
        var landings = Landing.Check(Sent.Text, Hunks, file.Text).Hunks;
        return [.. landings.Select((landing, i) => HunkSight.Of(landing, Sights?[i]))];
    }
}

/// <summary>What the client says of an edit that it was sent: a claim.</summary>
internal abstract record ClientAnswer(string? Reason)
{
    internal sealed record Applied(string? Reason) : ClientAnswer(Reason);

    /// <summary>It did not apply it.</summary>
    internal sealed record Refused(string? Reason) : ClientAnswer(Reason);

    /// <summary>It stumbled over the edit, or did not get it: no word of the user's.</summary>
    internal sealed record Failed(string? Reason) : ClientAnswer(Reason);

    /// <summary>It never answered.</summary>
    internal sealed record Silent() : ClientAnswer("the editor never answered");

    /// <summary>It says that the edit was not applied.</summary>
    public bool IsNo => this is Refused or Failed;
}

/// <summary>What the buffer shows of a sent hunk, and has shown before: an editor's answer is a claim, this is the proof. Immutable.</summary>
internal abstract record HunkSight
{
    /// <summary>The old text stands, and nothing else was ever seen.</summary>
    /// <param name="Beside">As in <see cref="HunkLanding.NotLanded"/>.</param>
    internal sealed record Missing(string? Beside) : HunkSight;

    internal sealed record There : HunkSight;

    /// <summary>Laid out otherwise.</summary>
    internal sealed record Reshaped(string Text) : HunkSight;

    /// <summary>Neither the old text is there nor the new one, which was never seen.</summary>
    internal sealed record Else(string Text) : HunkSight;

    /// <summary>It was there, and the old text is back.</summary>
    internal sealed record TakenBack(string? Beside) : HunkSight;

    /// <summary>It was there, and something else is now.</summary>
    internal sealed record Overwritten(string Text) : HunkSight;

    public bool IsThere => this is There or Reshaped;

    /// <summary>It is there, or was.</summary>
    public bool WasThere => this is not (Missing or Else);

    /// <summary>The old text stands.</summary>
    public bool IsNot => this is Missing or TakenBack;

    public static HunkSight Of(HunkLanding landing, HunkSight? before) => (landing, before?.WasThere == true) switch
    {
        (HunkLanding.Landed, _) => new There(),
        (HunkLanding.Reshaped r, _) => new Reshaped(r.PresentText),
        (HunkLanding.Changed c, true) => new Overwritten(c.PresentText),
        (HunkLanding.Changed c, false) => new Else(c.PresentText),
        (HunkLanding.NotLanded n, true) => new TakenBack(n.Beside),
        (HunkLanding.NotLanded n, false) => new Missing(n.Beside),
        _ => throw new InvalidOperationException($"no sight for {landing}"),
    };
}
