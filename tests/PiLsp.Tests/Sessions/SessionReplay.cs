using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Edits;
using PiLsp.Sessions;
using PiLsp.Workspace;
using Xunit;

namespace PiLsp.Tests.Sessions;

/// <summary>A session's pure core, fed by hand: each message gives back what it called for, and everything is kept.</summary>
internal sealed class SessionReplay
{
    public const string Path = "/work/a.txt";
    public const string Uri = "file:///work/a.txt";
    public const string Text = "one\ntwo\nthree\nfour\nfive\n";

    /// <summary>What a tool makes of it: two hunks.</summary>
    public const string Proposed = "one\n2\nthree\n4\nfive\n";

    private int _version = 1;

    public SessionReplay(PermissionMode mode = PermissionMode.Ask, ApprovalWay approval = ApprovalWay.Commands, bool canAskConsent = true) =>
        State = new SessionState
        {
            Id = "s1",
            Root = "/work",
            Rules = new SessionRules { ModeSetting = mode, Approval = approval, CanAskConsent = canAskConsent },
        };

    public SessionState State { get; private set; }

    public List<SessionEffect> All { get; } = [];

    public EditProposal Edit => State.Proposals[^1];

    /// <summary>What the model was told about its last edit.</summary>
    public WriteOutcomeAnswer Told => All.OfType<AnswerAgent>().Select(a => a.Answer).OfType<WriteOutcomeAnswer>().Last();

    public static FileSnapshot Open(string text, int version = 1) => new(Path, Uri, text, version, Exists: true);

    public static FileSnapshot Closed(string text) => new(Path, Uri, text, null, Exists: true);

    public static FileSnapshot Missing { get; } = new(Path, Uri, "", null, Exists: false);

    public IReadOnlyList<SessionEffect> Post(SessionMessage message)
    {
        var (state, effects) = SessionReducer.Reduce(State, message);
        State = state;
        All.AddRange(effects);
        return effects;
    }

    public IReadOnlyList<SessionEffect> Say(AgentOutput output) => Post(new AgentSaid(output));

    public SessionReplay Running(string ask = "a1")
    {
        Post(new AskRequested(ask, "do it", PromptDelivery.Start));
        Say(new RunStarted());
        Post(new PromptAccepted(ask, RunFollows: true, Generation: State.Exits + 1));
        return this;
    }

    /// <summary>A tool reads this and then writes that.</summary>
    public IReadOnlyList<SessionEffect> Propose(string newText, FileSnapshot? present = null, string call = "t1", string? protectedBecause = null)
    {
        var file = present ?? Open(Text);
        if (file.Exists)
        {
            var load = Say(new FileReadRequested($"{call}r", call, "edit", file.Path)).OfType<LoadFile>().Single();
            Post(new FileLoaded(load.Key, new LoadedFile(file, null, null, null, protectedBecause)));
        }

        var again = Say(new FileWriteRequested($"{call}w", call, file.Exists ? "edit" : "write", file.Path, newText)).OfType<LoadFile>().Single();
        return Post(new FileLoaded(again.Key, new LoadedFile(file, null, null, null, protectedBecause)));
    }

    /// <summary>Decides, and reads the file where the core wants it read.</summary>
    public IReadOnlyList<SessionEffect> Decide(EditDecision decision, string? edit = null, FileSnapshot? onDisk = null)
    {
        var effects = Post(new EditDecided("d1", edit, decision));
        return effects.OfType<LoadFile>().SingleOrDefault() is { } load
            ? Post(new FileLoaded(load.Key, new LoadedFile(onDisk ?? Closed(Text), null, null, null, null)))
            : effects;
    }

    public IReadOnlyList<SessionEffect> Apply(params string[] hunks) =>
        Decide(new ApplyDecision(hunks.Length == 0 ? null : hunks, null, null, KeepRest: false));

    public IReadOnlyList<SessionEffect> See(string text) => Post(new FileSeen(Open(text, ++_version)));

    public IReadOnlyList<SessionEffect> Answer(bool applied, string? reason = null) =>
        Post(new ApplyAnswered(All.OfType<ApplyToEditor>().Last().DeliveryNumber, applied, reason));

    /// <summary>An honest editor: it takes the last edit, reports and answers.</summary>
    public void Land()
    {
        var apply = All.OfType<ApplyToEditor>().Last();
        See(TextDiff.Apply(apply.Sent.Text, apply.Hunks));
        Answer(true);
    }

    public DecisionResult Result => All.OfType<CompleteDecision>().Last().Result;

    /// <summary>The time of the last deadline of this kind is over.</summary>
    public IReadOnlyList<SessionEffect> Pass<TDeadline>() where TDeadline : Deadline
    {
        var start = All.OfType<StartDeadline>().Last(d => d.Key is TDeadline);
        Assert.DoesNotContain(All.SkipWhile(e => e != (SessionEffect)start).OfType<StopDeadline>(), s => s.Key == start.Key);
        return Post(new DeadlinePassed(start.Key));
    }

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
