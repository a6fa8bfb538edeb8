using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace PiLsp.Tests.Architecture;

/// <summary>Who may know whom, read off the sources: docs/architecture.md draws it, this keeps it so.</summary>
public partial class LayeringTests
{
    [Theory]
    [InlineData("Transport", "")]
    [InlineData("Rpc", "Transport")]
    [InlineData("Lsp", "")]
    [InlineData("Agents", "")]
    [InlineData("Files", "")]
    [InlineData("Json", "")]
    [InlineData("Workspace", "Files Lsp")]
    [InlineData("Edits", "Workspace Lsp")]
    [InlineData("Sessions", "Agents Edits Workspace Lsp Json")]
    [InlineData("Pi", "Files Agents Transport Json")]
    [InlineData("Protocol", "Lsp")]
    [InlineData("Faces", "Protocol Sessions Agents Edits Workspace Files Lsp")]
    [InlineData("Server", "Faces Protocol Sessions Agents Edits Workspace Files Lsp Json Rpc Transport")]
    [InlineData("Headless", "Faces Protocol Sessions Agents Edits Workspace Files")]
    public void A_folder_knows_only_the_folders_below_it(string folder, string allowed)
    {
        string[] known = [folder, .. allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var strangers = Sources(folder)
            .SelectMany(file =>
                Mentioned().Matches(WithoutComments(File.ReadAllText(file))).Select(m => (File: Path.GetFileName(file), Folder: m.Groups[1].Value)))
            .Where(mention => !known.Contains(mention.Folder))
            .Distinct()
            .Select(mention => $"{folder}/{mention.File} mentions {mention.Folder}");
        Assert.Empty(strangers);
    }

    [Fact]
    public void Every_folder_has_its_rule()
    {
        var ruled = typeof(LayeringTests).GetMethod(nameof(A_folder_knows_only_the_folders_below_it))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);
        var folders = Directory.GetDirectories(Server).Select(Path.GetFileName).Except(["bin", "obj"]);
        Assert.Equal(folders.Order(StringComparer.Ordinal), ruled.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Transport")]
    [InlineData("Rpc")]
    [InlineData("Lsp")]
    [InlineData("Agents")]
    [InlineData("Pi")]
    [InlineData("Files")]
    [InlineData("Json")]
    [InlineData("Workspace")]
    [InlineData("Edits")]
    [InlineData("Sessions")]
    [InlineData("Protocol")]
    [InlineData("Faces")]
    [InlineData("Server")]
    [InlineData("Headless")]
    public void A_file_is_in_the_namespace_of_its_folder(string folder) => Assert.All(
        Sources(folder), file => Assert.Contains($"namespace PiLsp.{NamespaceOf(file)};", File.ReadAllText(file), StringComparison.Ordinal));

    /// <summary>What is applied to a file is all the same to its lane.</summary>
    [Fact]
    public void A_lane_knows_neither_proposals_nor_undo()
    {
        var strangers = Sources(Path.Combine("Sessions", "Lanes"))
            .SelectMany(file => Givers().Matches(WithoutComments(File.ReadAllText(file))).Select(m => $"{Path.GetFileName(file)} mentions {m.Value}"));
        Assert.Empty(strangers);
    }

    [Fact]
    public void StreamJsonRpc_is_known_to_the_folder_Rpc_alone()
    {
        string[] packages = ["StreamJsonRpc", "Microsoft.VisualStudio", "Nerdbank", "MessagePack", "PolyType", "Newtonsoft"];
        var strangers = Directory.GetFiles(Server, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Folder: Path.GetRelativePath(Server, file).Split(Path.DirectorySeparatorChar)[0], File: file))
            .Where(source => source.Folder is not ("Rpc" or "bin" or "obj"))
            .Where(source => packages.Any(package => File.ReadAllText(source.File).Contains($"using {package}", StringComparison.Ordinal)))
            .Select(source => source.File);
        Assert.Empty(strangers);
    }

    /// <summary>A drawer of everything is where a stranger gives up; a folder that is one family may be larger, and is named here.</summary>
    [Fact]
    public void No_folder_is_a_drawer_of_everything()
    {
        string[] families = ["Agents", "Edits", "Pi", "Workspace"];
        var drawers = Directory.GetDirectories(Server, "*", SearchOption.AllDirectories).Prepend(Server)
            .Select(folder => (Name: Path.GetRelativePath(Server, folder), Files: Directory.GetFiles(folder, "*.cs").Length))
            .Where(folder => folder.Name.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj") && !families.Contains(folder.Name))
            .Where(folder => folder.Files > 20);
        Assert.Empty(drawers);
    }

    private static string Server { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../server"));

    private static string[] Sources(string folder) => Directory.GetFiles(Path.Combine(Server, folder), "*.cs", SearchOption.AllDirectories);

    private static string NamespaceOf(string file) => Path.GetRelativePath(Server, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');

    private static string WithoutComments(string source) => Comment().Replace(source, "");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"\bPiLsp\.([A-Z]\w+)")]
    private static partial Regex Mentioned();

    [GeneratedRegex(@"\b(EditProposal|ProposalStatus|EditOrder|EditReducer|DecisionReducer|OutcomeReducer|StageReducer|Editing|Undo\w*)\b")]
    private static partial Regex Givers();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
