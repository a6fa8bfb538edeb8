using System.Text.Json;

namespace PiLsp.Tests.Pi;

/// <summary>
/// Where the tests find the repository, the real Pi and a Node that can run it; the same rules as
/// tests/scripted-model/pi-command.mjs. What is missing fails a test: a skipped one would look like a passed one.
/// </summary>
internal static class Installed
{
    public static string Root { get; } = FindRoot();

    public static string Gate => Path.Combine(Root, "extension", "pi", "gate.ts");

    public static string FakePi => Path.Combine(Root, "tests", "fake-pi", "fake-pi.mjs");

    public static string Pi => Find("PILSP_TEST_PI", "Pi", "@earendil-works/pi-coding-agent/dist/cli.js");

    /// <summary>As Pi's package says.</summary>
    public static string PiVersion
    {
        get
        {
            var folder = Path.GetDirectoryName(Pi);
            while (folder is not null && !File.Exists(Path.Combine(folder, "package.json")))
                folder = Path.GetDirectoryName(folder);
            using var package =
                JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder ?? throw new FileNotFoundException($"{Pi} lies in no package."), "package.json")));
            return package.RootElement.GetProperty("version").GetString()!;
        }
    }

    public static string Node => Find("PILSP_TEST_NODE", "Node 22", OperatingSystem.IsWindows() ? "node/bin/node.exe" : "node/bin/node");

    private static string Find(string variable, string what, string place)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new FileNotFoundException($"{variable} names {given}, which is not there.");
        var path = Path.Combine(Root, "node_modules", place.Replace('/', Path.DirectorySeparatorChar));
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"{what} is not installed: run `npm ci` in the root of the repository, or set {variable}.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PiLsp.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
