using System.Collections.Immutable;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions;

/// <summary>
/// From a decision to what really landed: one <c>workspace/applyEdit</c>, its answer taken as a claim, the buffer
/// as the proof. Pure.
/// </summary>
internal static class DeliveryReducer
{
    private const int MaxAttempts = 3;
    private const string AnswerDeadline = "answer:";
    private const string LandedDeadline = "landed:";

    /// <summary>An editor that shows a dialog may take its time; one that never answers must not hold the tool for ever.</summary>
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(60);

    /// <summary>Editors send <c>didChange</c> up to some hundred milliseconds after the answer (Neovim debounces by 150 ms).</summary>
    private static readonly TimeSpan LandedGrace = TimeSpan.FromSeconds(2);

    public static void Deliver(SessionStep step, EditProposal proposal, ApplyDecision decision, FileSnapshot present)
    {
        proposal = proposal.SeenFrom(present);
        if (decision.Version is { } version && version != present.Version)
        {
            Refuse(step, proposal, $"The buffer is at version {present.Version?.ToString() ?? "none (not open)"}, the decision was made on version {version}. Look at the edit again.");
            return;
        }

        if (decision.NewText is { } text)
        {
            // What has come into the file since stays: the user has not seen it, so it is not the user's to take out.
            var seen = decision.MadeFor ?? present;
            var own = ProposalView.Of(seen, TextDiff.Compare(seen.Text, LineEndings.Adopt(seen.Text, text)), present);
            if (own.Clashes.Count > 0)
                Refuse(step, proposal, "The same lines were changed while your version was on its way. Look at the edit again.");
            else
                Send(step, proposal, new Delivery(0, present, own.Hunks, 1, UserText: true, KeepRest: false));
            return;
        }

        bool Chosen(string id) => decision.HunkIds is null || decision.HunkIds.Contains(id);
        var fates = proposal.Fates.ToBuilder();
        foreach (var id in proposal.View.AlreadyThere.Where(Chosen))
            fates[id] = HunkFate.Landed;
        foreach (var clash in proposal.View.Clashes.Where(c => Chosen(c.Original.Id)))
            fates[clash.Original.Id] = new HunkFate(FateKind.Clashed, clash.PresentText);
        if (!decision.KeepRest)
        {
            foreach (var hunk in proposal.Waiting.Where(h => !Chosen(h.Id)))
                fates[hunk.Id] = new HunkFate(FateKind.LeftOut);
        }

        var hunks = proposal.View.Hunks.Where(h => Chosen(h.Id)).ToImmutableArray();
        Send(step, proposal with { Fates = fates.ToImmutable() }, new Delivery(0, present, hunks, 1, UserText: false, decision.KeepRest) { Confirm = decision.Confirm });
    }

    public static void Undo(SessionStep step, EditProposal proposal, bool delete) =>
        Send(step, proposal, new Delivery(0, proposal.View.Present, proposal.View.Hunks, 1, UserText: false, KeepRest: false) { Delete = delete });

    public static void OnAnswered(SessionStep step, ApplyAnswered answered)
    {
        if (step.State.Proposals.FirstOrDefault(p => p.Delivery?.Number == answered.DeliveryNumber) is not { Status: ProposalStatus.Applying } proposal)
            return;
        step.Do(new StopDeadline(AnswerDeadline + answered.DeliveryNumber));
        if (answered.TimedOut && proposal.Delivery is { Confirm: true })
        {
            // Like a question that nobody has answered: open for the commands.
            Refuse(step, Settled(proposal), answered.Reason ?? "");
            return;
        }

        proposal = proposal with
        {
            Delivery = proposal.Delivery! with { Answered = true, ClaimedApplied = answered.Applied, Refused = !answered.Applied, Failed = answered.Failed, ClientReason = answered.Reason },
        };
        step.Put(proposal);
        if (!Verify(step, proposal, atDeadline: false))
            step.Do(new StartDeadline(LandedDeadline + answered.DeliveryNumber, LandedGrace));
    }

