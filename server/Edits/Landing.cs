namespace PiLsp.Edits;

/// <summary>What is in the buffer where a sent hunk should be. Immutable.</summary>
internal abstract record HunkLanding
{
    internal sealed record Landed : HunkLanding;

    /// <summary>The new text, but laid out otherwise, or with other punctuation: a formatter was at work.</summary>
    internal sealed record Reshaped(string PresentText) : HunkLanding;

    /// <summary>The old text is still there.</summary>
    /// <param name="Beside">Something changed right beside it: the two together. Among equal lines the old text may then be another's.</param>
    internal sealed record NotLanded(string? Beside = null) : HunkLanding;

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
        if (TextDiff.IsApplied(baseText, sent, present))
            return new LandingReport([.. sent.Select(_ => new HunkLanding.Landed())], Exact: true);
        var wanted = TextDiff.Apply(baseText, sent);
        if (wanted.Length == 0 && present is "\n" or "\r\n")
            present = "";

        // Where no last line end is wanted, an added one is no difference: then all texts get one. A wanted one has to be there.
        var closeWanted = !EndsLine(wanted);
        var closeBase = closeWanted && !EndsLine(baseText);
        var (wantedLines, landedLines) = (Lines(wanted, closeWanted), Lines(present, closeWanted));
        var fromWanted = new LineMap(LineDiff.Changes(wantedLines, landedLines, LineIdentity.AnyLineEnd));
        if (fromWanted.IsWithoutChanges)
            return new LandingReport([.. sent.Select(_ => new HunkLanding.Landed())], Exact: true);

        var presentLines = Lines(present, closeBase);
        var baseLines = Lines(baseText, closeBase);
        var fromBase = new LineMap(LineDiff.Changes(baseLines, presentLines, LineIdentity.AnyLineEnd));
        var places = PlacesIn(sent);
        // Where all of it is layout, or nothing has moved at all, the shape of the text proves nothing.
        var shapesTell = !fromBase.IsWithoutChanges && !Layout.IsSame(baseText, wanted);
        var landings = new HunkLanding[sent.Count];
        for (var i = 0; i < landings.Length; i++)
        {
            var (inBase, inWanted) = Among(sent[i], places[i], baseLines, wantedLines);
            landings[i] = Judge(sent[i], inBase, inWanted, fromBase, fromWanted, presentLines);
            if (shapesTell && landings[i] is not HunkLanding.Landed && !Stands(places[i], fromWanted))
            {
                var (before, after) = fromWanted.Around(places[i]);
                var was = wantedLines.Lines(before.First, before.Count);
                var now = landedLines.Lines(after.First, after.Count);
                if (IsReshaped(sent[i], was, now, isElse: landings[i] is HunkLanding.Changed))
                    landings[i] = new HunkLanding.Reshaped(now.ToString());
                else if (ChangedText(inBase, fromBase, presentLines) is var there
                    && (IsWithin(sent[i], there) || IsSomewhere(sent[i], sent, baseText, present)))
                    landings[i] = new HunkLanding.Reshaped(there);
                else if (landings[i] is HunkLanding.NotLanded standing && IsPartlyThere(sent[i], sent, baseText, present))
                    landings[i] = new HunkLanding.Changed(standing.Beside ?? now.ToString());
            }
        }

