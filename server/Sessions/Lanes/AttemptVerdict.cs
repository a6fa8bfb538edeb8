using System.Collections.Immutable;
using PiLsp.Edits;

namespace PiLsp.Sessions.Lanes;

/// <summary>What is to be made of an attempt whose client has answered, or never will. Immutable; judged by pure functions.</summary>
internal abstract record AttemptVerdict
{
    private const int MaxTries = 3;

    /// <summary>Not conclusive yet: the buffer may still show it.</summary>
    internal sealed record Wait : AttemptVerdict;

    /// <summary>The user was quicker than the edit, and the editor skipped it: to be carried over to the new text and sent again.</summary>
    /// <param name="Doubtful">Hunks that may be there all the same, and would come twice.</param>
    internal sealed record Again(ImmutableDictionary<string, HunkFate> Doubtful) : AttemptVerdict;

    internal sealed record Over(ApplyOutcome Outcome) : AttemptVerdict;

    /// <param name="attempt">Answered.</param>
    /// <param name="isLate">No report is waited for any more.</param>
    public static AttemptVerdict Of(ApplyOrder order, Attempt attempt, bool isLate)
    {
        var answer = attempt.Answer!;
        var claimed = answer is ClientAnswer.Applied;
        if (attempt.Delete)
            return new Over(
                Ended(claimed ? new ApplyOutcome.Landed(What(attempt, [], ""), IsVerified: false) { Note = answer.Reason }
                    : new ApplyOutcome.NotApplied(answer.Reason)));
        // A buffer that was closed meanwhile has told its last text; of a file that never was open nothing is told.
        if (attempt.IsUntold && claimed)
            return isLate ? new Over(Believed(order, attempt)) : new Wait();
        if (attempt.IsUntold && attempt.Hunks.Count == 0)
            return new Over(Ended(new ApplyOutcome.NotApplied(WhyNot(attempt))));

        attempt = attempt.Looked();
        var (hunks, sights, present) = (attempt.Hunks, attempt.Sights!, attempt.Present);
        var said = new Sayings(attempt.Sent.Text, present.Text);
        var there = sights.Count(s => s.IsThere);
        if (there < hunks.Count && claimed && !isLate)
            return new Wait();

        // Sent again is only what is surely not there: something else may well be our text with the user's in it, and what was
        // there before the user took it out again, or what nobody answered for, is not to come back.
        var nothing = hunks.Count > 0 && sights.All(s => s.IsNot);
        var skipped = hunks.Count > 0 && !sights.Any(s => s.WasThere) && (claimed ? nothing : answer.IsNo);
        if (skipped && present.IsOpen && present.Version != attempt.Sent.Version && attempt.Try < MaxTries)
        {
            var doubtful = hunks.Zip(sights, (h, s) => (h.Id, Text: Doubt(answer, said, h, s))).Where(d => d.Text is not null)
                .ToImmutableDictionary(d => d.Id, d => new HunkFate(FateKind.Changed, d.Text));
            // Of the user's own version what stands is the user's, however much of it came this way.
            if (!order.IsOwnText || doubtful.IsEmpty)
                return new Again(doubtful);
        }

        // Closing the preview without applying is a no; a stale one looks the same, but then the version has moved.
        if (nothing && order.Confirm && !claimed && answer is not ClientAnswer.Failed && present.Version == attempt.Sent.Version)
            return new Over(Ended(new ApplyOutcome.Declined()));
        return new Over(Ended(Concluded(order, attempt, said, nothing)));

        ApplyOutcome Ended(ApplyOutcome outcome) => outcome with { Present = attempt.Present, Fates = outcome.Fates.IsEmpty ? attempt.Fates : outcome.Fates };
    }

    /// <summary>The editor took it and keeps the file to itself: believed, but said so.</summary>
    private static ApplyOutcome.Landed Believed(ApplyOrder order, Attempt attempt)
    {
        // Of a preview nobody knows what was ticked.
        var ticked = order.Confirm ? " The user may have left parts of it out: read the file again before you edit it." : "";
        return new ApplyOutcome.Landed(What(attempt, attempt.Hunks, TextDiff.Apply(attempt.Sent.Text, attempt.Hunks)), IsVerified: false)
        {
            Present = attempt.Present,
            Fates = attempt.Fates.AddRange(attempt.Hunks.Select(h => KeyValuePair.Create(h.Id, HunkFate.Landed))),
            Note = $"The editor says so; it has not opened the file for us, so it could not be checked.{ticked}",
        };
    }