    /// <summary>The buffer changed while the editor is applying: by our edit, by the user, or by both.</summary>
    public static void OnFileSeen(SessionStep step, string editId)
    {
        if (step.State.FindEdit(editId) is not { Status: ProposalStatus.Applying, Delivery: { } delivery } proposal)
            return;
        var landings = Landing.Check(delivery.Sent.Text, delivery.Hunks, delivery.Seen.Text).Hunks;
        var seen = delivery.SeenLanded.Union(delivery.Hunks.Where((_, i) => HasLanded(landings[i])).Select(h => h.Id));
        if (seen.Count > delivery.SeenLanded.Count)
        {
            proposal = proposal with { Delivery = delivery with { SeenLanded = seen } };
            step.Put(proposal);
        }

        if (delivery.Answered)
            Verify(step, proposal, atDeadline: false);
    }

    public static void OnDeadline(SessionStep step, string key)
    {
        var isAnswer = key.StartsWith(AnswerDeadline, StringComparison.Ordinal);
        var number = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (step.State.Proposals.FirstOrDefault(p => p.Delivery?.Number.ToString() == number) is not { Status: ProposalStatus.Applying } proposal)
            return;
        if (isAnswer)
        {
            proposal = proposal with { Delivery = proposal.Delivery! with { Answered = true, ClientReason = "the editor never answered" } };
            step.Put(proposal);
        }

        Verify(step, proposal, atDeadline: true);
    }

    public static void FinalizeOrKeepOpen(SessionStep step, EditProposal proposal, bool done)
    {
        if (proposal.Waiting.Count > 0 && proposal.Orphaned is { } reason)
        {
            Withdrawal.WithdrawEdit(step, proposal, reason);
            return;
        }

        if (proposal.Waiting.Count > 0)
        {
            proposal = Settled(proposal with { Status = ProposalStatus.Open });
            Complete(step, proposal, done);
            step.Put(proposal with { DecisionId = null });
            step.Publish();
            EditReducer.DecideNext(step, proposal.Path);
            return;
        }

        bool Any(FateKind kind) => proposal.Fates.Values.Any(f => f.Kind == kind);
        var landed = proposal.Landed.Count;
        var status = proposal.Hunks.Count == 0 && !done ? ProposalStatus.Failed
            : landed == proposal.Hunks.Count || proposal.UserVersion is { Length: > 0 } ? ProposalStatus.Applied
            : landed > 0 ? ProposalStatus.Partial
            : Any(FateKind.Clashed) || Any(FateKind.NotApplied) || Any(FateKind.Changed) ? ProposalStatus.Failed
            : ProposalStatus.Rejected;
        var why = status switch
        {
            ProposalStatus.Failed when Any(FateKind.Clashed) => "the user changed the same lines meanwhile",
            ProposalStatus.Failed when Any(FateKind.Changed) => "something else stands there now",
            ProposalStatus.Applied or ProposalStatus.Partial when Any(FateKind.ChangedSince) && proposal.UserVersion is null
                => "Some of it was changed right after it was applied, by a formatter or by the user.",
            _ => null,
        };
        Finalize(step, proposal with { Status = status, Reason = proposal.Reason ?? why });
    }

    /// <summary>The last word on a proposal: the agent, the user and the list hear it.</summary>
    public static void Finalize(SessionStep step, EditProposal proposal)
    {
        proposal = Settled(proposal);
        Complete(step, proposal, proposal.Status is ProposalStatus.Applied or ProposalStatus.Partial);
        step.Put((proposal with { DecisionId = null }).SeenFrom(proposal.View.Present));
        step.Publish();
        if (proposal.Tool != UndoReducer.UndoTool)
            step.Do(new KeepEdit(proposal.Id));
        step.Do(new WithdrawQuestion(EditReducer.QuestionPrefix + proposal.Id));
        if (proposal.RequestId is { } request)
        {
            var (text, isError) = ToolReport.Of(proposal, step.Shown(proposal.Path));
            if (proposal.Unheard)
                step.State = step.State with { Untold = step.State.Untold.Add(text) };
            else
                step.Do(new AnswerAgent(request, new WriteOutcomeAnswer(text, isError)));
            if (proposal is { Orphaned: not null, Unheard: false })
                step.Do(new StopDeadline(Withdrawal.OutcomeDeadline + proposal.Id));
        }
        else if (proposal.Staged)
        {
            StageReducer.OnFinalized(step, proposal);
        }
        else
        {
            UndoReducer.OnFinalized(step, proposal);
        }

        EditReducer.DecideNext(step, proposal.Path);
    }

