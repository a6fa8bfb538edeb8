using System.Text;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public sealed class DiskFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("a\r\nb\rc\n日😀")]
    public async Task Text_is_read_as_it_is(string text)
    {
        var read = await DiskFile.ReadAsync(_folder.Write("f", Encoding.UTF8.GetBytes(text)));
        Assert.Equal(new DiskText(text, HasBom: false), read);
    }

    [Fact]
    public async Task A_byte_order_mark_is_remembered_and_is_not_text()
    {
        var read = await DiskFile.ReadAsync(_folder.Write("f", [0xEF, 0xBB, 0xBF, (byte)'a']));
        Assert.Equal(new DiskText("a", HasBom: true), read);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    [InlineData(new byte[] { (byte)'a', 0xC3 })]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public async Task What_is_not_text_comes_as_its_bytes(byte[] content)
    {
        var read = Assert.IsType<DiskBytes>(await DiskFile.ReadAsync(_folder.Write("f", content)));
        Assert.Equal(content, read.Bytes);
    }

    [Fact]
    public async Task A_failure_has_the_name_that_the_agent_knows()
    {
        _folder.Write("file", [1]);
        Directory.CreateDirectory(_folder.At("directory"));
        await AssertCode("ENOENT", "none");
        await AssertCode("ENOENT", "none/deeper");
        await AssertCode("ENOTDIR", "file/deeper");
        await AssertCode("EISDIR", "directory");
    }

    [Fact]
    public async Task Links_in_a_circle_are_ELOOP()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(_folder.At("a"), "b");
        File.CreateSymbolicLink(_folder.At("b"), "a");
        await AssertCode("ELOOP", "a");
    }

    [Fact]
    public void Refused_access_and_unknown_trouble_are_told_apart()
    {
        var path = _folder.Write("f", []);
        Assert.Equal("EACCES", DiskFile.DescribeFailure(path, new UnauthorizedAccessException()).Code);
        Assert.Equal("EIO", DiskFile.DescribeFailure(path, new IOException("the disk is on fire")).Code);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_and_one_at_the_limit_is_read()
    {
        var path = _folder.Write("f", new byte[] { 65, 65, 65, 65 });
        Assert.Equal("EFBIG", Assert.IsType<DiskError>(await DiskFile.ReadAsync(path, limit: 3)).Code);
        Assert.IsType<DiskText>(await DiskFile.ReadAsync(path, limit: 4));
    }

    private async Task AssertCode(string code, string relative)
    {
        var error = Assert.IsType<DiskError>(await DiskFile.ReadAsync(_folder.At(relative)));
        Assert.Equal(code, error.Code);
        Assert.Contains(_folder.At(relative), error.Message, StringComparison.Ordinal);
    }
}