        // Among equal lines a hunk may look as if nothing had come, beside one that surely has: where all new lines stand, all have come.
        if (landings.Any(l => l is HunkLanding.Changed) && places.All(p => Stands(p, fromWanted)) && sent.Any(h => IsSomewhere(h, sent, baseText, present)))
            landings.AsSpan().Fill(new HunkLanding.Landed());
        return new LandingReport(landings, Exact: false);
    }

    /// <summary>
    /// Two witnesses: seen from the base, do the old lines stand; seen from the wanted text, do the new ones? Only
    /// where they agree is a hunk called landed or not; where neither or both of them stand, what is there is shown.
    /// </summary>
    private static HunkLanding Judge(Hunk hunk, LineSpan inBase, LineSpan inWanted, LineMap fromBase, LineMap fromWanted, LineTable present)
    {
        if (IsSame(hunk, LineIdentity.AnyLineEnd))
            return new HunkLanding.Landed();

        // Where the old lines are among the new ones, they stand either way; only a place without any change tells.
        var oldStands = !fromBase.IsTouched(inBase, adjoining: OnlyAdds(hunk));
        var newStands = !fromWanted.IsTouched(inWanted, adjoining: hunk.NewText.Length == 0);
        if (oldStands && (!newStands || fromBase.IsWithoutChanges))
            return new HunkLanding.NotLanded(fromBase.IsTouched(inBase, adjoining: true) ? ChangedText(inBase, fromBase, present) : null);
        if (newStands && (!oldStands || IsSame(hunk, LineIdentity.ContentOnly)))
            return new HunkLanding.Landed();

        return new HunkLanding.Changed(ChangedText(inBase, fromBase, present));
    }

    /// <summary>
    /// The places of a hunk with the lines behind it that are like its own: of lines that only come or go among their like, a
    /// diff finds the lowest ones.
    /// </summary>
    private static (LineSpan InBase, LineSpan InWanted) Among(Hunk hunk, LineSpan inWanted, LineTable baseLines, LineTable wantedLines)
    {
        var inBase = new LineSpan(hunk.StartLine, hunk.LineCount);
        if (inBase.Count > 0 && inWanted.Count > 0)
            return (inBase, inWanted);
        var own = new LineTable(inBase.Count == 0 ? hunk.NewText : hunk.OldText);
        var like = Math.Max(Like(baseLines, inBase.End, own), Like(wantedLines, inWanted.End, own));
        return (Longer(inBase, baseLines), Longer(inWanted, wantedLines));

        LineSpan Longer(LineSpan span, LineTable lines) => span with { Count = Math.Min(span.Count + like, lines.Count - span.First) };
    }

    private static int Like(LineTable lines, int at, LineTable own)
    {
        var count = 0;
        while (own.Count > 0 && at + count < lines.Count && CommonLines.Same(lines, at + count, own, count % own.Count, LineIdentity.AnyLineEnd))
            count++;
        return count;
    }

    /// <summary>What is there now in place of the old lines and of what changed beside them.</summary>
    private static string ChangedText(LineSpan inBase, LineMap fromBase, LineTable present)
    {
        var span = fromBase.Around(inBase, adjoining: true).New;
        return present.Lines(span.First, span.Count).ToString();
    }

    /// <summary>
    /// What has become of the new lines, together with what changed beside them, says the same as they did. Not for a
    /// hunk that is itself nothing but layout: the old lines would say the same, too.
    /// </summary>
    private static bool IsReshaped(Hunk hunk, ReadOnlySpan<char> was, ReadOnlySpan<char> now, bool isElse) =>
        hunk.NewText.Length > 0 && !Layout.IsSame(hunk.OldText, hunk.NewText)
        && (Layout.IsSame(was, now) || (isElse && !Layout.HasSameWords(hunk.OldText, hunk.NewText) && Layout.HasSameWords(was, now)));

    /// <summary>All that the hunk brings is in the text of its place, among other things. A brace or two are everywhere and prove nothing.</summary>
    private static bool IsWithin(Hunk hunk, string now) =>
        Layout.SaysSomething(hunk.NewText) && !Layout.Contains(hunk.OldText, hunk.NewText) && Layout.Contains(now, hunk.NewText);

    /// <summary>Among equal lines a diff may find the place elsewhere; a text that was nowhere before, and is there now, has come this way.</summary>
    private static bool IsSomewhere(Hunk hunk, IReadOnlyList<Hunk> sent, string baseText, string present) =>
        Layout.SaysSomething(hunk.NewText) && sent.Count(other => Layout.Contains(other.NewText, hunk.NewText)) == 1
        && Layout.Contains(present, hunk.NewText) && !Layout.Contains(baseText, hunk.NewText);

    /// <summary>A line that only this hunk brings is there: that the old lines are found among their like does not mean that nothing has come.</summary>
    private static bool IsPartlyThere(Hunk hunk, IReadOnlyList<Hunk> sent, string baseText, string present)
    {
        foreach (var line in hunk.NewText.AsSpan().EnumerateLines())
        {
            if (IsSomewhere(hunk with { NewText = line.ToString() }, sent, baseText, present))
                return true;
        }

        return false;
    }

    /// <summary>No lines at all stand where the lines around their place do: a change beside it may have been there.</summary>
    private static bool Stands(LineSpan span, LineMap map) => !map.IsTouched(span, adjoining: span.Count == 0);

    private static bool OnlyAdds(Hunk hunk)
    {
        var ids = new LineIds(LineIdentity.ContentOnly);
        var (old, added) = (ids.Of(new LineTable(hunk.OldText)), ids.Of(new LineTable(hunk.NewText)));
        var found = 0;
        foreach (var line in added)
        {
            if (found < old.Length && line == old[found])
                found++;
        }

        return found == old.Length && added.Length > old.Length;
    }

    private static bool IsSame(Hunk hunk, LineIdentity identity)
    {
        var ids = new LineIds(identity);
        return ids.Of(new LineTable(hunk.OldText)).AsSpan().SequenceEqual(ids.Of(new LineTable(hunk.NewText)));
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

    private static LineTable Lines(string text, bool close) => new(close && text.Length > 0 && !EndsLine(text) ? text + '\n' : text);

    private static bool EndsLine(string text) => text is [.., '\n'];
}
