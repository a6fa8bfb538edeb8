using System.Diagnostics;
using System.Text;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Workspace;

/// <summary>What a <c>.gitignore</c> means, held against git itself, and that no pattern makes anybody wait.</summary>
public sealed class IgnoreRulesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pilsp-ignore-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("*.log", "a.log", true)]
    [InlineData("*.log", "x/y/a.log", true)]
    [InlineData("/a", "a", true)]
    [InlineData("/a", "b/a", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "x/a/b", false)]
    [InlineData("**/b", "b", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "a/x/y", true)]
    [InlineData("[z-a].txt", "z.txt", true)]
    [InlineData("[z-a].txt", "m.txt", false)]
    [InlineData("foo[", "foo[", false)]
    [InlineData("a\\", "a", false)]
    [InlineData("\\#a", "#a", true)]
    [InlineData("a\\ ", "a ", true)]
    [InlineData("a ", "a", true)]
    [InlineData("[[:digit:]x]?", "x7", true)]
    public void A_line_means_what_git_takes_it_for(string line, string path, bool ignored) =>
        Assert.Equal(ignored, IgnoreRules.Ignore(new IgnoreRules("", line, null), path, isFolder: false));

    [Fact]
    public void The_last_line_that_fits_counts_and_the_deepest_file()
    {
        var top = new IgnoreRules("", "*.txt\n!keep.txt\nsub/drop.txt\n", null);
        var sub = new IgnoreRules("sub", "!a.txt\n/keep.txt\n", top);
        Assert.Equal([true, false, false, true, true], [
            IgnoreRules.Ignore(sub, "sub/b.txt", false), IgnoreRules.Ignore(top, "keep.txt", false), IgnoreRules.Ignore(sub, "sub/a.txt", false),
            IgnoreRules.Ignore(sub, "sub/keep.txt", false), IgnoreRules.Ignore(sub, "sub/drop.txt", false),
        ]);
    }

    [Fact]
    public async Task Git_says_the_same_of_ten_thousand_lines_and_paths()
    {
        var random = new Random(20261130);
        string[] bits = ["a", "b", "ab", "*", "**", "?", "[ab]", "[!a]", "[a-", "[z-a]", "[]a]", "\\a", "/", "/", "/", "a*b", "[[:alpha:]]", "!", " ", "\\*",
            "**a", "-", "#"];
        string[] names = ["a", "b", "ab", "aab", "ba", "a-b", "-", "#", "*", "z", "a b", "]"];
        await GitAsync("", "init", "-q");
        var wrong = new List<string>();
        for (var round = 0; round < 100; round++)
        {
            var lines = Enumerable.Range(0, 4).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => bits[random.Next(bits.Length)])));
            var text = string.Join('\n', lines) + "\n";
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, ".gitignore"), text);
            var paths = Enumerable.Range(0, 100)
                .Select(_ => string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => names[random.Next(names.Length)]))).Distinct().ToList();
            // With "non-matching" and "verbose" each path gets its line: source, number, pattern, path; of one that is matched by "!" too.
            var said = (await GitAsync(string.Concat(paths.Select(p => p + "\0")), "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin")).Split('\0');
            var rules = new IgnoreRules("", text, null);
            for (var i = 0; i < paths.Count; i++)
            {
                var git = said[(4 * i) + 2] is { Length: > 0 } pattern && pattern[0] != '!';
                // Git looks at each folder above first, and what is in an ignored one is ignored.
                var parts = paths[i].Split('/');
                var ours = Enumerable.Range(1, parts.Length).Any(n => IgnoreRules.Ignore(rules, string.Join('/', parts[..n]), n < parts.Length));
                if (git != ours)
                    wrong.Add($"{text.ReplaceLineEndings(" | ")} {paths[i]}: git {git}, we {ours}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b")]
    [InlineData("[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*b")]
    public void No_pattern_takes_its_time(string line)
    {
        var rules = new IgnoreRules("", line, null);
        // With backtracking this would go on past the end of the world.
        Assert.False(IgnoreRules.Ignore(rules, string.Join('/', Enumerable.Repeat(new string('a', 200), 20)), isFolder: false));
        Assert.False(IgnoreRules.Ignore(rules, string.Join('/', Enumerable.Repeat("a", 2000)), isFolder: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_is_listed_by_git_as_by_ourselves(bool isRepository)
    {
        if (isRepository)
            await GitAsync("", "init", "-q");
        foreach (var (name, text) in new[]
        {
            (".gitignore", "*.log\n/out/\nfoo[\n[z-a].txt\n"), ("a.txt", ""), ("a.log", ""), ("out/x.txt", ""), ("sub/.gitignore", "!kept.log\nprivate/\n"),
            ("sub/kept.log", ""), ("sub/b.log", ""), ("sub/private/p.txt", ""), ("sub/y.txt", ""), ("node_modules/m/i.js", ""),
        })
        {
            var path = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text);
        }

        var listing =
            await WorkspaceWalk.ListAsync(_folder.FullName, mayAskGit: true, 1000, TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
        Assert.Equal([".gitignore", "a.txt", "sub/.gitignore", "sub/kept.log", "sub/y.txt"], listing.Paths.Order(StringComparer.Ordinal));
        Assert.Null(listing.Problem);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_spoil_their_own_line_and_their_own_name_alone()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, ".gitignore"), [0xff, 0xfe, (byte)'\n', .. "*.log\n"u8]);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.log"), "");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.txt"), "");
        // No string of .NET's can say this name.
        await ShellAsync("touch \"$(printf 'b\\377ad')\"");
        var listing =
            await WorkspaceWalk.ListAsync(_folder.FullName, mayAskGit: false, 1000, TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
        await ShellAsync("rm b*");
        Assert.Equal([".gitignore", "a.txt"], listing.Paths.Order(StringComparer.Ordinal));
        Assert.Equal(1, listing.Unnamed);
    }

    [Fact]
    public async Task Nothing_of_the_repository_runs_when_git_is_asked()
    {
        await GitAsync("", "init", "-q");
        var ran = Path.Combine(_folder.FullName, "ran");
        var program = Path.Combine(_folder.FullName, "evil.sh");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\ntouch '{ran}'\n");
        await ShellAsync("chmod 755 evil.sh");
        var hooks = Directory.CreateDirectory(Path.Combine(_folder.FullName, "hooks")).FullName;
        foreach (var hook in new[] { "post-index-change", "fsmonitor-watchman", "pre-auto-gc", "reference-transaction" })
            File.Copy(program, Path.Combine(hooks, hook));
        await GitAsync("", "add", "evil.sh");
        foreach (var (key, value) in new[]
        {
            ("core.fsmonitor", program), ("core.hooksPath", hooks), ("core.pager", program), ("core.sshCommand", program), ("core.editor", program),
            ("filter.evil.clean", program), ("filter.evil.smudge", program), ("filter.evil.process", program), ("diff.external", program),
            ("credential.helper", program), ("alias.ls-files", "!" + program), ("core.untrackedCache", "true"), ("core.splitIndex", "true"),
        })
            await GitAsync("", "config", key, value);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, ".gitattributes"), "* filter=evil\n");
        File.SetLastWriteTimeUtc(program, DateTime.UtcNow.AddDays(-1));
        var listing = await GitFiles.ListAsync(_folder.FullName, 1000, CancellationToken.None);
        Assert.Contains("evil.sh", listing!.Paths);
        Assert.False(File.Exists(ran));
    }

    [Fact]
    public async Task What_is_not_found_in_time_is_said()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.txt"), "");
        var listing = await WorkspaceWalk.ListAsync(_folder.FullName, mayAskGit: false, 1000, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        Assert.Equal("it took longer than 0 s", listing.Problem);
        var few = await WorkspaceWalk.ListAsync(_folder.FullName, mayAskGit: false, 0, TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
        Assert.Equal("the workspace has more than 0 files", few.Problem);
    }

    private async Task ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _folder.FullName })!;
        await shell.WaitForExitAsync();
    }

    private async Task<string> GitAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEndAsync();
        await git.StandardInput.WriteAsync(input);
        git.StandardInput.Close();
        await git.WaitForExitAsync();
        return await output;
    }
}
