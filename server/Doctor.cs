using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Agents;
using PiLsp.Faces;
using PiLsp.Pi;
using PiLsp.Protocol;
using PiLsp.Server;
using PiLsp.Server.Questions;
using PiLsp.Server.Settings;

namespace PiLsp;

/// <summary>
/// <c>pilsp doctor</c>: can a prompt be sent here? Finds Pi, starts it in the current directory without a stored
/// session, lets the gate prove itself, counts the models, ends it. Sends no prompt to any model.
/// </summary>
/// <param name="agents">Those that use only what the rules about models allow.</param>
internal sealed class Doctor(PiLocator locator, IAgentFactory agents)
{
    /// <returns>0 when a prompt can be sent, else 1.</returns>
    public async Task<int> RunAsync(ServerSettings settings, bool json, Stream output, CancellationToken cancellation)
    {
        var report = await ExamineAsync(settings, cancellation);
        var text = json ? JsonSerializer.Serialize(report, DoctorJson.Default.DoctorReport) + "\n" : Render(report);
        await output.WriteAsync(Encoding.UTF8.GetBytes(Redaction.Redact(text)), cancellation);
        return report.Ready ? 0 : 1;
    }

    private async Task<DoctorReport> ExamineAsync(ServerSettings settings, CancellationToken cancellation)
    {
        var report = new DoctorReport { Version = ServerVersion.Text };
        switch (await locator.LocateAsync(settings.Command, settings.NodePath, settings.Env, cancellation))
        {
            case PiUnusable unusable:
                return report with { Pi = Finding.Bad(unusable.ToException().Message), Availability = Judge(new StartFailed(unusable.ToException())) };
            case PiReady ready:
                report = report with
                {
                    Pi = Finding.Good($"{ready.Version} ({ready.Path})"),
                    Node = ready.Node is null ? null : Finding.Good($"{ready.NodeVersion} ({ready.Node})"),
                };
                break;
        }

        var options = new AgentOptions(
            Environment.CurrentDirectory, settings.Command, settings.NodePath, [], settings.Env, null, null, null, null, null,
            SessionFile: null, TrustProject: false, TimeSpan.FromMilliseconds(settings.StartTimeoutMs), Ephemeral: true);
        await using var agent = agents.Create(options);
        try
        {
            var state = await agent.StartAsync(cancellation);
            report = report with { Gate = Finding.Good($"proven: {string.Join(", ", agent.Gate!.Tools.Where(t => t.Active).Select(t => t.Name))}") };
            var models = await agent.SortModelsAsync(cancellation);
            if (models.ConfigProblem is { } unread)
                report = report with { Config = Finding.Bad(unread.Reason) };
            var keptOut = models.Hidden.GroupBy(e => e.Reason).Select(g => $"; {g.Count()} kept out: {g.Key}");
            return report with
            {
                Notices = Said(agent),
                Models = models is { Usable.Count: > 0, ConfigProblem: not { StopsAll: true } }
                    ? Finding.Good($"{models.Usable.Count}, set to {state.Model?.FullId ?? "none"}{string.Concat(keptOut)}")
                    : Finding.Bad(Availability.Of(models).Message!),
                Providers = [.. models.Usable.GroupBy(m => m.Provider).Select(g => new DoctorProvider(g.Key, g.Count()))],
                Availability = Judge(new ModelsSeen(models, agent)),
            };
        }
        catch (AgentException e)
        {
            return report with { Gate = Finding.Bad(e.Message), Availability = Judge(new StartFailed(e)) };
        }
    }

    /// <summary>What it has reported so far of models and extensions that are not there.</summary>
    private static IReadOnlyList<string>? Said(IAgent agent)
    {
        var notices = new List<string>();
        while (agent.Outputs.TryRead(out var output))
            if (output is AgentNotice notice) notices.Add(notice.Text);
        return notices.Count > 0 ? notices : null;
    }

    private static AvailabilityReply Judge(AvailabilityMessage learnt) => Wire.Availability(AvailabilityReducer.Reduce(Availability.Unknown, learnt));

    private static string Render(DoctorReport report)
    {
        var text = new StringBuilder($"pilsp {report.Version}\n");
        Line("Pi", report.Pi);
        Line("Node", report.Node);
        Line("Gate", report.Gate);
        Line("Config", report.Config);
        Line("Models", report.Models);
        foreach (var provider in report.Providers ?? [])
            text.Append($"           {provider.Provider}: {provider.Models} with credentials\n");
        foreach (var notice in report.Notices ?? [])
            text.Append($"  note       {notice}\n");
        text.Append(report.Ready ? "A prompt can be sent here.\n" : "No prompt can be sent here.\n");
        if (report.Availability?.Advice is { } advice)
            text.Append($"What to do: {advice}\n");
        return text.ToString();

        void Line(string name, Finding? finding)
        {
            if (finding is not null)
                text.Append($"  {(finding.Ok ? "ok " : "NO ")} {name,-7}{finding.Detail}\n");
        }
    }
}

internal sealed record Finding(bool Ok, string Detail)
{
    public static Finding Good(string detail) => new(true, detail);

    public static Finding Bad(string detail) => new(false, detail);
}

internal sealed record DoctorProvider(string Provider, int Models);

internal sealed record DoctorReport
{
    public bool Ready => Pi is { Ok: true } && Gate is { Ok: true } && Models is { Ok: true };

    public required string Version { get; init; }

    /// <summary>As in <c>pi.status</c>, with what to do next.</summary>
    public AvailabilityReply? Availability { get; init; }

    public Finding? Pi { get; init; }

    public Finding? Node { get; init; }

    public Finding? Gate { get; init; }

    /// <summary>Which of Pi's files could not be read; a prompt can be sent with what the others give.</summary>
    public Finding? Config { get; init; }

    public Finding? Models { get; init; }

    public IReadOnlyList<DoctorProvider>? Providers { get; init; }

    /// <summary>What Pi reports of the user's settings, in our words; nothing of it keeps a prompt from being sent.</summary>
    public IReadOnlyList<string>? Notices { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
