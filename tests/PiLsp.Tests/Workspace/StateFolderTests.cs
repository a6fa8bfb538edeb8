using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public sealed class StateFolderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pilsp-state-{Guid.NewGuid():N}");

    [Fact]
    public void What_is_left_is_taken_once_and_is_nobody_elses_to_read()
    {
        var folder = new StateFolder(TimeProvider.System, _path);
        Assert.Null(folder.Take("a"));
        folder.Leave("a", "old"u8.ToArray());
        folder.Leave("a", "new"u8.ToArray());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_path, "a")));
        Assert.Equal("new"u8.ToArray(), new StateFolder(TimeProvider.System, _path).Take("a"));
        Assert.Null(folder.Take("a"));
        Assert.Empty(Directory.EnumerateFiles(_path));
    }

    [Fact]
    public void What_nobody_comes_for_goes_after_a_month()
    {
        var folder = new StateFolder(TimeProvider.System, _path);
        folder.Leave("a", [1]);
        File.SetLastWriteTimeUtc(Path.Combine(_path, "a"), DateTime.UtcNow.AddDays(-31));
        folder.Leave("b", [1]);
        Assert.Equal(["b"], Directory.EnumerateFiles(_path).Select(Path.GetFileName));
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
            Directory.Delete(_path, recursive: true);
    }
}