    private static void Send(SessionStep step, EditProposal proposal, Delivery delivery)
    {
        // An edit without any lines makes an empty file; lines that nobody chose make none.
        var creates = !delivery.Sent.Exists && !delivery.Sent.IsOpen && proposal.Hunks.Count == 0;
        if (delivery.Hunks.Count == 0 && !creates && !delivery.Delete)
        {
            if (delivery.UserText)
                proposal = ByUser(proposal with { Delivery = delivery }, delivery.Sent.Text);
            FinalizeOrKeepOpen(step, proposal, done: proposal.Landed.Count == proposal.Hunks.Count || proposal.Landed.Count > 0);
            return;
        }

        delivery = delivery with { Number = step.State.LastDelivery + 1 };
        step.State = step.State with { LastDelivery = delivery.Number };
        step.Put(proposal with { Status = ProposalStatus.Applying, Delivery = delivery });
        step.Do(new ApplyToEditor(
            delivery.Number, delivery.Sent, delivery.Hunks, $"Pi: {proposal.Tool} {step.Named(proposal.Path)}", delivery.Confirm, delivery.Delete)
        {
            Protected = proposal.Protected,
        });
        // A preview stands as long as a question may; the editor's side watches that.
        if (!delivery.Confirm)
            step.Do(new StartDeadline(AnswerDeadline + delivery.Number, AnswerGrace));
    }

