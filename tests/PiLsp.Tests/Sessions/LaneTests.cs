using System.Diagnostics.CodeAnalysis;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Sessions.Lanes;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>A file's lane by itself: orders that are nobody's go in, and what became of them is seen.</summary>
public class LaneTests
{
    private const string Before = SessionReplay.Text;
    private const string After = SessionReplay.Proposed;

    private SessionState _state = new SessionReplay().State;

    private FileLane Lane => Assert.Single(_state.Lanes);

    private ApplyOutcome Outcome => Assert.IsType<LaneWork.Over>(Lane.Now).Outcome;

    [Fact]
    public void What_the_buffer_shows_has_landed_hunk_by_hunk()
    {
        Give(new Order(After));
        See("one\n2\nthree\nvier\nfive\n");
        Answer(true);
        Assert.Equal([new StopDeadline(new Deadline.Landed(1)), new AnnounceLanded(SessionReplay.Path)], Do(step => LaneReducer.OnNoReport(step, 1)));
        var landed = Assert.IsType<ApplyOutcome.Landed>(Outcome);
        Assert.True(landed.IsVerified);
        Assert.Equal([HunkFate.Landed, new HunkFate(FateKind.Changed, "vier\n")], [landed.Fates["h1"], landed.Fates["h2"]]);
        Assert.Equal("h1", Assert.Single(landed.What.Landed).Id);
    }

    [Fact]
    public void What_nobody_can_see_is_believed_and_not_called_verified()
    {
        Give(new Order(After) { Present = null });
        Load(SessionReplay.Closed(Before));
        Answer(true);
        Do(step => LaneReducer.OnNoReport(step, 1));
        var landed = Assert.IsType<ApplyOutcome.Landed>(Outcome);
        Assert.Equal((false, After), (landed.IsVerified, landed.What.Text));
    }

    [Fact]
    public void What_has_its_place_already_is_not_sent()
    {
        Give(new Order(After) { Present = SessionReplay.Open(After, 2) });
        Assert.Equal([HunkFate.Landed, HunkFate.Landed], Assert.IsType<ApplyOutcome.Unsent>(Outcome).Fates.Values);
    }

    [Fact]
    public void A_lie_is_an_edit_that_was_not_applied_and_a_closed_preview_is_a_no()
    {
        Give(new Order(After));
        Answer(true);
        Do(step => LaneReducer.OnNoReport(step, 1));
        Assert.Equal("the editor said it applied the edit, but the buffer does not show it", Assert.IsType<ApplyOutcome.NotApplied>(Outcome).Reason);

        _state = _state with { Lanes = [] };
        Give(new Order(After) { Confirm = true });
        Answer(false);
        Assert.IsType<ApplyOutcome.Declined>(Outcome);
    }

    [Fact]
    public void A_text_of_the_users_is_sent_as_a_whole_or_not_at_all()
    {
        Give(new Order(After) { IsOwnText = true });
        See("one\nzwei\nthree\nfour\nfive\n");
        Answer(false);
        Assert.Equal(LaneReducer.OwnTextClashes, Assert.IsType<ApplyOutcome.Stale>(Outcome).Reason);
    }

    [Fact]
    public void Where_the_file_is_another_nothing_is_sent()
    {
        Give(new Order(After) { Present = null });
        Do(step => LaneReducer.OnLoaded(step, SessionReplay.Path, new LoadedFile(null, [0], null, null, null), []));
        Assert.Equal("gone", Assert.IsType<ApplyOutcome.Gone>(Outcome).Reason);
    }

    [Fact]
    public void The_next_order_is_made_for_what_the_one_before_has_left()
    {
        Give(new Order(After));
        Assert.Empty(Give(new Order(Before + "six\n")));
        See(After);
        Answer(true);
        var apply = Assert.Single(Do(step => LaneReducer.GoOn(step, Lane)).OfType<ApplyToEditor>());
        Assert.Equal(After + "six\n", TextDiff.Apply(apply.Sent.Text, apply.Hunks));
        See(After + "six\n", version: 3);
        Answer(true);
        Do(step => LaneReducer.GoOn(step, Lane));
        Assert.Empty(_state.Lanes);
    }

    [Fact]
    public void Taken_back_is_only_what_the_editor_has_not_got()
    {
        var (sent, waits) = (new Order(After), new Order(Before + "six\n"));
        Give(sent);
        Give(waits);
        Do(step => Assert.Equal([waits], LaneReducer.TakeBack(step, _ => true)));
        Assert.Equal([sent], Lane.Orders);

        _state = _state with { Lanes = [] };
        Give(sent with { Present = null });
        Do(step => Assert.Single(LaneReducer.TakeBack(step, _ => true)));
        Assert.Empty(_state.Loading);
        Assert.Null(Lane.Now);
    }

    /// <summary>The answer of an attempt that is over hits nothing; nor does the end of a time that was waited for in another state.</summary>
    [Fact]
    public void What_comes_late_hits_nothing()
    {
        Give(new Order(After));
        Assert.Empty(Do(step => LaneReducer.OnNoReport(step, 1)));
        Answer(true);
        Assert.Empty(Do(step => LaneReducer.OnNoAnswer(step, 1)));
        Assert.Empty(Answer(true, delivery: 7));
        Assert.IsType<LaneWork.Applying>(Lane.Now);
    }

    private IReadOnlyList<SessionEffect> Give(ApplyOrder order) => Do(step => LaneReducer.Give(step, order));

    private void See(string text, int version = 2) => Do(step => LaneReducer.OnFileSeen(step, SessionReplay.Open(text, version)));

    private void Load(FileSnapshot file) => Do(step => LaneReducer.OnLoaded(step, file.Path, new LoadedFile(file, null, null, null, null), []));

    private IReadOnlyList<SessionEffect> Answer(bool applied, int? delivery = null) =>
        Do(step => LaneReducer.OnAnswered(step, new ApplyAnswered(delivery ?? _state.LastDelivery, applied, null)));

    private IReadOnlyList<SessionEffect> Do(Action<SessionStep> what)
    {
        var step = new SessionStep(_state);
        what(step);
        _state = step.State;
        return step.Effects;
    }

    /// <summary>Makes the text that the others start from into this one.</summary>
    private sealed record Order : ApplyOrder
    {
        private readonly IReadOnlyList<Hunk> _hunks;

        [SetsRequiredMembers]
        public Order(string newText) : base(SessionReplay.Path)
        {
            _hunks = TextDiff.Compare(Before, newText);
            Present = SessionReplay.Open(Before);
            Tool = "edit";
        }

        public override string? WhyGone(LoadedFile file) => file.Snapshot is null ? "gone" : null;

        public override LanePlan Plan(FileSnapshot present, IReadOnlyList<LandedTexts> past)
        {
            var view = ProposalView.Of(SessionReplay.Open(Before), _hunks, present);
            return new LanePlan.Send(this, view.Hunks) { Fates = LaneReducer.FatesIn(view) };
        }
    }
}
