using System.Text.RegularExpressions;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>What Pi says when something goes wrong, as a sentence that a user can act on. Pure.</summary>
internal static partial class PiEndings
{
    /// <summary>Pi ended by itself.</summary>
    public static string Describe(PiExit exit, StderrTail stderr)
    {
        var tail = stderr.ToString();
        if (Conflict().Match(tail) is { Success: true } conflict)
            return $"Pi {exit}: another extension brings its own \"{conflict.Groups["tool"].Value}\", so edits could not be held back " +
                $"({FirstLineWith(tail, conflict.Value)}). Remove that extension from Pi, or start with --no-extensions in pi.extraArgs.";
        var last = stderr.Gist();
        return last.Length == 0
            ? $"Pi {exit} and said nothing. Run `pi --mode rpc` in a terminal to see more."
            : $"Pi {exit}: {last}";
    }

    public const string Shutdown = "Pi was shut down by one of its extensions; it starts again with the next prompt.";

    /// <summary>Pi ends in good order for us alone, or when an extension asks for it (<c>ctx.shutdown()</c>).</summary>
    public static bool IsShutdown(PiExit exit) => exit.Code == 0;

    /// <summary>Why Pi refused a prompt, with what to do where it lacks credentials.</summary>
    public static AgentException Refusal(AgentException refused, PiVersion version, ConfigProblem? configProblem)
    {
        if (!Credentials().IsMatch(refused.Message)) return refused;
        if (configProblem is not null)
            return Of(Availability.WithoutModel(configProblem, null));
        // What follows in Pi's message speaks of its own terminal only.
        var provider = RefusedProvider().Match(refused.Message) is { Success: true } named ? named.Groups["provider"].Value : null;
        return Of(Availability.NoCredentials(version.SignIn(provider)) with
        {
            Message = WithoutAdvice().Replace(refused.Message.Split('\n')[0], "").Trim(),
            Provider = provider,
            SignInLine = version.SignInLine(provider),
        });

        AgentException Of(Availability what) => new(what.ToString(), refused) { Problem = what.Message, State = what.State, Next = what.Next };
    }

    private static string FirstLineWith(string text, string part) =>
        text.Split('\n').First(line => line.Contains(part, StringComparison.Ordinal)).Trim();

    [GeneratedRegex("Tool \"(?<tool>read|edit|write)\" conflicts with")]
    private static partial Regex Conflict();

    [GeneratedRegex("""(?:No API key found for |Authentication failed for ")(?<provider>[^\s"]+?)(?:"|\.?(?:\s|$))(?<!the )""")]
    private static partial Regex RefusedProvider();

    [GeneratedRegex(" ?Run '/login[^']*' to re-authenticate\\.")]
    private static partial Regex WithoutAdvice();

    [GeneratedRegex("API key|No model|Authentication failed|/login|credential", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}
