using PiLsp.Edits;
using PiLsp.Tests.Workspace;
using Xunit;

namespace PiLsp.Tests.Server;

public sealed class ProtectedPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string? Why(string root, string path) => ProtectedPath.Why([_folder.At(root)], ProtectedPath.Defaults, _folder.At(path));

    [Fact]
    public void A_checkout_that_an_agent_has_made_in_its_folder_is_a_workspace_like_any_other()
    {
        Directory.CreateDirectory(_folder.At("w/.claude/worktrees/one"));
        Assert.NotNull(Why("w", "w/.claude/worktrees/one/a.cs"));
        Assert.Null(Why("w/.claude/worktrees/one", "w/.claude/worktrees/one/a.cs"));
        Assert.Contains(".claude", Why("w/.claude/worktrees/one", "w/.claude/worktrees/one/.claude/settings.json"), StringComparison.Ordinal);
        Assert.Contains(".env", Why("w/.claude/worktrees/one", "w/.claude/worktrees/one/.env"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.At("w/.ssh"));
        Assert.NotNull(Why("w/.ssh", "w/.ssh/authorized_keys"));
    }

    [Fact]
    public void What_a_path_leads_to_decides_whatever_the_spelling_of_the_workspace()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(_folder.At("real/src"));
        Directory.CreateDirectory(_folder.At("else"));
        Directory.CreateSymbolicLink(_folder.At("linked"), _folder.At("real"));
        Directory.CreateSymbolicLink(_folder.At("real/out"), _folder.At("else"));
        foreach (var root in new[] { "real", "linked" })
        {
            Assert.Null(Why(root, "real/src/a.cs"));
            Assert.Null(Why(root, "linked/src/a.cs"));
            Assert.Null(Why(root, "linked"));
            Assert.Contains("outside", Why(root, "else/a.cs"), StringComparison.Ordinal);
            Assert.Contains("out of the workspace", Why(root, root + "/out/a.cs"), StringComparison.Ordinal);
        }
    }
}
