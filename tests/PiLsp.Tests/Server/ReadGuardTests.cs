using PiLsp.Faces;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Server;

public class ReadGuardTests
{
    private static readonly ReadGuard Outside = new(() => "outside", () => ["/work"]);

    [Theory]
    [InlineData("untitled:Untitled-1")]
    [InlineData("untitled:.env")]
    [InlineData("git:/work/a.txt?HEAD")]
    public void A_buffer_without_a_file_is_read_unasked_though_its_path_lies_outside(string uri) => Assert.Null(Outside.Look(VirtualPath.Of(uri)));

    [Fact]
    public void A_file_beside_it_is_asked_for() =>
        Assert.Equal("is outside the workspace", Outside.Look(VirtualPath.Folder + "-not.txt")?.Why);
}
