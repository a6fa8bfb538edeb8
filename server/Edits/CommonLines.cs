namespace PiLsp.Edits;

/// <summary>
/// The lines that two texts share at their beginning and at their end, found without numbering them: of a large file that was
/// changed in one place that is nearly all there is to find. Pure.
/// </summary>
internal static class CommonLines
{
    public static int AtStart(LineTable one, LineTable other, LineIdentity identity)
    {
        var most = Math.Min(one.Count, other.Count);
        var at = 0;
        while (at < most)
        {
            // Units are compared many at a time; a line that only ends otherwise is looked at by itself.
            var (start, otherStart) = (one.Start(at), other.Start(at));
            var same = one.Text.AsSpan(start).CommonPrefixLength(other.Text.AsSpan(otherStart));
            at = Math.Max(at, Math.Min(most, Whole(one, other, at, start + same, otherStart + same)));
            if (at == most || !Same(one, at, other, at, identity))
                return at;
            at++;
        }

        return at;
    }

    /// <param name="taken">As many at the beginning are taken already.</param>
    public static int AtEnd(LineTable one, LineTable other, LineIdentity identity, int taken)
    {
        var most = Math.Min(one.Count, other.Count) - taken;
        var count = 0;
        while (count < most && Same(one, one.Count - 1 - count, other, other.Count - 1 - count, identity))
            count++;
        return count;
    }

    public static bool Same(LineTable one, int line, LineTable other, int otherLine, LineIdentity identity)
    {
        if (one.Line(line).SequenceEqual(other.Line(otherLine)))
            return true;
        return identity switch
        {
            LineIdentity.Exact => false,
            LineIdentity.ContentOnly => one.Content(line).SequenceEqual(other.Content(otherLine)),
            _ => one.EndOf(line).IsEmpty == other.EndOf(otherLine).IsEmpty && one.Content(line).SequenceEqual(other.Content(otherLine)),
        };
    }

    /// <summary>The first line that does not lie before these places as a whole, in both texts.</summary>
    private static int Whole(LineTable one, LineTable other, int from, int end, int otherEnd)
    {
        var (line, otherLine) = (one.LineAt(end), other.LineAt(otherEnd));
        // By the same units the lines are the same, but that the last one may go on in one of the texts.
        return Math.Max(from, Math.Min(line, otherLine));
    }
}
