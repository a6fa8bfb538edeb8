using PiLsp.Pi;
using Xunit;

namespace PiLsp.Tests.Pi;

public sealed class PiLocatorTests
{
    private const string Package = """{"name": "@earendil-works/pi-coding-agent", "version": "0.87.1", "bin": {"pi": "dist/bundle/cli.js"}}""";
    private const string OldPackage = """{"name": "@mariozechner/pi-coding-agent", "version": "0.70.0"}""";

    [Fact]
    public async Task A_link_on_the_path_leads_to_the_packages_own_program_run_by_node()
    {
        var host = new Machine("/usr/bin:/home/u/.local/bin")
        {
            ["/home/u/.local/bin/pi"] = Link("/lib/node_modules/@earendil-works/pi-coding-agent/dist/cli.js"),
            ["/lib/node_modules/@earendil-works/pi-coding-agent/dist/cli.js"] = "",
            ["/lib/node_modules/@earendil-works/pi-coding-agent/dist/bundle/cli.js"] = "",
            ["/lib/node_modules/@earendil-works/pi-coding-agent/package.json"] = Package,
            ["/usr/bin/node"] = "v22.19.0",
        };
        var ready = Assert.IsType<PiReady>(await LocateAsync(host, "pi"));
        Assert.Equal(("0.87.1", "/usr/bin/node", "22.19.0"), (ready.Version, ready.Program, ready.NodeVersion));
        Assert.Equal(["/lib/node_modules/@earendil-works/pi-coding-agent/dist/bundle/cli.js"], ready.FirstArguments);
    }

