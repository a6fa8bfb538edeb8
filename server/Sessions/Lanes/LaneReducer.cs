using System.Collections.Immutable;
using PiLsp.Edits;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Lanes;

/// <summary>
/// Carries out orders file by file: one <c>workspace/applyEdit</c> at a time, its answer taken as a claim, the buffer as the
/// proof. What came of an order waits in the lane as <see cref="LaneWork.Over"/>, until whoever gave it has been told at the end of
/// the message. Pure.
/// </summary>
internal static class LaneReducer
{
    public const string OwnTextClashes = "The same lines were changed while your version was on its way. Look at the edit again.";

    /// <summary>An editor that shows a dialog may take its time; one that never answers must not hold the tool for ever.</summary>
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(60);

    /// <summary>Editors send <c>didChange</c> up to some hundred milliseconds after the answer (Neovim debounces by 150 ms).</summary>
    private static readonly TimeSpan LandedGrace = TimeSpan.FromSeconds(2);

    /// <summary>At once, or after what the file's lane has to do before.</summary>
    public static void Give(SessionStep step, ApplyOrder order)
    {
        if (step.State.LaneOf(order.Path) is { } lane)
        {
            // It may know a buffer that has not been reported here yet.
            var isNewer = order.Present is { IsOpen: true } present && !(lane.Present?.Version >= present.Version);
            Put(step, lane with { Next = lane.Next.Add(order), Present = isNewer ? order.Present : lane.Present });
            return;
        }

        lane = new FileLane(order.Path, order.Present, Now: null) { Next = [order] };
        step.State = step.State with { Lanes = step.State.Lanes.Add(lane) };
        GoOn(step, lane);
    }

    /// <summary>The order before is done with: the next one goes on from what is there now.</summary>
    public static void GoOn(SessionStep step, FileLane lane)
    {
        if (lane.Next is not [var order, ..])
        {
            step.State = step.State with { Lanes = step.State.Lanes.RemoveAll(l => l.Path == lane.Path) };
            return;
        }

        lane = lane with { Now = new LaneWork.Reading(order), Next = lane.Next.RemoveAt(0) };
        Put(step, lane);
        if (lane.Present is { IsOpen: true } open)
            Begin(step, lane, order, open, []);
        else
            // Not open: nobody reported changes, so the disk is looked at again.
            step.Load(new Loading.ForLane(order));
    }

    public static void OnLoaded(SessionStep step, string path, LoadedFile file, IReadOnlyList<LandedTexts> past)
    {
        if (step.State.LaneOf(path) is not { Now: LaneWork.Reading { Order: var order } } lane)
            return;
        if (order.WhyGone(file) is { } gone)
            End(step, lane, order, new ApplyOutcome.Gone(gone));
        else
            Begin(step, lane, order, file.Snapshot!, past);
    }

    public static void OnAnswered(SessionStep step, ApplyAnswered answered)
    {
        if (Sent(step, answered.DeliveryNumber) is not { Now: LaneWork.Applying { Attempt: var attempt, Order: var order } } lane)
            return;
        step.Do(new StopDeadline(new Deadline.Answer(attempt.Number)));
        if (answered.TimedOut && order.Confirm)
        {
            // Like a question that nobody has answered: open for the commands.
            End(step, lane, order, new ApplyOutcome.Stale(answered.Reason ?? "") { Present = attempt.Present });
            return;
        }

        attempt = attempt with
        {
            Answer = answered.Applied ? new ClientAnswer.Applied(answered.Reason)
                : answered.Failed ? new ClientAnswer.Failed(answered.Reason) : new ClientAnswer.Refused(answered.Reason),
        };
        if (Judge(step, lane, order, attempt, isLate: false) is AttemptVerdict.Wait)
            step.Do(new StartDeadline(new Deadline.Landed(attempt.Number), LandedGrace));
    }

    /// <summary>The file changed while the editor is applying: by our edit, by the user, or by both.</summary>
    public static void OnFileSeen(SessionStep step, FileSnapshot file)
    {
        if (step.State.LaneOf(file.Path) is not { } lane)
            return;
        lane = lane with { Present = file };
        Put(step, lane);
        if (lane.Now is not LaneWork.Applying { Order: var order, Attempt: var attempt })
            return;
        attempt = attempt.Seen(file);
        if (attempt.Answer is null)
            Put(step, lane with { Now = new LaneWork.Applying(order, attempt) });
        else
            Judge(step, lane, order, attempt, isLate: false);
    }

    public static void OnNoAnswer(SessionStep step, int delivery)
    {
        if (Sent(step, delivery) is { Now: LaneWork.Applying { Attempt: { Answer: null } attempt, Order: var order } } lane)
            Judge(step, lane, order, attempt with { Answer = new ClientAnswer.Silent() }, isLate: true);
    }

    public static void OnNoReport(SessionStep step, int delivery)
    {
        if (Sent(step, delivery) is { Now: LaneWork.Applying { Attempt: { Answer: not null } attempt, Order: var order } } lane)
            Judge(step, lane, order, attempt, isLate: true);
    }

    /// <summary>Takes out what the editor has not got yet; nothing comes of it any more.</summary>
    public static IReadOnlyList<ApplyOrder> TakeBack(SessionStep step, Func<ApplyOrder, bool> whose)
    {
        var taken = new List<ApplyOrder>();
        foreach (var lane in step.State.Lanes)
        {
            taken.AddRange(lane.Next.Where(whose));
            var rest = lane with { Next = lane.Next.RemoveAll(order => whose(order)) };
            if (rest.Now is LaneWork.Reading { Order: var order } && whose(order))
            {
                taken.Add(order);
                rest = rest with { Now = null };
                step.State = step.State with
                {
                    Loading = step.State.Loading.RemoveRange(
                        step.State.Loading.Where(l => l.Value is Loading.ForLane && l.Value.Path == lane.Path).Select(l => l.Key)),
                };
            }

            Put(step, rest);
        }

        return taken;
    }

