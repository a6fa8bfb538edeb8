using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Workspace;

namespace PiLsp.Sessions.Transcripts;

/// <summary>Entries of a transcript that were told here and lie on the disk by now: the first ones, page after page. Immutable; any thread.</summary>
internal sealed class PastEntries
{
    private readonly PastTexts _texts;
    private readonly ImmutableList<Page> _pages;

    private PastEntries(PastTexts texts, ImmutableList<Page> pages, int count) => (_texts, _pages, Count) = (texts, pages, count);

    public static PastEntries None(PastTexts texts) => new(texts, [], 0);

    /// <param name="First">How many entries come before it.</param>
    private readonly record struct Page(int First, KeptText Text);

    public int Count { get; }

    /// <param name="page">As <see cref="Write"/> has put them.</param>
    public PastEntries With(KeptText page, int count) => new(_texts, _pages.Add(new Page(Count, page)), Count + count);

    /// <summary>The place of an entry; -1 for none of these.</summary>
    public int IndexOf(string id, string prefix) => EntryPages.IndexOf(id, prefix, Count);

    /// <exception cref="IOException">They cannot be read any more.</exception>
    public IReadOnlyList<TranscriptEntry> Range(int start, int count) => EntryPages.Range(_pages, p => p.First, at => Read(_pages[at]), start, count);

    public static string Write(IReadOnlyList<TranscriptEntry> entries) =>
        JsonSerializer.Serialize(entries, PastEntriesJson.Default.IReadOnlyListTranscriptEntry);

    private IReadOnlyList<TranscriptEntry> Read(Page page) =>
        JsonSerializer.Deserialize(_texts.Read(page.Text), PastEntriesJson.Default.IReadOnlyListTranscriptEntry) ?? [];
}

[JsonSerializable(typeof(IReadOnlyList<TranscriptEntry>))]
internal sealed partial class PastEntriesJson : JsonSerializerContext;