    [Theory]
    [InlineData("pi.cmd",
        "@ECHO off\r\nendLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & \"%_prog%\"  " +
            "\"%dp0%\\node_modules\\@earendil-works\\pi-coding-agent\\dist\\bundle\\cli.js\" %*\r\n")]
    [InlineData("pi.cmd", "@\"%~dp0\\node_modules\\@earendil-works\\pi-coding-agent\\dist\\bundle\\cli.js\" %*\r\n")]
    [InlineData("pi.ps1", "& \"node$exe\"  \"$basedir/node_modules/@earendil-works/pi-coding-agent/dist/bundle/cli.js\" $args")]
    [InlineData("pi.cmd", "something unknown that npm may write one day")]
    public async Task On_Windows_npms_starters_are_followed_instead_of_run(string starter, string text)
    {
        var host = new Machine(@"C:\Windows;C:\Program Files\nodejs\;C:\Users\u\AppData\Roaming\npm", windows: true)
        {
            [@"C:\Users\u\AppData\Roaming\npm\" + starter] = text,
            [@"C:\Users\u\AppData\Roaming\npm\pi"] = "#!/bin/sh",
            [@"C:\Users\u\AppData\Roaming\npm\node_modules\@earendil-works\pi-coding-agent\dist\bundle\cli.js"] = "",
            [@"C:\Users\u\AppData\Roaming\npm\node_modules\@earendil-works\pi-coding-agent\dist\cli.js"] = "",
            [@"C:\Users\u\AppData\Roaming\npm\node_modules\@earendil-works\pi-coding-agent\package.json"] = Package,
            [@"C:\Program Files\nodejs\node.exe"] = "v24.1.0\r\n",
        };
        var ready = Assert.IsType<PiReady>(await LocateAsync(host, "pi"));
        Assert.Equal(@"C:\Program Files\nodejs\node.exe", ready.Program);
        Assert.Equal([@"C:\Users\u\AppData\Roaming\npm\node_modules\@earendil-works\pi-coding-agent\dist\bundle\cli.js"], ready.FirstArguments);
        Assert.All(host.Ran, program => Assert.EndsWith("node.exe", program, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_12_on_Windows_neither_a_batch_file_nor_a_shell_stands_between_us_and_Pi()
    {
        var host = new Machine(@"C:\npm;C:\node", windows: true)
        {
            [@"C:\npm\pi"] = "#!/bin/sh",
            [@"C:\npm\pi.cmd"] = "@\"%~dp0\\node_modules\\@earendil-works\\pi-coding-agent\\dist\\cli.js\" %*",
            [@"C:\npm\node_modules\@earendil-works\pi-coding-agent\dist\cli.js"] = "",
            [@"C:\npm\node_modules\@earendil-works\pi-coding-agent\dist\bundle\cli.js"] = "",
            [@"C:\npm\node_modules\@earendil-works\pi-coding-agent\package.json"] = Package,
            [@"C:\node\node.exe"] = "v24.1.0",
        };
        var ready = Assert.IsType<PiReady>(await LocateAsync(host, "pi"));
        Assert.Equal(@"C:\node\node.exe", ready.Program);
        Assert.EndsWith("cli.js", Assert.Single(ready.FirstArguments), StringComparison.Ordinal);
        Assert.Equal([@"C:\node\node.exe"], host.Ran.Distinct());
    }

    [Fact]
    public async Task On_Windows_a_batch_file_that_starts_no_script_is_refused_and_not_run()
    {
        var host = new Machine(@"C:\tools", windows: true) { [@"C:\tools\pi.bat"] = "@echo 3.14159" };
        var unusable = Assert.IsType<PiUnusable>(await LocateAsync(host, @"C:\tools\pi.bat"));
        Assert.Equal(PiProblem.NotPi, unusable.Problem);
        Assert.Empty(host.Ran);
    }

    [Fact]
    public async Task A_starter_of_pnpm_is_followed_upwards()
    {
        var host = new Machine("/w/node_modules/.bin")
        {
            ["/w/node_modules/.bin/pi"] = "#!/bin/sh\nexec node  \"$basedir/../@earendil-works/pi-coding-agent/dist/cli.js\" \"$@\"",
            ["/w/node_modules/@earendil-works/pi-coding-agent/dist/cli.js"] = "",
            ["/w/node_modules/@earendil-works/pi-coding-agent/package.json"] = Package,
            ["/w/node_modules/.bin/node"] = "v23.0.0",
        };
        var ready = Assert.IsType<PiReady>(await LocateAsync(host, "pi"));
        Assert.Equal(["/w/node_modules/@earendil-works/pi-coding-agent/dist/cli.js"], ready.FirstArguments);
    }

    [Fact]
    public async Task A_program_of_its_own_is_run_as_it_is_when_it_says_a_bare_version()
    {
        var host = new Machine("/opt") { ["/opt/pi"] = "1.5.2\n" };
        var ready = Assert.IsType<PiReady>(await LocateAsync(host, "pi"));
        Assert.Equal(("1.5.2", "/opt/pi", null), (ready.Version, ready.Program, ready.Node));
        Assert.Empty(ready.FirstArguments);
    }

    [Theory]
    [InlineData("pi 2.4 computes digits of pi", nameof(PiProblem.NotPi))]
    [InlineData("", nameof(PiProblem.NotPi))]
    [InlineData(null, nameof(PiProblem.NotPi))]
    [InlineData("0.73.9", nameof(PiProblem.TooOld))]
    public async Task Another_program_of_that_name_is_told_apart(string? says, string problem)
    {
        var host = new Machine("/opt") { ["/opt/pi"] = says ?? Machine.Unrunnable };
        Assert.Equal(problem, Assert.IsType<PiUnusable>(await LocateAsync(host, "pi")).Problem.ToString());
    }

    [Fact]
    public async Task The_package_under_its_former_name_is_too_old()
    {
        var host = new Machine("/usr/bin") { ["/p/dist/cli.js"] = "", ["/p/package.json"] = OldPackage, ["/usr/bin/node"] = "v22.20.0" };
        var unusable = Assert.IsType<PiUnusable>(await LocateAsync(host, "/p/dist/cli.js"));
        Assert.Equal(PiProblem.TooOld, unusable.Problem);
        Assert.Contains("npm install -g @earendil-works/pi-coding-agent", unusable.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_reported_with_the_places_that_were_tried()
    {
        var unusable = Assert.IsType<PiUnusable>(await LocateAsync(new Machine("/usr/bin:/opt/bin"), "pi"));
        Assert.Equal(PiProblem.NotFound, unusable.Problem);
        Assert.Contains("/usr/bin/pi, /opt/bin/pi", unusable.ToException().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, nameof(PiProblem.NodeMissing), "on PATH")]
    [InlineData("v20.11.1", nameof(PiProblem.NodeTooOld), "/usr/bin/node is 20.11.1")]
    [InlineData("v22.18.9", nameof(PiProblem.NodeTooOld), "22.19.0 or later")]
    [InlineData("bash: node: broken", nameof(PiProblem.NodeMissing), "on PATH")]
    public async Task A_Node_that_cannot_run_Pi_is_reported(string? node, string problem, string says)
    {
        var host = new Machine("/usr/bin") { ["/p/dist/cli.js"] = "", ["/p/package.json"] = Package };
        if (node is not null) host["/usr/bin/node"] = node;
        var unusable = Assert.IsType<PiUnusable>(await LocateAsync(host, "/p/dist/cli.js"));
        Assert.Equal(problem, unusable.Problem.ToString());
        Assert.Contains(says, unusable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Node_beside_Pi_helps_where_the_one_on_the_path_is_too_old()
    {
        var host = new Machine("/usr/bin")
        {
            ["/nvm/bin/pi"] = Link("/nvm/lib/p/dist/cli.js"),
            ["/nvm/lib/p/dist/cli.js"] = "",
            ["/nvm/lib/p/package.json"] = Package,
            ["/usr/bin/node"] = "v18.0.0",
            ["/nvm/bin/node"] = "v22.21.1",
        };
        Assert.Equal("/nvm/bin/node", Assert.IsType<PiReady>(await LocateAsync(host, "/nvm/bin/pi")).Program);
    }

    [Fact]
    public async Task The_users_node_path_is_the_only_one_tried()
    {
        var host = new Machine("/usr/bin") { ["/p/dist/cli.js"] = "", ["/p/package.json"] = Package, ["/usr/bin/node"] = "v22.20.0" };
        var unusable = Assert.IsType<PiUnusable>(await new PiLocator(host).LocateAsync("/p/dist/cli.js", "/gone/node", Nothing, CancellationToken.None));
        Assert.Contains("pi.nodePath is /gone/node", unusable.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":.:bin:./tools:~/bin:/usr/bin", false)]
    [InlineData(@";.;bin;.\tools;\tools;C:tools;C:\real", true)]
    public async Task Relative_entries_of_the_path_are_the_repositorys_and_never_searched(string path, bool windows)
    {
        var host = new Machine(path, windows);
        foreach (var folder in new[] { "", ".", "bin", "./tools", "~/bin", @".\tools", @"\tools", "C:tools", @"C:\tools" })
        {
            host[new HostPaths(host).Combine(folder, windows ? "pi.exe" : "pi")] = "1.6.0";
            host[windows ? $@"{folder}\pi.exe" : $"{folder}/pi"] = "1.6.0";
        }

        host["pi"] = host["pi.exe"] = "1.6.0";
        var missing = Assert.IsType<PiUnusable>(await LocateAsync(host, "pi"));
        string[] absolute = windows ? [@"C:\real\pi.exe", @"C:\real\pi.cmd", @"C:\real\pi.bat", @"C:\real\pi.ps1"] : ["/usr/bin/pi"];
        Assert.Equal([.. absolute, .. new ManagedFolders(host).Candidates("pi")], missing.Tried);
        Assert.Empty(host.Ran);
    }

    [Theory]
    [InlineData("/home/u/.nvm/versions/node/v22.21.0/bin", "/home/u/.nvm/versions/node/v9.0.0/bin", null)]
    [InlineData("/opt/nvm/versions/node/v24.1.0/bin", "/home/u/.nvm/versions/node/v24.2.0/bin", "NVM_DIR=/opt/nvm")]
    [InlineData("/home/u/.local/share/fnm/node-versions/v24.1.0/installation/bin", "/home/u/.local/share/fnm/node-versions/v22.19.0/installation/bin", null)]
    [InlineData("/home/u/.local/share/mise/installs/node/24.1.0/bin", "/home/u/.local/share/mise/installs/node/latest/bin", null)]
    [InlineData("/home/u/.volta/bin", "/usr/local/bin", null)]
    [InlineData("/home/u/.npm-global/bin", null, null)]
    [InlineData("/opt/homebrew/bin", "nvm/versions/node/v24.1.0/bin", "NVM_DIR=nvm")]
    public async Task Where_the_path_has_no_Pi_the_version_managers_newest_is_taken_with_its_node(string folder, string? other, string? variable)
    {
        var host = new Machine("/usr/bin") { ["/usr/bin/node"] = "v18.0.0" };
        host.Variables["HOME"] = "/home/u";
        if (variable?.Split('=') is [var name, var value])
            host.Variables[name] = value;
        foreach (var bin in new[] { folder, other }.OfType<string>())
        {
            host[$"{bin}/pi"] = Link($"{bin}/of-pi/dist/cli.js");
            host[$"{bin}/of-pi/dist/cli.js"] = "";
            host[$"{bin}/of-pi/dist/bundle/cli.js"] = "";
            host[$"{bin}/of-pi/package.json"] = Package;
            host[$"{bin}/node"] = "v22.21.0";
        }

        var ready = Assert.IsType<PiReady>(await LocateAsync(host, "pi"));
        Assert.Equal($"{folder}/node", ready.Program);
        Assert.StartsWith(folder, ready.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_Windows_too_and_a_Pi_of_the_path_comes_before_them()
    {
        var host = new Machine(@"C:\Windows", windows: true);
        host.Variables["APPDATA"] = @"C:\Users\u\AppData\Roaming";
        foreach (var version in new[] { "v22.19.0", "v24.1.0" })
        {
            host[$@"C:\Users\u\AppData\Roaming\nvm\{version}\pi.cmd"] =
                @"@""%~dp0\node_modules\@earendil-works\pi-coding-agent\dist\bundle\cli.js"" %*";
            host[$@"C:\Users\u\AppData\Roaming\nvm\{version}\node_modules\@earendil-works\pi-coding-agent\dist\bundle\cli.js"] = "";
            host[$@"C:\Users\u\AppData\Roaming\nvm\{version}\node_modules\@earendil-works\pi-coding-agent\package.json"] = Package;
            host[$@"C:\Users\u\AppData\Roaming\nvm\{version}\node.exe"] = version;
        }

        Assert.Equal(@"C:\Users\u\AppData\Roaming\nvm\v24.1.0\node.exe", Assert.IsType<PiReady>(await LocateAsync(host, "pi")).Program);
        host[@"C:\Windows\pi.exe"] = "1.6.0";
        Assert.Equal(@"C:\Windows\pi.exe", Assert.IsType<PiReady>(await LocateAsync(host, "pi")).Program);
    }

    [Fact]
    public async Task Nodes_version_is_asked_once_until_the_file_changes()
    {
        var host = new Machine("/usr/bin") { ["/p/dist/cli.js"] = "", ["/p/package.json"] = Package, ["/usr/bin/node"] = "v22.20.0" };
        var locator = new PiLocator(host);
        await locator.LocateAsync("/p/dist/cli.js", null, Nothing, CancellationToken.None);
        await locator.LocateAsync("/p/dist/cli.js", null, Nothing, CancellationToken.None);
        Assert.Single(host.Ran);
        host["/usr/bin/node"] = "v20.0.0";
        Assert.IsType<PiUnusable>(await locator.LocateAsync("/p/dist/cli.js", null, Nothing, CancellationToken.None));
    }

    private static readonly Dictionary<string, string> Nothing = [];

    private static Task<PiLocation> LocateAsync(IPiHost host, string command) =>
        new PiLocator(host).LocateAsync(command, null, Nothing, CancellationToken.None);

    private static string Link(string target) => Machine.LinkMark + target;

    /// <summary>A machine of files: a script's text, a link's target, or what a program says when it is run.</summary>
    private sealed class Machine(string path, bool windows = false) : IPiHost
    {
        public const string LinkMark = "-> ";
        public const string Unrunnable = "\0";
        private readonly Dictionary<string, (string Text, long Stamp)> _files = [];

        public List<string> Ran { get; } = [];

        public bool IsWindows => windows;

        public string this[string file]
        {
            set => _files[file] = (value, _files.Count + (_files.TryGetValue(file, out var old) ? old.Stamp + 1 : 0));
        }

        public Dictionary<string, string> Variables { get; } = [];

        public string? Variable(string name) => name == "PATH" ? path : Variables.GetValueOrDefault(name);

        public IReadOnlyList<string> FoldersIn(string folder) =>
            [.. _files.Keys.Where(file => file.StartsWith(folder + (windows ? '\\' : '/'), StringComparison.Ordinal))
                .Select(file => file[(folder.Length + 1)..].Split('/', '\\')[0]).Distinct()];

        public bool FileExists(string path) => _files.ContainsKey(path);

        public string RealPath(string path) =>
            _files.TryGetValue(path, out var file) && file.Text.StartsWith(LinkMark, StringComparison.Ordinal) ? file.Text[LinkMark.Length..] : path;

        public string? ReadText(string path) => _files.TryGetValue(path, out var file) ? file.Text : null;

        public long Stamp(string path) => _files[path].Stamp;

        public Task<string?> RunAsync(
            string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
        {
            Ran.Add(program);
            Assert.Equal(["--version"], arguments);
            var says = _files[program].Text;
            return Task.FromResult(says == Unrunnable ? null : says);
        }
    }
}
