using System.Text;
using PiLsp.Headless;
using PiLsp.Tests.Workspace;
using Xunit;

namespace PiLsp.Tests.Headless;

public class DiskWriteTests
{
    private static readonly Func<string, string?> Anything = _ => null;
    private static readonly UTF8Encoding WithBom = new(encoderShouldEmitUTF8Identifier: true);

    [Fact]
    public async Task A_file_is_replaced_whole_and_keeps_its_byte_order_mark()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a.txt");
        await File.WriteAllTextAsync(path, "old ä\r\n", WithBom);
        Assert.Null(await DiskWrite.ReplaceAsync(path, "old ä\r\n", "new ö\r\n", Anything, CancellationToken.None));
        Assert.Equal(WithBom.GetPreamble().Concat(Encoding.UTF8.GetBytes("new ö\r\n")), await File.ReadAllBytesAsync(path));
        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(folder.At("")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_new_file_gets_its_folders()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("x/y/a.txt");
        Assert.Null(await DiskWrite.ReplaceAsync(path, null, "", Anything, CancellationToken.None));
        Assert.Empty(await File.ReadAllBytesAsync(path));
    }

    [Theory]
    [InlineData("seen", "changed on disk")]
    [InlineData(null, "created meanwhile")]
    public async Task What_is_not_as_it_was_seen_is_left_alone(string? expected, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a.txt");
        await File.WriteAllTextAsync(path, "somebody else's");
        Assert.Contains(message, await DiskWrite.ReplaceAsync(path, expected, "ours", Anything, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(path));
        Assert.Single(Directory.GetFileSystemEntries(folder.At("")));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_not_made_again()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "changed on disk", await DiskWrite.ReplaceAsync(folder.At("a.txt"), "seen", "ours", Anything, CancellationToken.None), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.At("")));
    }

    [Fact]
    public async Task A_folder_in_the_files_place_and_a_file_in_the_folders_place_are_reasons()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("a"));
        await File.WriteAllTextAsync(folder.At("b"), "");
        Assert.NotNull(await DiskWrite.ReplaceAsync(folder.At("a"), null, "x", Anything, CancellationToken.None));
        Assert.NotNull(await DiskWrite.ReplaceAsync(folder.At("b/c"), null, "x", Anything, CancellationToken.None));
    }

    [Fact]
    public async Task Half_a_character_is_not_written_as_something_else()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a.txt");
        await File.WriteAllTextAsync(path, "old");
        Assert.NotNull(await DiskWrite.ReplaceAsync(path, "old", "new \ud83d", Anything, CancellationToken.None));
        Assert.Equal("old", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_link_that_is_turned_while_it_is_written_gets_nothing()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("a.txt"), "old");
        await File.WriteAllTextAsync(folder.At("private"), "old");
        File.CreateSymbolicLink(folder.At("link"), folder.At("a.txt"));
        var asked = 0;
        string? Judge(string path)
        {
            // The third time is the last look before the file is replaced.
            if (++asked == 3)
            {
                File.Delete(folder.At("link"));
                File.CreateSymbolicLink(folder.At("link"), folder.At("private"));
            }

            return null;
        }

        Assert.Contains(
            "leads elsewhere", await DiskWrite.ReplaceAsync(folder.At("link"), "old", "new", Judge, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(("old", "old"), (await File.ReadAllTextAsync(folder.At("a.txt")), await File.ReadAllTextAsync(folder.At("private"))));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.At("")).Length);
    }
}
