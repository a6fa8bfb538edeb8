using System.Collections.Immutable;
using System.Globalization;
using PiLsp.Agents;

namespace PiLsp.Sessions.Transcripts;

/// <summary>
/// A conversation as it is read: a pure fold of the session's canonical events, the live ones and those of a stored
/// conversation alike. Immutable; made on the session's loop, read by anybody.
/// </summary>
internal sealed record Transcript
{
    public static Transcript Empty { get; } = new();

    /// <summary>So many entries make a page on the disk, and as many stay in the memory at least.</summary>
    private const int PageEntries = 200;

    /// <summary>Those that were told here and are in the memory.</summary>
    public ImmutableList<TranscriptEntry> Entries { get; private init; } = [];

    /// <summary>The conversation that goes on here, before all of them.</summary>
    public StoredTranscript? Stored { get; private init; }

    /// <summary>What was told here and lies on the disk by now, between the two.</summary>
    public PastEntries? Past { get; private init; }

    /// <summary>The page that may go to the disk: the oldest entries in the memory, once there are enough behind them. Mostly none.</summary>
    public IReadOnlyList<TranscriptEntry> Oldest =>
        IsRunning || Entries.Count < 2 * PageEntries || Entries.Take(PageEntries).Any(e => !e.IsClosed) ? [] : [.. Entries.Take(PageEntries)];

    /// <summary>The number of the last event in it: a client goes on with the next one.</summary>
    public long Seq { get; private init; }

    public bool IsRunning { get; private init; }

    /// <summary>How many entries there were so far.</summary>
    public int Told => LastId;

    private int LastId { get; init; }

    private string IdPrefix { get; init; } = "t";

    /// <summary>Where the present message's entries begin.</summary>
    private int MessageStart { get; init; }

    /// <summary>Where the present run's entries begin: a long conversation is not gone through again for each of its events.</summary>
    private int RunStart { get; init; }

    private AgentUsage RunUsage { get; init; }

    private string? StopReason { get; init; }

    private string? Error { get; init; }

    private IReadOnlyList<Remedy> Next { get; init; } = [];

    public Transcript Add(AgentEvent e, long seq) => Add(e) with { Seq = seq };

    public Transcript Add(AgentEvent e) => e switch
    {
        RunStarted =>
            this with
            {
                IsRunning = true,
                RunUsage = default,
                StopReason = null,
                Error = null,
                Next = [],
                MessageStart = Entries.Count,
                RunStart = Entries.Count,
            },
        RunSettled s => Settle(s),
        UserMessage m => Append(id => User(id, m)),
        TextDelta d => Speak(d.Text, thinking: false),
        ThinkingDelta d => Speak(d.Text, thinking: true),
        MessageCompleted m => Complete(m),
        ToolStarted t =>
            Append(id =>
                new ToolEntry(id, t.ToolCallId, t.Tool, ToolTitle.Of(t.Tool, t.Input), TranscriptBounds.Input(t.Input), EntryState.Running, "",
                    false)
                { Parent = t.Parent }),
        ToolProgressed t => Tool(t.ToolCallId, t.Text, EntryState.Running),
        ToolEnded t => Tool(t.ToolCallId, t.Text, t.IsError ? EntryState.Failed : EntryState.Done, t.DurationMs),
        ShellStarted s => Append(id => new ShellEntry(id, s.Command, s.IsHidden, "", false, null)),
        ShellOutput s => Replace<ShellEntry>(x => x.Result is null, x => Shell(x, Before(x.Output, s) + s.Text, null)),
        ShellEnded s => Replace<ShellEntry>(x => x.Result is null, x => Shell(x, s.Result.Output.Length > 0 ? s.Result.Output : x.Output, s.Result)),
        RetryScheduled r => Append(id => new RetryEntry(id, r.Attempt, r.MaxAttempts, r.Error, EntryState.Running)),
        RetryEnded r => Replace<RetryEntry>(x => x.State == EntryState.Running, x => x with { State = r.Success ? EntryState.Done : EntryState.Failed }),
        CompactionStarted c => Append(id => new CompactionEntry(id, c.Reason, EntryState.Running, null, null, null)),
        CompactionEnded c => Compacted(c),
        AgentNotice n => Append(id => new NoticeEntry(id, n.Level, n.Text)),
        _ => this,
    };

