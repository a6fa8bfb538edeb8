using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public class WorkspacePathTests
{
    [Theory]
    [InlineData("file:///home/me/a%20b.cs", "/home/me/a b.cs")]
    [InlineData("file:///home/me/a b.cs", "/home/me/a b.cs")]
    [InlineData("file:///c%23/what%3F.txt", "/c#/what?.txt")]
    [InlineData("file:///c#/what?.txt", "/c#/what?.txt")]
    [InlineData("file:///%E6%97%A5/%F0%9F%98%80", "/日/😀")]
    [InlineData("file:///50%25/a%2", "/50%/a%2")]
    [InlineData("file:///ws/../etc/./x/", "/etc/x")]
    [InlineData("file://localhost/x", "/x")]
    [InlineData("FILE:/x", "/x")]
    [InlineData("file:///", "/")]
    [InlineData("file://server/share/x", null)]
    [InlineData("file:///a%2Fb", null)]
    [InlineData("file:///a%00b", null)]
    [InlineData("untitled:Untitled-1", null)]
    [InlineData("git:/x.cs?{}", null)]
    [InlineData("file:relative", null)]
    [InlineData("", null)]
    public void A_file_uri_becomes_a_decoded_path(string uri, string? path) => Assert.Equal(path, WorkspacePath.FromUri(uri, windows: false));

    [Theory]
    [InlineData("file:///c%3A/x/a%20b", @"c:\x\a b")]
    [InlineData("file:///C:/x", @"C:\x")]
    [InlineData("file:///c:", @"c:\")]
    [InlineData("file://server/share/a%20b", @"\\server\share\a b")]
    [InlineData("file://server/share/../../x", @"\\server\share\x")]
    [InlineData("file:///c:/a%5Cb", null)]
    public void On_Windows_it_has_a_drive_or_a_server(string uri, string? path) => Assert.Equal(path, WorkspacePath.FromUri(uri, windows: true));

    [Theory]
    [InlineData("/home/me/a b#?.cs", "file:///home/me/a%20b%23%3F.cs", false)]
    [InlineData("/日/50%", "file:///%E6%97%A5/50%25", false)]
    [InlineData("/", "file:///", false)]
    [InlineData(@"c:\a b\x", "file:///c:/a%20b/x", true)]
    [InlineData(@"C:\", "file:///C:/", true)]
    [InlineData(@"\\server\share\x y", "file://server/share/x%20y", true)]
    public void A_path_becomes_a_uri_and_comes_back(string path, string uri, bool windows)
    {
        Assert.Equal(uri, WorkspacePath.ToUri(path, windows));
        Assert.Equal(path, WorkspacePath.FromUri(uri, windows));
    }

    [Theory]
    [InlineData(@"c:\X\y", @"C:/x\Y\", true, true)]
    [InlineData("/c:/x", "/C:/x", false, true)]
    [InlineData("/a/X", "/a/x", false, false)]
    [InlineData("/a//b/../x/", "/a/x", false, true)]
    [InlineData(@"c:\x", @"d:\x", true, false)]
    public void Paths_are_compared_by_the_systems_rules(string one, string other, bool windows, bool same) =>
        Assert.Equal(same, WorkspacePath.SamePath(one, other, windows));

    [Theory]
    [InlineData("/ws", "/ws/a", false, true)]
    [InlineData("/ws", "/ws", false, true)]
    [InlineData("/ws", "/ws2/a", false, false)]
    [InlineData("/ws/", "/ws/../etc", false, false)]
    [InlineData("/", "/etc", false, true)]
    [InlineData(@"C:\Ws", @"c:\ws\a", true, true)]
    [InlineData(@"C:\", @"c:\a", true, true)]
    [InlineData(@"\\s\share", @"\\s\share\a", true, true)]
    [InlineData(@"\\s\share", @"\\s\share2\a", true, false)]
    public void Inside_means_whole_segments_without_dots(string root, string path, bool windows, bool inside) =>
        Assert.Equal(inside, WorkspacePath.IsInside(root, path, windows));

    [Fact]
    public void Links_are_followed_also_for_a_file_that_does_not_exist_yet()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("outside/deep"));
        Directory.CreateDirectory(folder.At("ws"));
        Directory.CreateSymbolicLink(folder.At("ws/out"), folder.At("outside/deep"));
        Directory.CreateSymbolicLink(folder.At("ws/up"), "out/..");
        File.CreateSymbolicLink(folder.At("ws/dangling"), "../outside/none.txt");

        Assert.Equal(folder.At("outside/deep/new/x.txt"), WorkspacePath.ResolveLinks(folder.At("ws/out/new/x.txt")));
        Assert.Equal(folder.At("outside/x.txt"), WorkspacePath.ResolveLinks(folder.At("ws/up/x.txt")));
        Assert.Equal(folder.At("outside/none.txt"), WorkspacePath.ResolveLinks(folder.At("ws/dangling")));
        Assert.Equal(folder.At("ws/plain"), WorkspacePath.ResolveLinks(folder.At("ws/plain")));
    }

    [Fact]
    public void Links_in_a_circle_and_relative_paths_lead_nowhere()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("a"), folder.At("b"));
        File.CreateSymbolicLink(folder.At("b"), folder.At("a"));
        Assert.Null(WorkspacePath.ResolveLinks(folder.At("a/x")));
        Assert.Null(WorkspacePath.ResolveLinks("relative/x"));
    }
}
