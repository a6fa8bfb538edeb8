namespace PiLsp.Edits;

/// <summary>
/// Lines that are surely the same in two texts: each occurs once in both, and they stand in the same order. Where no
/// single line is unique, runs of 2, 4, 8, … lines are tried. Pure.
/// </summary>
internal static class LineAnchors
{
    public static List<(int Old, int New)> Find(ReadOnlySpan<int> oldLines, ReadOnlySpan<int> newLines, int widestWindow)
    {
        var (oldKeys, newKeys) = (oldLines.ToArray(), newLines.ToArray());
        for (var width = 1; ; width *= 2)
        {
            var pairs = UniquePairs(oldKeys, newKeys);
            if (pairs.Count > 0)
                return LongestAscending(pairs);
            if (width * 2 > widestWindow || oldKeys.Length <= width || newKeys.Length <= width)
                return [];

            var numbers = new Dictionary<(int, int), int>();
            oldKeys = Widen(oldKeys, width, numbers);
            newKeys = Widen(newKeys, width, numbers);
        }
    }

    /// <summary>The key of a run of twice the width, made of the keys of its halves.</summary>
    private static int[] Widen(int[] keys, int width, Dictionary<(int, int), int> numbers)
    {
        var wider = new int[keys.Length - width];
        for (var i = 0; i < wider.Length; i++)
        {
            var halves = (keys[i], keys[i + width]);
            if (!numbers.TryGetValue(halves, out var number))
                numbers[halves] = number = numbers.Count;
            wider[i] = number;
        }

        return wider;
    }

    /// <summary>In the order of the old text.</summary>
    private static List<(int Old, int New)> UniquePairs(int[] oldKeys, int[] newKeys)
    {
        var seen = new Dictionary<int, (int OldCount, int NewCount, int NewAt)>(newKeys.Length);
        foreach (var key in oldKeys)
            seen[key] = seen.TryGetValue(key, out var at) ? at with { OldCount = at.OldCount + 1 } : (1, 0, -1);
        for (var i = 0; i < newKeys.Length; i++)
        {
            if (seen.TryGetValue(newKeys[i], out var at))
                seen[newKeys[i]] = at with { NewCount = at.NewCount + 1, NewAt = i };
        }

        var pairs = new List<(int, int)>();
        for (var i = 0; i < oldKeys.Length; i++)
        {
            if (seen[oldKeys[i]] is (1, 1, var newAt))
                pairs.Add((i, newAt));
        }

        return pairs;
    }

    /// <summary>The longest part of the pairs that ascends on the new side too: what has been moved is no anchor.</summary>
    private static List<(int Old, int New)> LongestAscending(List<(int Old, int New)> pairs)
    {
        // tails[k]: the pair with the smallest new line that ends an ascending row of k + 1 pairs.
        var tails = new List<int>();
        var previous = new int[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[tails[middle]].New < pairs[i].New)
                    low = middle + 1;
                else
                    high = middle;
            }

            previous[i] = low == 0 ? -1 : tails[low - 1];
            if (low == tails.Count)
                tails.Add(i);
            else
                tails[low] = i;
        }

        var row = new List<(int, int)>();
        for (var i = tails.Count == 0 ? -1 : tails[^1]; i >= 0; i = previous[i])
            row.Add(pairs[i]);
        row.Reverse();
        return row;
    }
}
