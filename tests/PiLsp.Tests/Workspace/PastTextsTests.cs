using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

/// <summary>Texts of the past come back as they were, and none is lost where the disk fails.</summary>
public sealed class PastTextsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _problems = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_text_comes_back_as_it_was_halves_of_characters_and_all()
    {
        using var past = new PastTexts(_problems.Add, _folder.At("past"));
        string[] texts = ["", "one\r\ntwo\r", "half \ud83d and \udc4d", new string('x', 3_000_000) + "\0"];
        var kept = new List<KeptText>();
        foreach (var text in texts)
            kept.Add((await past.KeepAsync(text))!);
        Assert.Equal(texts, kept.Select(past.Read));
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task The_same_text_is_put_there_once()
    {
        using var past = new PastTexts(_problems.Add, _folder.At("past"));
        var first = await past.KeepAsync("a file that is edited");
        Assert.NotEqual(first, await past.KeepAsync("another one"));
        Assert.Same(first, await past.KeepAsync(string.Concat("a file ", "that is edited")));
    }

    [Fact]
    public async Task Of_a_text_that_is_nearly_the_last_one_only_the_rest_is_put_there()
    {
        using var past = new PastTexts(_problems.Add, _folder.At("past"));
        var random = new Random(5);
        var texts = new List<string> { string.Concat(Enumerable.Range(0, 5_000).Select(i => $"line {random.Next()} \ud83d\udc4d\n")) };
        for (var i = 0; i < 60; i++)
            texts.Add(random.Next(3) == 0 ? texts[^1].Remove(random.Next(50_000), random.Next(500))
                : texts[^1].Insert(random.Next(50_000), $"{random.Next()}"));
        texts.Add(texts[0] + texts[0]);
        texts.Add("");
        var kept = new List<KeptText>();
        foreach (var text in texts)
            kept.Add((await past.KeepAsync(text))!);
        Assert.Equal(texts, kept.Select(past.Read));
        Assert.InRange(kept.Skip(1).Take(60).Average(k => k.Size), 1, kept[0].Size / 4.0);
        Assert.All(kept, k => Assert.InRange(k.Depth, 1, 16));
    }

    [Fact]
    public async Task Nobody_finds_it_by_a_name_and_nothing_stays_behind()
    {
        if (OperatingSystem.IsWindows())
            return;
        var place = _folder.At("past");
        using (var past = new PastTexts(_problems.Add, place))
        {
            await past.KeepAsync("private");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(place));
            Assert.Empty(Directory.GetFileSystemEntries(place));
        }

        Assert.Empty(Directory.GetFileSystemEntries(place));
    }

    [Fact]
    public async Task Where_the_disk_cannot_be_written_a_text_stays_where_it_is_and_that_is_said_once()
    {
        var noFolder = _folder.At("a file");
        await File.WriteAllTextAsync(noFolder, "");
        using var past = new PastTexts(_problems.Add, noFolder);
        Assert.Null(await past.KeepAsync("one"));
        Assert.Null(await past.KeepAsync("two"));
        Assert.Contains("stay in the memory", Assert.Single(_problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_any_more_is_an_error_and_no_other_text()
    {
        using var past = new PastTexts(_problems.Add, _folder.At("past"));
        var kept = (await past.KeepAsync("one text"))!;
        Assert.Throws<IOException>(() => past.Read(kept with { At = kept.At + 1000 }));
        Assert.Throws<IOException>(() => past.Read(kept with { Length = kept.Length + 1 }));
        past.Dispose();
        Assert.Throws<IOException>(() => past.Read(kept));
        Assert.Null(await past.KeepAsync("late"));
    }
}