    /// <param name="attempt">Looked at.</param>
    /// <param name="nothing">The old text stands everywhere.</param>
    private static ApplyOutcome Concluded(ApplyOrder order, Attempt attempt, Sayings said, bool nothing)
    {
        var (answer, sights) = (attempt.Answer!, attempt.Sights!);
        // Where the user has ticked nothing, there is nothing that the editor would have to answer for.
        var ticked = order.Confirm && answer is ClientAnswer.Applied;
        var fates = attempt.Fates.AddRange(attempt.Hunks.Zip(sights, (h, s) => KeyValuePair.Create(h.Id, s switch
        {
            HunkSight.There => HunkFate.Landed,
            HunkSight.Reshaped r => new HunkFate(FateKind.ChangedSince, r.Text),
            // What a report has shown, and what then became something else, has landed as well.
            HunkSight.Overwritten o => new HunkFate(FateKind.ChangedSince, o.Text),
            HunkSight.Else e => new HunkFate(FateKind.Changed, e.Text),
            _ => new HunkFate(ticked ? FateKind.LeftOut : FateKind.NotApplied),
        })));
        var landed = attempt.Hunks.Where((_, i) => sights[i].IsThere || sights[i] is HunkSight.Overwritten).ToImmutableArray();
        var what = What(attempt, landed, attempt.Present.Text);
        if (landed.Length > 0 || attempt.Hunks.Count == 0)
            return new ApplyOutcome.Landed(what, IsVerified: true) { Fates = fates };

        // Where it is not surely missing, the user may have gone on from it.
        var mayStand =
            attempt.Hunks.Zip(sights).Any(pair => (!answer.IsNo && pair.Second is HunkSight.Else) || Doubt(answer, said, pair.First, pair.Second) is not null);
        return new ApplyOutcome.NotApplied(nothing && !ticked ? WhyNot(attempt) : null) { Fates = fates, MayStand = mayStand ? what : null };
    }

    private static Delivered What(Attempt attempt, IReadOnlyList<Hunk> landed, string text) => new(attempt.Number, attempt.Sent, attempt.Hunks, landed, text);

    /// <summary>
    /// What may be there all the same would come twice: the text shows it in some shape, or the lines beside it are others
    /// and either the editor says that it has taken it or there is nothing in it that could be seen, as in a deletion.
    /// Then what is there now; null where it is surely not there.
    /// </summary>
    private static string? Doubt(ClientAnswer answer, Sayings said, Hunk hunk, HunkSight sight) => sight switch
    {
        HunkSight.Else e when Layout.Contains(e.Text, hunk.NewText) || string.IsNullOrWhiteSpace(hunk.NewText) => e.Text,
        HunkSight.Missing m => Unseen(answer, said, hunk, m.Beside),
        HunkSight.TakenBack t => Unseen(answer, said, hunk, t.Beside),
        _ => null,
        // Whatever the editor says: lines that are the same elsewhere, and a formatter, may hide where it stands.
    } ?? (said.More(hunk.NewText) > 0 ? hunk.NewText : null);

    private static string? Unseen(ClientAnswer answer, Sayings said, Hunk hunk, string? beside)
    {
        if (beside is not null)
            return !answer.IsNo || !Layout.SaysSomething(hunk.NewText) ? beside : null;
        // Of what it takes out there is less than before: a formatter may have made of the rest what stood there.
        return !answer.IsNo && string.IsNullOrWhiteSpace(hunk.NewText) && said.More(hunk.OldText) < 0 ? hunk.OldText : null;
    }

    private static string WhyNot(Attempt attempt) =>
        attempt.Sights?.Any(s => s.WasThere) == true ? "the buffer showed it for a moment, but no longer does"
        : attempt.Answer is ClientAnswer.Applied ? "the editor said it applied the edit, but the buffer does not show it"
        : attempt.Answer?.Reason is { Length: > 0 } why ? $"the editor refused it: {why}"
        : !attempt.Present.IsOpen && attempt.Sent.IsOpen ? "the file was closed meanwhile"
        : "the editor refused it";
}
