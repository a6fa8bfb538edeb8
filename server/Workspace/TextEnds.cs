namespace PiLsp.Workspace;

/// <summary>What two texts share at their end; at their beginning the runtime finds it. Pure.</summary>
internal static class TextEnds
{
    public static int CommonSuffixLength(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var most = Math.Min(one.Length, other.Length);
        var same = 0;
        for (var block = 4096; block > 0; block /= 16)
        {
            while (same + block <= most && one.Slice(one.Length - same - block, block).SequenceEqual(other.Slice(other.Length - same - block, block)))
                same += block;
        }

        return same;
    }
}
