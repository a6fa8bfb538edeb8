using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Sessions.Running;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>An undo goes the way of every change of a file, and is no edit of the agent's.</summary>
public class UndoReducerTests
{
    private const string After = "one\n2\nthree\nfour\nfive\n";

    private readonly SessionReplay _session = new SessionReplay().Running();

    public UndoReducerTests()
    {
        _session.Propose(After);
        _session.Apply();
        _session.Land();
    }

    [Fact]
    public void It_is_never_in_the_list_of_edits_and_takes_none_of_their_numbers()
    {
        _session.Say(new RunSettled());
        var before = _session.State.Proposals;
        Assert.Empty(Undo().OfType<PublishEdits>());
        Assert.Equal((before, true), (_session.State.Proposals, SleepReducer.IsBusy(_session.State)));
        _session.See(SessionReplay.Text);
        Assert.Empty(_session.Answer(true).OfType<PublishEdits>());
        Assert.Equal("restored", Assert.Single(_session.All.OfType<CompleteUndo>().Single().Result.Files).Status);
        _session.Running("a2").Propose(After, SessionReplay.Open(SessionReplay.Text, 9), "t2");
        Assert.Equal("s1-e2", _session.Edit.Id);
    }

    [Fact]
    public void An_edit_that_is_decided_meanwhile_goes_after_it()
    {
        _session.Say(new RunSettled());
        _session.Running("a2").Propose(After + "six\n", SessionReplay.Open(After, 2), "t2");
        Undo();
        Assert.Empty(_session.Decide(ApplyDecision.All, "s1-e2").OfType<ApplyToEditor>());
        _session.See(SessionReplay.Text);
        var next = Assert.Single(_session.Answer(true).OfType<ApplyToEditor>());
        Assert.Equal(SessionReplay.Text + "six\n", TextDiff.Apply(next.Sent.Text, next.Hunks));
    }

    [Fact]
    public void What_the_editor_never_took_is_told_of_each_file()
    {
        _session.Say(new RunSettled());
        Undo();
        _session.Answer(false, "read-only");
        Assert.Equal(
            new UndoneFile(SessionReplay.Uri, "failed", "the editor refused it: read-only"),
            Assert.Single(_session.All.OfType<CompleteUndo>().Single().Result.Files));
        Assert.Empty(_session.State.Lanes);
    }

    private IReadOnlyList<SessionEffect> Undo()
    {
        var load = _session.Post(new UndoRequested("u1", "r1")).OfType<LoadFile>().Single();
        return _session.Post(new FileLoaded(load.Key, new LoadedFile(SessionReplay.Open(After, 2), null, null, null, null)));
    }
}
