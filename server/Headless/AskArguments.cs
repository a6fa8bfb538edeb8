using System.Text.RegularExpressions;
using PiLsp.Edits;

namespace PiLsp.Headless;

/// <summary>
/// The arguments of <c>pilsp ask</c>. Read by hand, because what begins with a dash may be a prompt here: an option is
/// a dash or two and one word; anything else is the prompt, and so is all that stands behind <c>--</c>. Immutable.
/// </summary>
internal sealed partial record AskArguments
{
    public const string Help = """
        Usage: pilsp ask [options] [--] "<prompt>"

        Sends one prompt to Pi, in this directory, and prints the answer on stdout. What Pi does meanwhile, the cost and
        the line that opens the session in a terminal go to stderr. Without a prompt, or with -, it is read from stdin.

        Options:
          --model <model>             an id or provider/id, from Pi's own list; default: Pi's choice
          --new                       begin a new session (this is the default)
          --session <path or id>      go on with a stored session of this directory
          --permission-mode <mode>    what Pi may do, since nobody can be asked (default: ask)
                                        readOnly     look only
                                        ask          the same; Pi is told that edits and tools need a user
                                        acceptEdits  change files of this directory
                                        full         that, and run other tools such as bash
          --ignore-claude             use Anthropic's models though the claude CLI is signed in with a subscription
          --json                      print every event, and the result last, as JSON lines on stdout
          --verbose                   say also what Pi thinks and writes in between
          --command <pi>              Pi's executable or cli.js; default: pi on PATH
          --node <path>               the node to run a cli.js with
          --                          what follows is the prompt, whatever it looks like

        Exit code: 0 answered; 1 failed or stopped; 2 wrong arguments.

        """;

    /// <summary>Null: to be read from stdin.</summary>
    public string? Prompt { get; init; }

    public string? Model { get; init; }

    /// <summary>A stored session's file or id; null for a new session.</summary>
    public string? Session { get; init; }

    public PermissionMode Mode { get; init; } = PermissionMode.Ask;

    /// <summary>Switches the rule about a <c>claude</c> that is signed in with a subscription off.</summary>
    public bool IgnoreClaude { get; init; }

    public bool Json { get; init; }

    public bool Verbose { get; init; }

    public string Command { get; init; } = "pi";

    public string? Node { get; init; }

    public bool HelpWanted { get; init; }

    /// <summary>Either the arguments or, in one line, what is wrong with them.</summary>
    public static (AskArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        var prompts = new List<string>();
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var fromStdin = false;
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (arg == "--")
            {
                prompts.AddRange(args.Skip(i + 1));
                break;
            }

            if (arg == "-" || !OptionShape().IsMatch(arg))
            {
                fromStdin |= arg == "-";
                prompts.Add(arg);
                continue;
            }

            var (name, value) = arg.Split('=', 2) is [var left, var right] ? (left, right) : (arg, null);
            if (name is "--help" or "-h" or "-?")
                return (new AskArguments { HelpWanted = true }, null);
            if (name is "--new" or "--json" or "--verbose" or "--ignore-claude")
            {
                if (value is not null)
                    return (null, $"{name} takes no value");
                value = "";
            }
            else if (name is not ("--model" or "--session" or "--permission-mode" or "--command" or "--node"))
            {
                return (null, $"there is no option {name}; if it is the prompt, put -- before it");
            }
            else if (value is null)
            {
                if (i + 1 == args.Count || args[i + 1] == "--" || OptionShape().IsMatch(args[i + 1]))
                    return (null, $"{name} needs a value");
                value = args[++i];
            }

            if (value.Length == 0 && name is not ("--new" or "--json" or "--verbose" or "--ignore-claude"))
                return (null, $"{name} needs a value");
            if (!given.TryAdd(name, value))
                return (null, $"{name} is given twice");
        }

        return Of(prompts, fromStdin, given);
    }

    private static (AskArguments? Arguments, string? Error) Of(List<string> prompts, bool fromStdin, Dictionary<string, string> given)
    {
        if (prompts.Count > 1)
            return (null, fromStdin ? "the prompt is given and also to be read from stdin (-)" : "the prompt must be one argument: put it in quotes");
        if (!fromStdin && prompts is [var prompt] && string.IsNullOrWhiteSpace(prompt))
            return (null, "the prompt is empty");
        if (given.ContainsKey("--new") && given.ContainsKey("--session"))
            return (null, "--new and --session exclude each other");
        var mode = given.GetValueOrDefault("--permission-mode") ?? PermissionMode.Ask.Name();
        if (PermissionModes.Parse(mode) is not { } permission)
            return (null, $"--permission-mode must be one of {string.Join(", ", PermissionModes.Names)}, not \"{mode}\"");
        return (new AskArguments
        {
            Prompt = fromStdin ? null : prompts.FirstOrDefault(),
            Model = given.GetValueOrDefault("--model"),
            IgnoreClaude = given.ContainsKey("--ignore-claude"),
            Session = given.GetValueOrDefault("--session"),
            Mode = permission,
            Json = given.ContainsKey("--json"),
            Verbose = given.ContainsKey("--verbose"),
            Command = given.GetValueOrDefault("--command") ?? "pi",
            Node = given.GetValueOrDefault("--node"),
        }, null);
    }

    [GeneratedRegex(@"^--?(?:[A-Za-z][A-Za-z0-9-]*|\?)(?:=|\z)")]
    private static partial Regex OptionShape();
}
