namespace PiLsp.Edits;

/// <summary>What is in the buffer where a sent hunk should be. Immutable.</summary>
internal abstract record HunkLanding
{
    internal sealed record Landed : HunkLanding;

    /// <summary>The old text is still there.</summary>
    internal sealed record NotLanded : HunkLanding;

    /// <summary>Neither the old text nor the new one, or both of them: what is there now.</summary>
    internal sealed record Changed(string PresentText) : HunkLanding;
}

/// <param name="Exact">The buffer is the base with all sent hunks applied, and nothing else.</param>
internal sealed record LandingReport(IReadOnlyList<HunkLanding> Hunks, bool Exact);

/// <summary>
/// Compares a buffer with the edit that was sent into it: an editor's answer is a claim, this is the proof. The user
/// may have typed elsewhere meanwhile; other line ends, and a last line end that editors add, do not count. Pure.
/// </summary>
internal static class Landing
{
    public static LandingReport Check(string baseText, IReadOnlyList<Hunk> sent, string present)
    {
        var wanted = TextDiff.Apply(baseText, sent);
        if (!EndsLine(wanted) && EndsLine(present))
            present = present[..^(present.EndsWith("\r\n", StringComparison.Ordinal) ? 2 : 1)];

        var ids = new LineIds(LineIdentity.AnyLineEnd);
        var presentLines = new LineTable(present);
        var presentIds = ids.Of(presentLines);
        var wantedIds = ids.Of(new LineTable(wanted));
        if (wantedIds.AsSpan().SequenceEqual(presentIds))
            return new LandingReport([.. sent.Select(_ => new HunkLanding.Landed())], Exact: true);

        var fromBase = new LineMap(LineDiff.Changes(ids.Of(new LineTable(baseText)), presentIds));
        var fromWanted = new LineMap(LineDiff.Changes(wantedIds, presentIds));
        var places = PlacesIn(sent);
        var landings = new HunkLanding[sent.Count];
        for (var i = 0; i < landings.Length; i++)
            landings[i] = Judge(sent[i], places[i], fromBase, fromWanted, ids, presentLines);
        return new LandingReport(landings, Exact: false);
    }

    /// <summary>
    /// Two witnesses: seen from the base, are the old lines untouched; seen from the wanted text, are the new ones?
    /// Where a hunk has no old or no new lines, that witness saw nothing and the other one decides.
    /// </summary>
    private static HunkLanding Judge(Hunk hunk, LineSpan inWanted, LineMap fromBase, LineMap fromWanted, LineIds ids, LineTable present)
    {
        var inBase = new LineSpan(hunk.StartLine, hunk.LineCount);
        if (ids.Of(new LineTable(hunk.OldText)).AsSpan().SequenceEqual(ids.Of(new LineTable(hunk.NewText))))
            return new HunkLanding.Landed();

        var oldStands = !fromBase.IsTouched(inBase);
        var newStands = !fromWanted.IsTouched(inWanted);
        if (oldStands && newStands)
        {
            oldStands = inWanted.Count == 0;
            newStands = inBase.Count == 0;
        }

        if (newStands)
            return new HunkLanding.Landed();
        if (oldStands)
            return new HunkLanding.NotLanded();

        var (_, there) = fromBase.Around(inBase);
        return new HunkLanding.Changed(present.Lines(there.First, there.Count).ToString());
    }

    /// <summary>The lines of each hunk in the text that has them all; in the order in which the hunks were given.</summary>
    private static LineSpan[] PlacesIn(IReadOnlyList<Hunk> sent)
    {
        var places = new LineSpan[sent.Count];
        var grown = 0;
        foreach (var i in Enumerable.Range(0, sent.Count).OrderBy(i => sent[i].Start).ThenBy(i => sent[i].End))
        {
            var count = new LineTable(sent[i].NewText).Count;
            places[i] = new LineSpan(sent[i].StartLine + grown, count);
            grown += count - sent[i].LineCount;
        }

        return places;
    }

    private static bool EndsLine(string text) => text is [.., '\r' or '\n'];
}
