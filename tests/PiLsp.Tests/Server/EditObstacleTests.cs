using PiLsp.Edits;
using PiLsp.Server;
using PiLsp.Server.Editor;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Server;

public class EditObstacleTests
{
    private static readonly ClientCapabilities Neovim = new ClientCapabilities { DocumentChanges = true, CreateFiles = true }.KnownAs("Neovim");

    [Theory]
    [InlineData("one\ntwo\n", "one\n2\r2\n", null, true)]
    [InlineData("one\ntwo\n", "one\n2\r2\n", 3, false)]
    [InlineData("one\r1\ntwo\n", "one\r1\n2\n", null, false)]
    [InlineData("one\r\ntwo\r\n", "one\r\n2\r\nthree\r\n", null, false)]
    public void A_carriage_return_is_brought_only_where_it_is_seen_what_the_editor_makes_of_it(string before, string after, int? version, bool refused)
    {
        var sent = new FileSnapshot("/work/a.txt", "file:///work/a.txt", before, version, Exists: true);
        var edit = WorkspaceEdits.Build(sent, TextDiff.Compare(before, after), Neovim);
        var why = EditObstacle.Why(sent, Neovim.Opening, edit);
        Assert.Equal(refused, why is not null);
    }
}
