using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>
/// The lines that two texts share at their beginning and at their end, found without numbering them: of a large file that was
/// changed in one place that is nearly all there is to find. Pure.
/// </summary>
internal static class CommonLines
{
    /// <summary>How far one looks for where two texts go on alike, and by how many lines that is known.</summary>
    private const int Window = 64;
    private const int Sure = 4;

    public static int AtStart(LineTable one, LineTable other, LineIdentity identity) => From(one, 0, one.Count, other, 0, other.Count, identity);

    /// <summary>How many lines are the same from here on.</summary>
    public static int From(LineTable one, int first, int end, LineTable other, int otherFirst, int otherEnd, LineIdentity identity)
    {
        var most = Math.Min(end - first, otherEnd - otherFirst);
        var count = 0;
        while (count < most)
        {
            // Units are compared many at a time; a line that only ends otherwise is looked at by itself.
            var (start, otherStart) = (one.Start(first + count), other.Start(otherFirst + count));
            var same = one.Text.AsSpan(start).CommonPrefixLength(other.Text.AsSpan(otherStart));
            // By the same units the lines are the same, but that the last one may go on in one of the texts.
            var whole = Math.Min(one.LineAt(start + same) - first, other.LineAt(otherStart + same) - otherFirst);
            count = Math.Max(count, Math.Min(most, whole));
            if (count == most || !Same(one, first + count, other, otherFirst + count, identity))
                return count;
            count++;
        }

        return count;
    }

    /// <summary>
    /// Where the texts go on alike after lines that differ: the nearest place by a few lines that are nowhere else around. Null where
    /// that is not clear.
    /// </summary>
    public static (int One, int Other)? GoesOn(LineTable one, int first, int end, LineTable other, int otherFirst, int otherEnd, LineIdentity identity)
    {
        bool Alike(int a, int b)
        {
            if (first + a + Sure > end || otherFirst + b + Sure > otherEnd)
                return false;
            for (var i = 0; i < Sure; i++)
            {
                if (!Same(one, first + a + i, other, otherFirst + b + i, identity))
                    return false;
            }

            return true;
        }

        for (var distance = 1; distance <= 2 * Window; distance++)
        {
            for (var a = Math.Max(0, distance - Window); a <= Math.Min(distance, Window); a++)
            {
                var b = distance - a;
                if (!Alike(a, b))
                    continue;
                for (var elsewhere = 0; elsewhere <= 2 * Window; elsewhere++)
                {
                    if ((elsewhere != b && Alike(a, elsewhere)) || (elsewhere != a && Alike(elsewhere, b)))
                        return null;
                }

                return (first + a, otherFirst + b);
            }
        }

        return null;
    }

    /// <param name="taken">As many at the beginning are taken already.</param>
    /// <param name="same">How many units the texts share at their end.</param>
    public static int AtEnd(LineTable one, LineTable other, LineIdentity identity, int taken, int same)
    {
        var most = Math.Min(one.Count, other.Count) - taken;
        // A line whose beginning has a unit before it that is the same, too, begins there in both.
        var count = Math.Clamp(one.Count - (one.LineAt(Math.Max(0, one.Text.Length - same)) + 1), 0, Math.Max(0, most));
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
}
