using System.Runtime.InteropServices;

namespace PiLsp.Edits;

/// <summary>What makes two lines the same line.</summary>
internal enum LineIdentity
{
    /// <summary>Every unit, the line end included.</summary>
    Exact,

    /// <summary>The content, and whether there is a line end, whichever it is.</summary>
    AnyLineEnd,

    /// <summary>The content alone.</summary>
    ContentOnly,
}

/// <summary>
/// Numbers lines so that equal lines have equal numbers; one instance for the texts that are to be compared.
/// A comparison of numbers is what keeps a diff of large files fast. Not for use by two threads.
/// </summary>
internal sealed class LineIds(LineIdentity identity)
{
    private readonly Dictionary<string, int> _withEnd = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _withoutEnd = new(StringComparer.Ordinal);
    private int _next;

    public int[] Of(LineTable lines) => Of(lines, 0, lines.Count);

    public int[] Of(LineTable lines, int first, int count)
    {
        var ids = new int[count];
        for (var at = 0; at < ids.Length; at++)
        {
            var line = first + at;
            ids[at] = identity switch
            {
                LineIdentity.Exact => IdOf(_withEnd, lines.Line(line)),
                LineIdentity.ContentOnly => IdOf(_withEnd, lines.Content(line)),
                _ => IdOf(lines.EndOf(line).IsEmpty ? _withoutEnd : _withEnd, lines.Content(line)),
            };
        }

        return ids;
    }

    private int IdOf(Dictionary<string, int> ids, ReadOnlySpan<char> key)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids.GetAlternateLookup<ReadOnlySpan<char>>(), key, out var known);
        if (!known)
            id = _next++;
        return id;
    }
}
