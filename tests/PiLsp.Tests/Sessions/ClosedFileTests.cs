using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>Edits of files that are not open, or not there yet: what is believed, what is checked.</summary>
public class ClosedFileTests
{
    private const string Before = SessionReplay.Text;
    private const string After = SessionReplay.Proposed;

    private readonly SessionReplay _session = new SessionReplay().Running();

    public ClosedFileTests() => _session.Propose(After);

    [Fact]
    public void A_closed_file_is_read_again_when_the_user_decides()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        var effects = _session.Decide(ApplyDecision.All, "s1-e2", SessionReplay.Closed("zero\n" + Before));
        var apply = Assert.Single(effects.OfType<ApplyToEditor>());
        Assert.Equal("zero\n" + After, TextDiff.Apply(apply.Sent.Text, apply.Hunks));
    }

    [Fact]
    public void What_the_editor_keeps_to_itself_is_believed_remembered_and_said_to_be_unchecked()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.Answer(true);
        Assert.Contains(new RememberUnsaved(SessionReplay.Path, Before, After), _session.Pass<Deadline.Landed>());
        Assert.Equal("Applied to a.txt (2 changes). The editor says so; it has not opened the file for us, so it could not be checked.", _session.Told.Text);
    }

    [Fact]
    public void A_closed_file_that_the_editor_opens_for_the_edit_is_checked()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        _session.Decide(ApplyDecision.All, "s1-e2");
        _session.Answer(true);
        _session.See(Before);
        Assert.True(_session.State.IsBeingApplied(_session.Edit));
        _session.See(After);
        Assert.Equal("Applied to a.txt (2 changes).", _session.Told.Text);
    }

    [Fact]
    public void A_buffer_closed_while_the_edit_was_on_its_way_is_judged_by_its_last_text()
    {
        _session.Apply();
        _session.Post(new FileSeen(SessionReplay.Closed(Before)));
        _session.Answer(true);
        var effects = _session.Pass<Deadline.Landed>();
        Assert.Empty(effects.OfType<RememberUnsaved>());
        Assert.Empty(effects.OfType<ApplyToEditor>());
        Assert.True(_session.Told.IsError);
    }

    [Fact]
    public void A_new_file_is_created()
    {
        _session.Propose("x\n", SessionReplay.Missing, "t2");
        var apply = Assert.Single(_session.Decide(ApplyDecision.All, "s1-e2", SessionReplay.Missing).OfType<ApplyToEditor>());
        Assert.False(apply.Sent.Exists);
        _session.See("x\n");
        _session.Answer(true);
        Assert.Equal("Created a.txt.", _session.Told.Text);
    }

    [Fact]
    public void A_new_file_of_which_no_line_was_chosen_is_not_created()
    {
        _session.Propose("x\n", SessionReplay.Missing, "t2");
        Assert.Empty(_session.Decide(new ApplyDecision([], null, null, false), "s1-e2", SessionReplay.Missing).OfType<ApplyToEditor>());
        Assert.True(_session.Told.IsError);
    }

    [Fact]
    public void Opened_and_typed_into_while_it_was_read_the_file_is_taken_from_the_editor()
    {
        _session.Propose(After, SessionReplay.Closed(Before), "t2");
        var load = Assert.Single(_session.Post(new EditDecided("d2", "s1-e2", ApplyDecision.All)).OfType<LoadFile>());
        _session.See("zero\n" + Before);
        var effects = _session.Post(new FileLoaded(load.Key, new LoadedFile(SessionReplay.Closed(Before), null, null, null, null)));
        Assert.Equal("zero\n" + Before, Assert.Single(effects.OfType<ApplyToEditor>()).Sent.Text);
    }
}
