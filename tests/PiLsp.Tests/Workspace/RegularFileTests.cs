using System.Diagnostics;
using PiLsp.Files;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/proc/self/fd/0")]
    [InlineData("/proc/self/environ")]
    [InlineData("/proc/self/root/etc/hostname")]
    [InlineData("/proc/1/../self/status")]
    [InlineData("/dev/stdin")]
    [InlineData("/dev/zero")]
    [InlineData("/dev/fd/0")]
    [InlineData("/sys/kernel/notes")]
    public async Task What_the_system_makes_up_is_no_file_by_whatever_way(string target)
    {
        if (!OperatingSystem.IsLinux())
            return;
        File.CreateSymbolicLink(_folder.At("notes.md"), target);
        Directory.CreateSymbolicLink(_folder.At("root"), "/");
        foreach (var path in new[] { target, _folder.At("notes.md"), _folder.At("root") + target })
        {
            var error = Assert.IsType<DiskError>(await DiskFile.ReadAsync(path));
            Assert.Equal("EACCES", error.Code);
            Assert.Contains("part of the system", error.Message, StringComparison.Ordinal);
            Assert.NotNull(WorkspacePath.WhyNoFile(path));
            Assert.Null(WorkspacePath.ResolveLinks(path));
        }
    }

    [Fact]
    public void The_kernel_says_what_was_opened_where_a_link_has_hidden_it()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Nobody has followed the links before: what the handle leads to decides.
        File.CreateSymbolicLink(_folder.At("notes.md"), "/proc/self/status");
        Assert.Throws<RefusedFileException>(() => RegularFile.OpenRead(_folder.At("notes.md")));
        _folder.Write("real", [1]);
        File.CreateSymbolicLink(_folder.At("link"), "real");
        string? judged = null;
        Assert.Throws<RefusedFileException>(() => RegularFile.OpenRead(_folder.At("link"), real => (judged = real) is null ? null : "It is private."));
        Assert.Equal(WorkspacePath.ResolveLinks(_folder.At("real")), judged);
    }

    [Fact]
    public async Task A_named_pipe_is_refused_at_once()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var make = Process.Start("mkfifo", _folder.At("pipe")))
            await make.WaitForExitAsync();
        var error = Assert.IsType<DiskError>(await DiskFile.ReadAsync(_folder.At("pipe")));
        Assert.Equal("EACCES", error.Code);
        Assert.Contains("named pipe", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"C:\work\NUL", "device")]
    [InlineData(@"C:\work\con.txt", "device")]
    [InlineData(@"C:\work\aux \a.txt", "device")]
    [InlineData(@"C:\work\COM1", "device")]
    [InlineData(@"\\.\PhysicalDrive0", "system")]
    [InlineData(@"\\?\C:\work\a.txt", "system")]
    [InlineData(@"\\server\pipe\x", "pipe")]
    [InlineData(@"C:\work\a.txt:hidden", "stream")]
    public void Names_of_Windows_that_are_no_files(string path, string word) =>
        Assert.Contains(word, WindowsName.WhyNoFile(path), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"C:\work\null.txt")]
    [InlineData(@"C:\work\console\com10")]
    [InlineData(@"\\server\share\a.txt")]
    public void Ordinary_names_of_Windows(string path) => Assert.Null(WindowsName.WhyNoFile(path));
}