    public static Transcript Begun(string idPrefix) => new() { IdPrefix = idPrefix };

    /// <summary>With a stored conversation before everything else. Its entries have ids of their own.</summary>
    public Transcript After(StoredTranscript stored) => this with { Stored = stored };

    /// <summary>The same without its entries, to go on from; null as long as an event may change one of them.</summary>
    public Transcript? Carried() =>
        // The end of a run looks for the reason in what was said last.
        Entries.Any(e => !e.IsClosed) || Entries is [.., NoticeEntry] ? null : this with { Entries = [], MessageStart = 0, RunStart = 0 };

    /// <summary>Without what lies on the disk now.</summary>
    public Transcript PutAside(PastEntries past)
    {
        var count = past.Count - (Past?.Count ?? 0);
        return this with
        {
            Past = past,
            Entries = Entries.RemoveRange(0, count),
            MessageStart = Math.Max(0, MessageStart - count),
            RunStart = Math.Max(0, RunStart - count)
        };
    }

    /// <summary>The entries before one, or the last ones; as many as there are at most. May read the disk.</summary>
    /// <param name="before">An entry's id. Null: from the end.</param>
    /// <returns>Null when there is no such entry.</returns>
    /// <exception cref="IOException">What is stored cannot be read any more.</exception>
    public (IReadOnlyList<TranscriptEntry> Entries, bool More)? Page(string? before, int limit)
    {
        var (stored, past) = (Stored?.Count ?? 0, Past?.Count ?? 0);
        if (PlaceOf(before, stored, past) is not { } end)
            return null;
        var start = Math.Max(0, end - limit);
        var entries = new List<TranscriptEntry>(end - start);
        if (start < stored)
            entries.AddRange(Stored!.Range(start, Math.Min(end, stored) - start));
        var (pastStart, pastEnd) = (Math.Max(start - stored, 0), Math.Min(end - stored, past));
        if (pastStart < pastEnd)
            entries.AddRange(Past!.Range(pastStart, pastEnd - pastStart));
        entries.AddRange(Entries.Skip(start - stored - past).Take(end - Math.Max(start, stored + past)));
        return (entries, start > 0);
    }

    private int? PlaceOf(string? id, int stored, int past)
    {
        if (id is null)
            return stored + past + Entries.Count;
        if (Stored?.IndexOf(id) is >= 0 and var old)
            return old;
        if (Past?.IndexOf(id, IdPrefix) is >= 0 and var aside)
            return stored + aside;
        return Entries.FindIndex(x => x.Id == id) is >= 0 and var live ? stored + past + live : null;
    }

    private static UserEntry User(string id, UserMessage m)
    {
        // What the editor put behind the prompt is for the model; a reader wants to see the user's words.
        var (words, context) = PromptText.Split(m.Text);
        return new UserEntry(id, words, context, m.Images);
    }

