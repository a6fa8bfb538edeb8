using PiLsp.Sessions;
using PiLsp.Sessions.Waiting;
using PiLsp.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>What the sessions of a world have in common: the editor with its files, and the books that are kept about these.</summary>
internal sealed class EditDesk(EditScenario scenario, ModelClient client, string root)
{
    public IReadOnlyList<ModelFile> Files { get; } =
    [
        new ModelFile($"{root}/first.txt", scenario.FirstFile, isProtected: false) { Client = client },
        new ModelFile($"{root}/second.txt", scenario.SecondFile, isProtected: true) { Client = client },
    ];

    public List<EditWorld> Worlds { get; } = [];

    /// <summary>What the editor has sent of its buffers, and the server has not taken yet.</summary>
    public Queue<FileSnapshot> Reports { get; } = new();

    /// <summary>Whose edit of a file that is not open is under way: the next one waits for it.</summary>
    public Dictionary<string, (EditWorld World, int Number)> Turns { get; } = [];

    /// <summary>How often each token should be there.</summary>
    public Dictionary<string, int> Tokens { get; } = [];

    /// <summary>Was there, and was taken out.</summary>
    public HashSet<string> Gone { get; } = [];

    public int LastToken { get; set; }

    /// <summary>What happened, for a failure to tell: written out only then.</summary>
    public List<(string Who, object What)> Story { get; } = [];
}
