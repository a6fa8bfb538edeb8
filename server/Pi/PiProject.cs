using PiLsp.Agents;
using PiLsp.Files;

namespace PiLsp.Pi;

/// <summary>
/// What Pi is to take from the folder it works in. Pi reads some of it whatever it is told about trust: which folder the
/// conversation is stored in, and the files that go to the model with the first prompt. Immutable.
/// </summary>
/// <param name="SessionFolder">Absolute.</param>
/// <param name="IsApproved">The project's own settings, extensions, prompts and servers count.</param>
/// <param name="ReadsContext"><c>AGENTS.md</c> and its kin go to the model.</param>
/// <param name="Notices">What the user is told of it.</param>
internal sealed record PiProject(string SessionFolder, bool IsApproved, bool ReadsContext, IReadOnlyList<AgentNotice> Notices)
{
    private const int MostContext = 4 * 1024 * 1024;

    /// <summary>Those that Pi looks for in its folder and in each one above (its docs/configuration.md), trusted or not.</summary>
    private static readonly string[] ContextNames = ["AGENTS.override.md", "AGENTS.md", "AGENTS.MD", "CLAUDE.md", "CLAUDE.MD"];

    /// <summary>Those of <c>.pi</c> whose text goes to the model where the project is trusted.</summary>
    private static readonly string[] PromptNames = ["SYSTEM.md", "APPEND_SYSTEM.md"];

    private static readonly string[] Prose = [".md", ".mdc", ".markdown", ".txt", ".rst", "rules"];

    /// <summary>Looks at the disk: from any thread but a loop's.</summary>
    /// <exception cref="AgentException">Pi would hang on what lies there.</exception>
    public static PiProject In(AgentOptions options)
    {
        var here = PiSessionFolder.Real(options.WorkingDirectory);
        RequireReadable(Path.Combine(here, ".pi", "settings.json"));
        var notices = new List<AgentNotice>();
        var approved = options.TrustProject;
        if (approved && PromptNames.Select(name => WhyNot(Path.Combine(here, ".pi", name), here)).FirstOrDefault(why => why is not null) is { } wrong)
        {
            approved = false;
            notices.Add(new AgentNotice(
                NoticeLevel.Warning, $"{wrong} Pi was started without anything of the project's .pi folder. Put a file there instead of the link."));
        }

        var found = Folders(here).SelectMany(folder => ContextNames.Select(name => (Folder: folder, Path: Path.Combine(folder, name))))
            .Where(c => Exists(c.Path)).ToList();
        var reads = options.TrustWorkspace;
        if (!options.TrustWorkspace && found.Count > 0)
            notices.Add(new AgentNotice(
                NoticeLevel.Info,
                "This workspace is not trusted, so Pi was started without any context files (AGENTS.md, CLAUDE.md), your own included; here that leaves out " +
                    $"{found[0].Path}."));
        else if (found.Select(c => WhyNot(c.Path, c.Folder)).FirstOrDefault(why => why is not null) is { } leads)
        {
            reads = false;
            notices.Add(new AgentNotice(NoticeLevel.Warning,
                $"{leads} Pi was started without any context files (AGENTS.md, CLAUDE.md), your own included. Put a file there instead of the link."));
        }

        return new PiProject(PiSessionFolder.Of(options), approved, reads, notices);
    }

    private static IEnumerable<string> Folders(string here)
    {
        for (string? folder = here; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static bool Exists(string path)
    {
        try
        {
            return File.Exists(path) || new FileInfo(path).LinkTarget is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whole, for the user; null for an ordinary file and for none. A link may lead to another file of its own folder, and
    /// only to prose: what the user keeps secret there is a file of the workspace, too.
    /// </summary>
    private static string? WhyNot(string path, string folder)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            var real = Path.Combine(PiSessionFolder.Real(Path.GetDirectoryName(path)!), Path.GetFileName(path));
            real = new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } end ? PiSessionFolder.Real(end.FullName) : real;
            if (!real.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return $"{path} is a link to {real}, which is not in {folder}, and is not followed.";
            if (real != path && !Prose.Any(ending => real.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                return $"{path} is a link to {real}, which is no text for a model, and is not followed.";
            using var opened = RegularFile.OpenRead(path, at => OperatingSystem.IsLinux() && at != real ? $"{path} leads elsewhere by now." : null);
            return opened.Length > MostContext ? $"{path} is larger than {MostContext / 1024 / 1024} MiB." : null;
        }
        catch (UnauthorizedAccessException)
        {
            // Pi cannot read it either.
            return null;
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }

    /// <summary>Pi reads its project's settings before it knows whether they count, and waits for a pipe or a device for ever.</summary>
    private static void RequireReadable(string path)
    {
        try
        {
            if (File.Exists(path))
                RegularFile.OpenRead(path).Dispose();
        }
        catch (RefusedFileException error)
        {
            throw new AgentException($"Pi was not started: it would read {error.Message.TrimEnd('.')}. Remove it.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Pi says so by itself, and goes on.
        }
    }
}