    /// <summary>The order that a lane carries out is another from now on.</summary>
    public static void Amend(SessionStep step, FileLane lane, ApplyOrder order) => Put(step, lane with { Now = lane.Now! with { Order = order } });

    private static void Begin(SessionStep step, FileLane lane, ApplyOrder order, FileSnapshot present, IReadOnlyList<LandedTexts> past)
    {
        lane = lane with { Present = present };
        var plan = order.Plan(present, past);
        if (plan is LanePlan.Send send)
            Send(step, lane, plan.Order, new Attempt(0, 1, present, send.Hunks) { Fates = send.Fates, Delete = send.Delete });
        else
            End(step, lane, plan.Order, ((LanePlan.End)plan).Outcome);
    }

    private static void Send(SessionStep step, FileLane lane, ApplyOrder order, Attempt attempt)
    {
        // An edit without any lines makes an empty file; lines that nobody chose make none.
        var creates = order.MakesEmptyFile && attempt.Sent is { Exists: false, IsOpen: false };
        if (attempt.Hunks.Count == 0 && !creates && !attempt.Delete)
        {
            End(step, lane, order, new ApplyOutcome.Unsent { Present = attempt.Sent, Fates = attempt.Fates });
            return;
        }

        attempt = attempt with { Number = step.State.LastDelivery + 1 };
        step.State = step.State with { LastDelivery = attempt.Number };
        Put(step, lane with { Now = new LaneWork.Applying(order, attempt) });
        step.Do(new ApplyToEditor(attempt.Number, attempt.Sent, attempt.Hunks, $"Pi: {order.Tool} {step.Named(order.Path)}", order.Confirm, attempt.Delete)
        {
            Protected = order.Protected,
        });
        // A preview stands as long as a question may; the editor's side watches that.
        if (!order.Confirm)
            step.Do(new StartDeadline(new Deadline.Answer(attempt.Number), AnswerGrace));
    }

    /// <summary>Compares the buffer with what was sent.</summary>
    private static AttemptVerdict Judge(SessionStep step, FileLane lane, ApplyOrder order, Attempt attempt, bool isLate)
    {
        var verdict = AttemptVerdict.Of(order, attempt, isLate);
        switch (verdict)
        {
            case AttemptVerdict.Wait:
                Put(step, lane with { Now = new LaneWork.Applying(order, attempt) });
                break;
            case AttemptVerdict.Again again:
                step.Do(new StopDeadline(new Deadline.Landed(attempt.Number)));
                SendAgain(step, lane, order, attempt, again.Doubtful);
                break;
            case AttemptVerdict.Over { Outcome: var outcome }:
                Tell(step, order, attempt, outcome);
                End(step, lane, order, outcome);
                break;
        }

        return verdict;
    }

    private static void SendAgain(SessionStep step, FileLane lane, ApplyOrder order, Attempt attempt, ImmutableDictionary<string, HunkFate> doubtful)
    {
        var present = attempt.Present;
        var view = ProposalView.Of(attempt.Sent, [.. attempt.Hunks.Where(h => !doubtful.ContainsKey(h.Id))], present);
        if (order.IsOwnText && view.Clashes.Count > 0)
        {
            End(step, lane, order, new ApplyOutcome.Stale(OwnTextClashes) { Present = present });
            return;
        }

        Send(step, lane, order, new Attempt(0, attempt.Try + 1, present, view.Hunks) { Fates = attempt.Fates.AddRange(doubtful).AddRange(FatesIn(view)) });
    }

    /// <summary>What became of the hunks that the text has no place for.</summary>
    public static ImmutableDictionary<string, HunkFate> FatesIn(ProposalView view) => view.Clashes
        .Select(c => KeyValuePair.Create(c.Original.Id, new HunkFate(FateKind.Clashed, c.PresentText)))
        .Concat(view.AlreadyThere.Select(id => KeyValuePair.Create(id, HunkFate.Landed))).ToImmutableDictionary();

    /// <summary>What others than the one who gave the order are to know.</summary>
    private static void Tell(SessionStep step, ApplyOrder order, Attempt attempt, ApplyOutcome outcome)
    {
        if (attempt.Delete)
            return;
        var sent = attempt.Sent;
        // Remembered for the agent's next read; of a preview nobody knows what was ticked.
        if (outcome is ApplyOutcome.Landed { IsVerified: false, What: var believed } && !order.Confirm)
            step.Do(new RememberUnsaved(order.Path, sent.Disk is { } disk ? disk.Text : sent.Exists ? sent.Text : null, believed.Text));
        step.Do(new StopDeadline(new Deadline.Landed(attempt.Number)));
        if (outcome is ApplyOutcome.Landed)
            step.Do(new AnnounceLanded(order.Path));
    }

    private static void End(SessionStep step, FileLane lane, ApplyOrder order, ApplyOutcome outcome) =>
        Put(step, lane with { Now = new LaneWork.Over(order, outcome) });

    private static FileLane? Sent(SessionStep step, int number) => step.State.Lanes.FirstOrDefault(l => l.Attempt?.Number == number);

    private static void Put(SessionStep step, FileLane lane)
    {
        var at = step.State.Lanes.FindIndex(l => l.Path == lane.Path);
        step.State = step.State with { Lanes = step.State.Lanes.SetItem(at, lane) };
    }
}
