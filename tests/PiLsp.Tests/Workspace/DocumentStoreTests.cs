using PiLsp.Lsp;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

public class DocumentStoreTests
{
    private readonly DocumentStore _store = new();

    [Theory]
    [InlineData("file:///c%3A/x/a%20b.cs")]
    [InlineData("file:///C:/x/a%20b.cs")]
    [InlineData("file:///c:/x/a b.cs")]
    public void Every_spelling_of_a_uri_finds_the_document_with_the_clients_own_one(string asked)
    {
        _store.Open("file:///c%3A/x/a%20b.cs", "csharp", 1, "text");
        Assert.Equal("file:///c%3A/x/a%20b.cs", _store.FindByUri(asked)?.Uri);
        Assert.Throws<InvalidOperationException>(() => _store.Open(asked, "csharp", 1, "text"));
    }

    [Fact]
    public void A_document_that_is_no_file_is_found_by_its_uri()
    {
        var opened = _store.Open("untitled:Untitled-1", "plaintext", 1, "");
        Assert.Null(opened.Path);
        Assert.Same(opened, _store.FindByUri("untitled:Untitled-1"));
    }

    [Fact]
    public void A_change_of_a_document_that_is_not_open_changes_nothing()
    {
        Assert.Null(_store.Change("file:///a", 2, [new(null, "x")], PositionEncoding.Utf16));
        Assert.Empty(_store.All);
    }

    [Fact]
    public void A_save_puts_the_mirror_right_and_ends_every_doubt()
    {
        _store.Open("file:///a", "plaintext", 1, "a\rb\nc\n");
        var length = System.Text.Json.JsonSerializer.SerializeToElement(7);
        Assert.True(_store.Change("file:///a", 2, [new(new Lsp.Range(new(1, 0), new(1, 1)), "x", length)], PositionEncoding.Utf16)!.IsDoubtful);
        var saved = _store.Save("file:///a", "the\rtext\n")!;
        Assert.Equal(("the\rtext\n", 2, false, true), (saved.Text, saved.Version, saved.IsDoubtful, saved.IsKnownSaved));
    }

    [Fact]
    public void A_snapshot_taken_before_a_change_stays_as_it_was()
    {
        _store.Open("file:///a", "plaintext", 1, "one");
        var before = _store.FindByUri("file:///a")!;
        _store.Change("file:///a", 5, [new(new Lsp.Range(new(0, 0), new(0, 0)), "no")], PositionEncoding.Utf16);
        Assert.Equal("one", before.Text);
        Assert.Equal(("noone", 5), (_store.FindByUri("file:///a")!.Text, _store.FindByUri("file:///a")!.Version));
    }

    [Fact]
    public void A_document_is_known_to_be_saved_after_a_save_and_again_after_an_undo()
    {
        _store.Open("file:///a", "plaintext", 1, "one");
        Assert.False(_store.FindByUri("file:///a")!.IsKnownSaved);
        Assert.True(_store.Save("file:///a")!.IsKnownSaved);
        Assert.False(_store.Change("file:///a", 2, [new(null, "two")], PositionEncoding.Utf16)!.IsKnownSaved);
        var undone = _store.Change("file:///a", 3, [new(null, "one")], PositionEncoding.Utf16)!;
        Assert.True(undone.IsKnownSaved);
        Assert.Equal(1, undone.SavedVersion);
    }

    [Fact]
    public void A_closed_document_is_gone_and_may_be_opened_again()
    {
        _store.Open("file:///a", "plaintext", 1, "one");
        Assert.True(_store.Close("file:///a"));
        Assert.False(_store.Close("file:///a"));
        Assert.Empty(_store.All);
        Assert.Null(_store.Save("file:///a"));
        _store.Open("file:///a", "plaintext", 1, "again");
        Assert.Single(_store.All);
    }

    [Fact]
    public void A_buffer_is_found_by_the_path_behind_a_symbolic_link()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("real"));
        Directory.CreateSymbolicLink(folder.At("link"), folder.At("real"));
        var opened = _store.Open(WorkspacePath.ToUri(folder.At("link/new.txt")), "plaintext", 1, "unsaved");
        Assert.Same(opened, _store.FindByPath(folder.At("real/new.txt")));
        Assert.Same(opened, _store.FindByPath(folder.At("link/new.txt")));
        Assert.Null(_store.FindByPath(folder.At("real/other.txt")));
    }
}
