using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Tests.Sessions;
using Xunit;

namespace PiLsp.Tests.Edits;

public class EditSumTests
{
    private readonly SessionReplay _session = new SessionReplay().Running();

    [Fact]
    public void What_landed_is_counted_and_what_was_left_out_is_not()
    {
        _session.Propose("one\n2\n2b\nthree\n4\nfive\n");
        _session.Apply("h1");
        _session.Land();
        Assert.Equal(new EditSum(2, 1, 1, 1, ChangedByUser: false), _session.Edit.Sum);
        Assert.Contains("+2b", EditSum.Landed(_session.Edit, "a.txt"), StringComparison.Ordinal);
        Assert.DoesNotContain("+4", EditSum.Landed(_session.Edit, "a.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_own_version_is_what_landed()
    {
        _session.Propose("one\n2\nthree\nfour\nfive\n");
        _session.Decide(new ApplyDecision(null, "one\nmine\nand more\nthree\nfour\nfive\n", null, KeepRest: false));
        _session.Land();
        Assert.Equal((2, 1, true), (_session.Edit.Sum!.Added, _session.Edit.Sum.Removed, _session.Edit.Sum.ChangedByUser));
        var kept = PastEdit.Read(PastEdit.Light(_session.Edit), _session.Edit.Base.Text, PastEdit.Write(_session.Edit));
        Assert.Equal(EditSum.Landed(_session.Edit, "a.txt"), EditSum.Landed(kept, "a.txt"));
        Assert.Contains("+and more", EditSum.Landed(kept, "a.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_rejected_one_has_landed_and_a_withdrawn_one_has_no_sum()
    {
        _session.Propose("one\n2\nthree\nfour\nfive\n");
        _session.Decide(new RejectDecision("no", null));
        Assert.Equal(new EditSum(0, 0, 0, 1, ChangedByUser: false), _session.Edit.Sum);
        _session.Propose("one\n2\nthree\nfour\nfive\n", call: "t2");
        _session.Say(new PiLsp.Agents.AgentExited("gone", Expected: false));
        Assert.Null(_session.Edit.Sum);
    }
}
