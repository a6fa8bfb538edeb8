using System.Globalization;

namespace PiLsp.Sessions.Transcripts;

/// <summary>Entries that are read page by page, and numbered in a row by their ids. Pure, but for what reading a page does.</summary>
internal static class EntryPages
{
    /// <summary>The place of an entry among these; -1 for none of them.</summary>
    public static int IndexOf(string id, string prefix, int count) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(id.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= count ? number - 1 : -1;

    /// <param name="pages">In their order, the first one from the beginning.</param>
    /// <param name="first">How many entries come before a page.</param>
    public static IReadOnlyList<TranscriptEntry> Range<T>(
        IReadOnlyList<T> pages, Func<T, int> first, Func<int, IReadOnlyList<TranscriptEntry>> read, int start, int count)
    {
        var entries = new List<TranscriptEntry>(count);
        var at = pages.Count - 1;
        while (at >= 0 && first(pages[at]) > start)
            at--;
        for (; entries.Count < count && at < pages.Count; at++)
            entries.AddRange(read(at).Skip(start + entries.Count - first(pages[at])).Take(count - entries.Count));
        return entries;
    }
}
