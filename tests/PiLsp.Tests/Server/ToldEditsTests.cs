using PiLsp.Edits;
using PiLsp.Server.Review;
using PiLsp.Tests.Sessions;
using Xunit;

namespace PiLsp.Tests.Server;

/// <summary>A list does not grow with every run, and nothing that was told as open is left so.</summary>
public class ToldEditsTests
{
    [Fact]
    public void Of_decided_edits_the_latest_are_told_and_one_that_waited_long_once()
    {
        var told = new ToldEdits();
        var list = Enumerable.Range(0, 250).Select(i => Edit(i, i is 0 or 200 ? ProposalStatus.Open : ProposalStatus.Applied)).ToList();
        Assert.Equal([0, .. Enumerable.Range(149, 101)], Ids(told.Next("s1", list)));
        list[0] = Edit(0, ProposalStatus.Rejected);
        Assert.Equal([0, .. Enumerable.Range(149, 101)], Ids(told.Next("s1", list)));
        Assert.Equal(Enumerable.Range(149, 101), Ids(told.Next("s1", list)));
        Assert.Equal([0, 1], Ids(told.Next("s2", list[..2])));
    }

    private static IEnumerable<int> Ids(IReadOnlyList<EditProposal> told) => told.Select(p => int.Parse(p.Id[1..], null));

    private static EditProposal Edit(int number, ProposalStatus status) => new()
    {
        Id = $"e{number}",
        RunId = "r1",
        ToolCallId = "c",
        Tool = "edit",
        RequestId = null,
        Base = SessionReplay.Open(""),
        Hunks = [],
        View = new ProposalView(SessionReplay.Open(""), [], [], []),
        Status = status,
    };
}