    private Transcript Append(Func<string, TranscriptEntry> entry)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{LastId + 1}");
        return this with { LastId = LastId + 1, Entries = Entries.Add(entry(id)) };
    }

    private Transcript Speak(string text, bool thinking)
    {
        if (Entries.Count > MessageStart && Entries[^1] is SpokenEntry { IsDone: false } open && open.IsThinking == thinking)
            return this with { Entries = Entries.SetItem(Entries.Count - 1, open with { Pieces = open.Pieces.Add(text) }) };
        return Append(id => new SpokenEntry(id, thinking, [text], IsDone: false, Model: null));
    }

    private Transcript Complete(MessageCompleted m)
    {
        var spoken = Enumerable.Range(MessageStart, Entries.Count - MessageStart)
            .Where(at => Entries[at] is SpokenEntry { IsDone: false }).Select(at => (At: at, Entry: (SpokenEntry)Entries[at])).ToList();
        var texts = spoken.Count(x => !x.Entry.IsThinking);
        var next = this;
        if (texts == 0 && m.Text.Length > 0)
            next = next.Append(id => new SpokenEntry(id, false, [m.Text], IsDone: true, m.Model) { From = m.From });
        foreach (var (at, entry) in spoken)
        {
            // The whole message is the truth; with several texts in it, it does not say where one ends.
            var text = !entry.IsThinking && texts == 1 && m.Text.Length > 0 ? m.Text : entry.Text;
            next = next with { Entries = next.Entries.SetItem(at, entry with { Pieces = [text], IsDone = true, Model = m.Model, From = m.From }) };
        }

        return next with { MessageStart = next.Entries.Count, RunUsage = RunUsage + m.Usage, StopReason = m.StopReason, Error = m.Error, Next = m.Next };
    }

    private Transcript Tool(string toolCallId, string text, EntryState state, long? durationMs = null)
    {
        var (output, cut) = TranscriptBounds.Output(text);
        return Replace<ToolEntry>(x => x.ToolCallId == toolCallId && x.State == EntryState.Running, x =>
            x with { State = state, Output = output, IsCut = cut, DurationMs = durationMs });
    }

    private Transcript Compacted(CompactionEnded c)
    {
        var state = c.Aborted || c.Error is not null ? EntryState.Failed : EntryState.Done;
        var begun = Entries.FindLastIndex(x => x is CompactionEntry { State: EntryState.Running });
        return begun < 0
            ? Append(id => new CompactionEntry(id, c.Reason, state, c.TokensBefore, c.TokensAfter, c.Error))
            : Replace<CompactionEntry>(x => x.State == EntryState.Running, x =>
                x with { State = state, TokensBefore = c.TokensBefore, TokensAfter = c.TokensAfter, Error = c.Error });
    }

    private static ShellEntry Shell(ShellEntry entry, string output, ShellResult? result)
    {
        var (text, cut) = TranscriptBounds.End(output);
        return entry with
        { Output = text, IsCut = cut || entry.IsCut || result is { IsCut: true }, Result = result is null ? null : result with { Output = "" } };
    }

    private static string Before(string output, ShellOutput next) =>
        next.IsCut ? "" : next.ReplacesLine ? output[..(output.LastIndexOf('\n') + 1)] : output;

    /// <summary>The newest that fits; none, none.</summary>
    private Transcript Replace<T>(Predicate<T> fits, Func<T, TranscriptEntry> with) where T : TranscriptEntry
    {
        var at = Entries.FindLastIndex(x => x is T entry && fits(entry));
        return at < 0 ? this : this with { Entries = Entries.SetItem(at, with((T)Entries[at])) };
    }

    private Transcript Settle(RunSettled settled)
    {
        if (!IsRunning)
            return this;
        // Of a stored run nobody says how it ended, and what was lost or stopped between two messages has no reason of its own.
        var (stop, error, next) = settled.StopReason is { } told and not "toolUse" ? (told, settled.Error, settled.Next)
            : StopReason is null or "toolUse"
            ? Entries is [.., NoticeEntry { Level: NoticeLevel.Error } lost] ? ("error", lost.Text, Remedy.Retry) : ("aborted", null, [])
            : (StopReason, StopReason == "aborted" ? null : Error, StopReason == "aborted" ? [] : Next);
        var closed = Entries;
        for (var at = RunStart; at < Entries.Count; at++)
        {
            closed = Entries[at] switch
            {
                SpokenEntry { IsDone: false } s => closed.SetItem(at, s with { IsDone = true }),
                ToolEntry { State: EntryState.Running } t => closed.SetItem(at, t with { State = EntryState.Failed }),
                RetryEntry { State: EntryState.Running } r => closed.SetItem(at, r with { State = EntryState.Failed }),
                _ => closed,
            };
        }

        return (this with { Entries = closed, IsRunning = false }).Append(id => new RunEntry(id, stop, error, RunUsage) { Next = next, Run = settled.Run });
    }
}
