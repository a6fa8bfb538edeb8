using PiLsp.Edits;
using PiLsp.Sessions;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>While an edit of a closed file waits, something else happens to the file: it is said what.</summary>
public class GoneTests
{
    private readonly SessionReplay _session = new SessionReplay().Running();

    public GoneTests() => _session.Propose("one\n2\nthree\nfour\nfive\n", SessionReplay.Closed(SessionReplay.Text));

    [Fact]
    public void Deleted_or_renamed() => Told(new LoadedFile(SessionReplay.Missing, null, "ENOENT", "no such file", null), "the file was deleted or renamed");

    [Fact]
    public void A_folder_now() => Told(new LoadedFile(null, null, "EISDIR", "a.txt is a directory.", null), "a folder took the file's place");

    [Fact]
    public void A_link_now() =>
        Told(new LoadedFile(SessionReplay.Closed(SessionReplay.Text), null, null, null, null) { LinkTarget = "/etc/passwd" },
            "a link to /etc/passwd took the file's place");

    [Fact]
    public void No_text_any_more() => Told(new LoadedFile(null, [0], null, null, null), "the file became one that is no UTF-8 text");

    private void Told(LoadedFile now, string what)
    {
        var load = _session.Post(new EditDecided("d1", null, ApplyDecision.All)).OfType<LoadFile>().Single();
        _session.Post(new FileLoaded(load.Key, now));
        Assert.Equal($"Your edit of a.txt was not applied: while the edit waited, {what}.", _session.Told.Text);
        Assert.Equal((false, ProposalStatus.Failed, $"while the edit waited, {what}"), (_session.Result.Done, _session.Result.Status, _session.Result.Reason));
        Assert.Empty(_session.All.OfType<ApplyToEditor>());
    }
}
