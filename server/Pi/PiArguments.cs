using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>What Pi is started with. Pure.</summary>
internal static class PiArguments
{
    // With any of these Pi does something else than to speak RPC, and the user would see a start that hangs or fails.
    private static readonly string[] Refused =
    [
        "--mode", "--print", "-p", "--export", "--help", "-h", "--version", "-v", "--list-models", "--resume", "-r", "--",
    ];

    /// <summary>Fails where the user's own arguments would make something else of Pi.</summary>
    public static void Check(AgentOptions options)
    {
        foreach (var argument in options.ExtraArgs)
            if (Refused.Contains(argument.Split('=')[0]))
                throw new AgentException($"pi.extraArgs contains {argument}, with which Pi would not serve the editor. Remove it.");
    }

    /// <summary>
    /// The gate is the first extension of all: another one that comes before it could replace its tools. Model and
    /// thinking are not among these: Pi takes a made-up model with a warning, so they are set after a look at its list.
    /// </summary>
    /// <param name="project">What Pi may take from the folder.</param>
    public static IReadOnlyList<string> Build(AgentOptions options, string gatePath, PiProject project, PiVersion version)
    {
        var arguments = new List<string> { "--mode", "rpc", "-e", gatePath };
        AddIfSet("-e", options.EditorKnowledge ? PiGate.EditorToolsPath(gatePath) : null);
        if (options.Ephemeral) arguments.Add("--no-session");
        // Always: a project's own word for it counts with Pi before the project is trusted.
        AddIfSet("--session-dir", project.SessionFolder);
        // A look at what there is starts nobody's servers.
        if (options.Ephemeral && version.RunsWithoutMcp) arguments.Add("--no-mcp");
        // A stored conversation has its own name; this one is for new ones.
        AddIfSet("--name", options.SessionFile is null ? options.SessionTitle : null);
        AddIfSet(options.CopiesSession ? "--fork" : "--session", options.SessionFile);
        arguments.Add(project.IsApproved ? "--approve" : "--no-approve");
        if (!project.ReadsContext) arguments.Add("--no-context-files");
        arguments.AddRange(options.ExtraArgs);
        return arguments;

        void AddIfSet(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) arguments.AddRange([name, value]);
        }
    }
}
