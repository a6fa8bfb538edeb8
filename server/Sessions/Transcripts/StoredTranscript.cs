using PiLsp.Agents;

namespace PiLsp.Sessions.Transcripts;

/// <summary>
/// The part of a transcript that was there before this server: only where its pages begin is kept, and a page is read and folded
/// again when somebody wants to see it. Immutable but for the source that it reads; any thread.
/// </summary>
internal sealed class StoredTranscript : IDisposable
{
    public const string IdPrefix = "h";

    /// <summary>How much is read for one entry at most, about.</summary>
    private const int PageEntries = 100;
    private const long PageSize = 1024 * 1024;

    /// <summary>
    /// After so much was read, what is left of it is given back: the collector itself would let as much pile up as the processor's
    /// cache holds, and more.
    /// </summary>
    private const long Litter = 8 * 1024 * 1024;

    private readonly IAgentHistory _history;
    private readonly List<Mark> _marks;

    private StoredTranscript(IAgentHistory history, List<Mark> marks, int count)
    {
        _history = history;
        _marks = marks;
        Count = count;
    }

    /// <param name="First">How many entries come before it.</param>
    /// <param name="Before">What the fold carries over to it, without the entries.</param>
    private readonly record struct Mark(int First, HistoryPlace Place, Transcript Before);

    public int Count { get; }

    /// <exception cref="IOException">It cannot be read.</exception>
    public static StoredTranscript Read(IAgentHistory history)
    {
        var folded = Transcript.Begun(IdPrefix);
        var marks = new List<Mark> { new(0, default, folded) };
        var calls = new HashSet<string>(StringComparer.Ordinal);
        var (size, tried, litter) = (0L, 0, 0L);
        foreach (var part in history.From(default))
        {
            folded = Fold(folded, part);
            size += part.Size;
            litter += part.Size;
            if (litter > Litter)
            {
                GC.Collect(0);
                litter = 0;
            }

            Note(calls, part);
            if ((folded.Entries.Count < PageEntries && size < PageSize) || calls.Count > 0 || folded.Entries.Count < tried * 2)
                continue;
            // What a later event still changes stays on one page with it. Mostly the calls tell; what they do not, is tried ever more seldom.
            tried = folded.Entries.Count;
            if (folded.Carried() is not { } carried)
                continue;
            folded = carried;
            marks.Add(new Mark(folded.Told, part.Next, folded));
            (size, tried) = (0, 0);
        }

        return new StoredTranscript(history, marks, folded.Told);
    }

    /// <summary>The place of an entry; -1 for none of these.</summary>
    public int IndexOf(string id) => EntryPages.IndexOf(id, IdPrefix, Count);

    /// <exception cref="IOException">It cannot be read any more.</exception>
    public IReadOnlyList<TranscriptEntry> Range(int start, int count) => EntryPages.Range(_marks, m => m.First, Page, start, count);

    /// <summary>One page after the other, each forgotten when the next one is asked for.</summary>
    public IEnumerable<TranscriptEntry> All() => Enumerable.Range(0, _marks.Count).SelectMany(Page);

    public void Dispose() => _history.Dispose();

    private static void Note(HashSet<string> calls, HistoryPart part)
    {
        foreach (var e in part.Events)
        {
            if (e is ToolStarted started)
                calls.Add(started.ToolCallId);
            else if (e is ToolEnded ended)
                calls.Remove(ended.ToolCallId);
            else if (e is RunSettled)
                calls.Clear();
        }
    }

    private IReadOnlyList<TranscriptEntry> Page(int at)
    {
        var end = at + 1 < _marks.Count ? _marks[at + 1].Place : (HistoryPlace?)null;
        var folded = _marks[at].Before;
        foreach (var part in _history.From(_marks[at].Place))
        {
            folded = Fold(folded, part);
            if (part.Next == end)
                break;
        }

        return folded.Entries;
    }

    private static Transcript Fold(Transcript folded, HistoryPart part) => part.Events.Aggregate(folded, (transcript, e) => transcript.Add(ToldOutput.Of(e)));
}