    /// <summary>Compares the buffer with what was sent. False: not conclusive yet.</summary>
    private static bool Verify(SessionStep step, EditProposal proposal, bool atDeadline)
    {
        var delivery = proposal.Delivery!;
        var present = delivery.Seen;
        if (delivery.Delete)
        {
            Finalize(step, proposal with { Status = delivery.ClaimedApplied ? ProposalStatus.Applied : ProposalStatus.Failed, Reason = delivery.ClientReason });
            return true;
        }

        // A buffer that was closed meanwhile has told its last text; of a file that never was open nothing is told.
        var untold = !present.IsOpen && ReferenceEquals(present, delivery.Sent);
        if (untold && delivery.ClaimedApplied)
        {
            if (!atDeadline)
                return false;
            // The editor took it and keeps the file to itself: believed, but said so, and remembered for Pi's next read.
            var expected = TextDiff.Apply(delivery.Sent.Text, delivery.Hunks);
            // Of a preview nobody knows what was ticked.
            if (!delivery.Confirm)
                step.Do(new RememberUnsaved(proposal.Path, delivery.Sent.Disk is { } disk ? disk.Text : delivery.Sent.Exists ? delivery.Sent.Text : null, expected));
            var ticked = delivery.Confirm ? " The user may have left parts of it out: read the file again before you edit it." : "";
            Conclude(step, proposal with { Reason = $"The editor says so; it has not opened the file for us, so it could not be checked.{ticked}" }, [.. delivery.Hunks.Select(_ => new HunkLanding.Landed())], expected);
            return true;
        }

        if (delivery.Hunks.Count == 0 && untold)
        {
            Finalize(step, proposal with { Status = ProposalStatus.Failed, Reason = Refusal(delivery) });
            return true;
        }

        var check = Landing.Check(delivery.Sent.Text, delivery.Hunks, present.Text);
        var landed = check.Hunks.Count(HasLanded);
        // Sent again is only what is surely not there. "Changed" may well be our text with the user's in it, and what was
        // there before the user took it out again, or what nobody answered for, is not to come back.
        var nothing = delivery.Hunks.Count > 0 && check.Hunks.All(h => h is HunkLanding.NotLanded);
        if (landed < delivery.Hunks.Count && delivery.ClaimedApplied && !atDeadline)
            return false;
        var skipped = !delivery.WasThere && (delivery.Refused ? landed == 0 : delivery.ClaimedApplied && nothing);
        // Of the user's own version what stands is the user's, however much of it came this way.
        var stands = delivery.UserText && delivery.Hunks.Zip(check.Hunks).Any(pair => Doubt(delivery, pair.First, pair.Second) is not null);
        if (skipped && !stands && delivery.Hunks.Count > 0 && present.IsOpen && present.Version != delivery.Sent.Version && delivery.Attempt < MaxAttempts)
        {
            Redeliver(step, proposal, delivery, check.Hunks, present);
            return true;
        }

        if (nothing && delivery is { Confirm: true, ClaimedApplied: false, Failed: false } && present.Version == delivery.Sent.Version)
        {
            // Closing the preview without applying is a no; a stale one looks the same, but then the version has moved.
            // Of a preview that has outlived its tool call it is neither: nobody waits for the answer any more.
            var rejected = proposal.Orphaned is not null ? [] : proposal.Waiting.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.Rejected)));
            FinalizeOrKeepOpen(step, proposal with { Fates = proposal.Fates.AddRange(rejected) }, done: false);
            return true;
        }

        // Where the user has ticked nothing, there is nothing that the editor would have to answer for.
        if (nothing && delivery is not { Confirm: true, ClaimedApplied: true })
            proposal = proposal with { Reason = Refusal(delivery) };
        Conclude(step, proposal, check.Hunks, present.Text);
        return true;
    }

    private static bool HasLanded(HunkLanding landing) => landing is HunkLanding.Landed or HunkLanding.Reshaped;

    private static string Refusal(Delivery delivery) =>
        delivery.WasThere ? "the buffer showed it for a moment, but no longer does"
        : delivery.ClaimedApplied ? "the editor said it applied the edit, but the buffer does not show it"
        : delivery.ClientReason is { Length: > 0 } why ? $"the editor refused it: {why}"
        : !delivery.Seen.IsOpen && delivery.Sent.IsOpen ? "the file was closed meanwhile"
        : "the editor refused it";

    /// <summary>
    /// What may be there all the same would come twice: the text shows it in some shape, or the lines beside it are others
    /// and either the editor says that it has taken it or there is nothing in it that could be seen, as in a deletion.
    /// Then what is there now; null where it is surely not there.
    /// </summary>
    private static string? Doubt(Delivery delivery, Hunk hunk, HunkLanding landing) => landing switch
    {
        HunkLanding.Changed c when Layout.Contains(c.PresentText, hunk.NewText) || string.IsNullOrWhiteSpace(hunk.NewText) => c.PresentText,
        HunkLanding.NotLanded { Beside: { } beside } when !delivery.Refused || !Layout.SaysSomething(hunk.NewText) => beside,
        _ => null,
    };

    /// <summary>The user was quicker than the edit, and the editor skipped it: carried over to the new text and sent again.</summary>
    private static void Redeliver(SessionStep step, EditProposal proposal, Delivery delivery, IReadOnlyList<HunkLanding> landings, FileSnapshot present)
    {
        step.Do(new StopDeadline(LandedDeadline + delivery.Number));
        var doubtful = delivery.Hunks.Zip(landings, (h, l) => (h.Id, Text: Doubt(delivery, h, l))).Where(d => d.Text is not null)
            .ToDictionary(d => d.Id, d => new HunkFate(FateKind.Changed, d.Text));
        var view = ProposalView.Of(delivery.Sent, [.. delivery.Hunks.Where(h => !doubtful.ContainsKey(h.Id))], present);
        if (delivery.UserText && view.Clashes.Count > 0)
        {
            Refuse(step, proposal.SeenFrom(present), "You changed the same lines while your version was on its way. Look at the edit again.");
            return;
        }

        var fates = proposal.Fates;
        if (!delivery.UserText)
        {
            fates = fates.AddRange(doubtful).AddRange(view.Clashes.Select(c => KeyValuePair.Create(c.Original.Id, new HunkFate(FateKind.Clashed, c.PresentText))))
                .AddRange(view.AlreadyThere.Select(id => KeyValuePair.Create(id, HunkFate.Landed)));
        }

        Send(step, (proposal with { Fates = fates }).SeenFrom(present), delivery with
        {
            Sent = present,
            Seen = present,
            Hunks = view.Hunks,
            Attempt = delivery.Attempt + 1,
            Answered = false,
            ClaimedApplied = false,
            Refused = false,
            Failed = false,
            SeenLanded = delivery.SeenLanded.Clear(),
            ClientReason = null,
        });
    }

    private static void Conclude(SessionStep step, EditProposal proposal, IReadOnlyList<HunkLanding> landings, string presentText)
    {
        var delivery = proposal.Delivery!;
        step.Do(new StopDeadline(LandedDeadline + delivery.Number));
        // What a report has shown, and what then became something else, has landed as well.
        landings = [.. landings.Select((l, i) => l is HunkLanding.Changed c && delivery.SeenLanded.Contains(delivery.Hunks[i].Id) ? new HunkLanding.Reshaped(c.PresentText) : l)];
        var done = landings.Any(HasLanded) || delivery.Hunks.Count == 0;
        if (done)
        {
            step.Do(new AnnounceLanded(proposal.Path));
            UndoReducer.Record(step, proposal, delivery, [.. delivery.Hunks.Where((_, i) => HasLanded(landings[i]))]);
        }

        if (delivery.UserText)
        {
            // Where it is not surely missing, the user may have gone on from it: what stands is the user's either way.
            proposal = done || delivery.Hunks.Zip(landings).Any(pair => (!delivery.Refused && pair.Second is HunkLanding.Changed) || Doubt(delivery, pair.First, pair.Second) is not null)
                ? ByUser(proposal, presentText)
                : proposal with { Fates = proposal.Fates.AddRange(proposal.Waiting.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.NotApplied)))) };
        }
        else
        {
            proposal = proposal with
            {
                Fates = proposal.Fates.AddRange(delivery.Hunks.Zip(landings, (h, l) => KeyValuePair.Create(h.Id, l switch
                {
                    HunkLanding.Landed => HunkFate.Landed,
                    HunkLanding.Reshaped r => new HunkFate(FateKind.ChangedSince, r.PresentText),
                    HunkLanding.Changed c => new HunkFate(FateKind.Changed, c.PresentText),
                    _ => new HunkFate(delivery is { Confirm: true, ClaimedApplied: true } ? FateKind.LeftOut : FateKind.NotApplied),
                }))),
            };
        }

        FinalizeOrKeepOpen(step, proposal, done);
    }

    /// <summary>The user's own version stands: which hunks are in it, and what is there instead of the others.</summary>
    private static EditProposal ByUser(EditProposal proposal, string presentText)
    {
        var delivery = proposal.Delivery!;
        var view = ProposalView.Of(proposal.Base, proposal.Waiting, delivery.Sent);
        var wanted = Landing.Check(delivery.Sent.Text, view.Hunks, TextDiff.Apply(delivery.Sent.Text, delivery.Hunks));
        var check = Landing.Check(delivery.Sent.Text, view.Hunks, presentText);
        var fates = proposal.Fates.ToBuilder();
        for (var i = 0; i < view.Hunks.Count; i++)
        {
            fates[view.Hunks[i].Id] = check.Hunks[i] switch
            {
                HunkLanding.Landed => HunkFate.Landed,
                HunkLanding.Reshaped r => new HunkFate(FateKind.ChangedSince, r.PresentText),
                HunkLanding.Changed c => new HunkFate(FateKind.Changed, c.PresentText),
                _ => new HunkFate(FateKind.LeftOut),
            };
        }

        foreach (var hunk in proposal.Waiting.Where(h => !fates.ContainsKey(h.Id)))
            fates[hunk.Id] = new HunkFate(FateKind.LeftOut);
        var asProposed = wanted.Exact && view.Clashes.Count == 0;
        var final = TextDiff.Compare(proposal.Base.Text, presentText);
        return proposal with
        {
            Fates = fates.ToImmutable(),
            UserVersion = asProposed ? null : TextDiff.Unified(System.IO.Path.GetFileName(proposal.Path), proposal.Base.Text, final),
        };
    }

    /// <summary>No longer under way: seen from what the buffer is now.</summary>
    private static EditProposal Settled(EditProposal proposal) =>
        (proposal with { Delivery = null }).SeenFrom(proposal.Delivery?.Seen ?? proposal.View.Present);

    private static void Refuse(SessionStep step, EditProposal proposal, string reason)
    {
        if (proposal.Orphaned is { } gone)
        {
            Withdrawal.WithdrawEdit(step, proposal, gone);
            return;
        }

        if (proposal.DecisionId is { } decision)
            step.Do(new CompleteDecision(decision, new DecisionResult(false, proposal.Id, ProposalStatus.Open, proposal.Landed, reason)));
        step.Put(proposal with { Status = ProposalStatus.Open, Delivery = null, DecisionId = null });
        step.Publish();
        EditReducer.DecideNext(step, proposal.Path);
    }

    private static void Complete(SessionStep step, EditProposal proposal, bool done)
    {
        if (proposal.DecisionId is { } decision)
            step.Do(new CompleteDecision(decision, new DecisionResult(done, proposal.Id, proposal.Status, proposal.Landed, proposal.Reason)));
    }
}
