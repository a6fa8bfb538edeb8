using System.Collections.Immutable;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Faces;

namespace PiLsp.Server.Settings;

/// <summary>The section <c>pi</c> as the user set it; docs/protocol.md, "Settings". Immutable; the server's ordered loop swaps it whole.</summary>
internal sealed record ServerSettings
{
    public string Command { get; init; } = "pi";

    public string? NodePath { get; init; }

    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    public ImmutableDictionary<string, string> Env { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public string? Thinking { get; init; }

    /// <summary>Which models may be used at all.</summary>
    public ModelPolicy ModelPolicy { get; init; } = ModelPolicy.Default;

    public string? SessionDir { get; init; }

    public string? SessionTitle { get; init; }

    public PermissionMode PermissionMode { get; init; } = PermissionMode.Ask;

    /// <summary><c>auto</c>, <c>preview</c>, <c>message</c> or <c>commands</c>.</summary>
    public string Approval { get; init; } = "auto";

    /// <summary><c>each</c>: every edit is decided when it comes; <c>end</c>: all of a run together when it is over.</summary>
    public string Review { get; init; } = "each";

    /// <summary><c>onApply</c>, <c>beforeBash</c> or <c>never</c>.</summary>
    public string Save { get; init; } = "beforeBash";

    /// <summary><c>auto</c>: a run started by a code action opens the conversation as a document where the client has no view of its own; <c>off</c>.</summary>
    public string Transcript { get; init; } = "auto";

    public int StartTimeoutMs { get; init; } = (int)AgentOptions.UsualStartTimeout.TotalMilliseconds;

    /// <summary>After how many minutes an unused Pi is ended until it is needed again; 0: never.</summary>
    public double IdleMinutes { get; init; } = 30;

    public bool TrustProject { get; init; }

    /// <summary>What the editor says about the workspace; false: no mode, allowance or project file of Pi's loosens anything.</summary>
    public bool WorkspaceTrusted { get; init; } = true;

    /// <summary>Globs of files that are asked for in every mode, against the absolute path.</summary>
    public PathPatterns ProtectedPaths { get; init; } = ProtectedPath.Defaults;

    /// <summary>What is read only after the user was asked: <c>secrets</c>, <c>outside</c> (also what lies outside the workspace) or <c>never</c>.</summary>
    public string AskToRead { get; init; } = "secrets";

    /// <summary>Tools of Pi's own that only look and may run unasked.</summary>
    public ImmutableArray<string> LookingTools { get; init; } = [];

    /// <summary><c>ask</c>, or <c>allow</c>: shell commands that only look may run unasked.</summary>
    public string LookingCommands { get; init; } = "ask";

    /// <summary>How long a question may stand unanswered before it counts as dismissed.</summary>
    public int QuestionTimeoutMs { get; init; } = 600_000;

    /// <summary>
    /// These settings changed by what a client sent. A key with a wrong type or value is refused by name and keeps
    /// its old value; <c>null</c> gives a key its default back; keys that are not ours are left alone.
    /// </summary>
    public (ServerSettings Settings, IReadOnlyList<string> Refused) Merge(JsonElement section)
    {
        if (section.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return (this, []);
        if (section.ValueKind != JsonValueKind.Object)
            return (this, ["pi: the section must be an object"]);

        var reader = new SettingsReader(section);
        var fresh = new ServerSettings();
        var merged = this with
        {
            Command = reader.Text("command", Command, fresh.Command) ?? Command,
            NodePath = reader.Text("nodePath", NodePath, null),
            ExtraArgs = reader.Texts("extraArgs", ExtraArgs, []),
            Env = reader.Map("env", Env),
            Provider = reader.Text("provider", Provider, null),
            Model = reader.Text("model", Model, null),
            Thinking = reader.Text("thinking", Thinking, null),
            ModelPolicy = reader.Policy("modelPolicy", ModelPolicy),
            SessionDir = reader.Text("sessionDir", SessionDir, null),
            SessionTitle = reader.Text("sessionTitle", SessionTitle, null),
            PermissionMode =
                PermissionModes.Parse(reader.Word("permissionMode", PermissionMode.Name(), fresh.PermissionMode.Name(), PermissionModes.Names))!.Value,
            Approval = reader.Word("approval", Approval, fresh.Approval, ["auto", "preview", "message", "commands"]),
            Review = reader.Word("review", Review, fresh.Review, ["each", "end"]),
            AskToRead = reader.Word("askToRead", AskToRead, fresh.AskToRead, ReadGuard.Settings),
            Save = reader.Word("save", Save, fresh.Save, ["onApply", "beforeBash", "never"]),
            Transcript = reader.Word("transcript", Transcript, fresh.Transcript, ["auto", "off"]),
            StartTimeoutMs = reader.Milliseconds("startTimeoutMs", StartTimeoutMs, fresh.StartTimeoutMs),
            QuestionTimeoutMs = reader.Milliseconds("questionTimeoutMs", QuestionTimeoutMs, fresh.QuestionTimeoutMs),
            IdleMinutes = reader.Amount("idleMinutes", IdleMinutes, fresh.IdleMinutes),
            TrustProject = reader.Flag("trustProject", TrustProject, fresh.TrustProject),
            WorkspaceTrusted = reader.Flag("workspaceTrusted", WorkspaceTrusted, fresh.WorkspaceTrusted),
            LookingTools = reader.Words("lookingTools", LookingTools, [], Edits.LookingTools.Names),
            LookingCommands = reader.Word("lookingCommands", LookingCommands, fresh.LookingCommands, ["ask", "allow"]),
            ProtectedPaths = new PathPatterns(reader.Texts("protectedPaths", [.. ProtectedPaths.Patterns], [.. fresh.ProtectedPaths.Patterns])),
        };
        return (merged, reader.Refused);
    }
}
