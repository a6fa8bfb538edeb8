using DiffPlex;
using PiLsp.Workspace;

namespace PiLsp.Edits;

/// <summary>
/// Which lines of one text became which of another. What is the same before and behind all changes is only compared; the lines
/// between are numbered (<see cref="LineIds"/>). DiffPlex finds the shortest edit, which costs the square of the difference; so large texts are first cut at
/// lines that
/// are surely the same (once in each, in order), and it is given the pieces. Pure, any thread.
/// </summary>
internal sealed class LineDiff
{
    /// <summary>Up to here the shortest edit is cheap whatever the difference.</summary>
    private const int Small = 2_000;

    /// <summary>Up to here looking where texts go on alike costs more than the shortest edit.</summary>
    private const int Short = 200;

    /// <summary>Beyond this, lines without any anchor are called changed as a whole rather than waited for.</summary>
    private const int Large = 20_000;

    private const int WidestWindow = 64;

    private readonly record struct Region(int OldStart, int OldEnd, int NewStart, int NewEnd)
    {
        public int Size => OldEnd - OldStart + (NewEnd - NewStart);
    }

    private readonly int[] _old;
    private readonly int[] _new;

    /// <summary>For each old line the new line that it is, or -1; what is not -1 ascends.</summary>
    private readonly int[] _match;
    private readonly Stack<Region> _todo = new();

    private LineDiff(int[] oldLines, int[] newLines)
    {
        _old = oldLines;
        _new = newLines;
        _match = new int[oldLines.Length];
        Array.Fill(_match, -1);
    }

    /// <summary>Ordered, disjoint, and at least one unchanged line between each two.</summary>
    public static List<LineChange> Changes(int[] oldLines, int[] newLines)
    {
        var changes = Solved(oldLines, newLines);
        SlideDown(changes, oldLines.Length, (one, other) => oldLines[one] == oldLines[other], (one, other) => newLines[one] == newLines[other]);
        return changes;
    }

    /// <summary>The same for texts.</summary>
    public static List<LineChange> Changes(LineTable oldLines, LineTable newLines, LineIdentity identity) =>
        Changes(oldLines, newLines, identity, TextEnds.CommonSuffixLength(oldLines.Text, newLines.Text));

    /// <param name="suffix">How many units the texts share at their end.</param>
    public static List<LineChange> Changes(LineTable oldLines, LineTable newLines, LineIdentity identity, int suffix)
    {
        var first = CommonLines.AtStart(oldLines, newLines, identity);
        var last = CommonLines.AtEnd(oldLines, newLines, identity, first, suffix);
        var (oldAt, newAt) = (first, first);
        var (oldEnd, newEnd) = (oldLines.Count - last, newLines.Count - last);
        var changes = new List<LineChange>();
        // Several small changes all over a large text: from one to the next, as long as it is clear where it goes on.
        while (oldEnd - oldAt + (newEnd - newAt) > Short
            && CommonLines.GoesOn(oldLines, oldAt, oldEnd, newLines, newAt, newEnd, identity) is var (oldNext, newNext))
        {
            AddSolved(changes, oldLines, oldAt, oldNext, newLines, newAt, newNext, identity);
            var same = CommonLines.From(oldLines, oldNext, oldEnd, newLines, newNext, newEnd, identity);
            (oldAt, newAt) = (oldNext + same, newNext + same);
        }

        AddSolved(changes, oldLines, oldAt, oldEnd, newLines, newAt, newEnd, identity);
        SlideDown(
            changes, oldLines.Count, (one, other) => CommonLines.Same(oldLines, one, oldLines, other, identity), (one, other) =>
                CommonLines.Same(newLines, one, newLines, other, identity));
        return changes;
    }

    private static void AddSolved(
        List<LineChange> changes, LineTable oldLines, int oldStart, int oldEnd, LineTable newLines, int newStart, int newEnd, LineIdentity identity)
    {
        // Nearly all that people and models change: some lines came, went, or one became another.
        var (oldCount, newCount) = (oldEnd - oldStart, newEnd - newStart);
        if (oldCount == 0 || newCount == 0 || (oldCount == 1 && newCount == 1))
        {
            if (oldCount != newCount || (oldCount == 1 && !CommonLines.Same(oldLines, oldStart, newLines, newStart, identity)))
                changes.Add(new LineChange(oldStart, oldCount, newStart, newCount));
            return;
        }

        var ids = new LineIds(identity);
        foreach (var change in Solved(ids.Of(oldLines, oldStart, oldEnd - oldStart), ids.Of(newLines, newStart, newEnd - newStart)))
            changes.Add(change with { OldStart = change.OldStart + oldStart, NewStart = change.NewStart + newStart });
    }

    private static List<LineChange> Solved(int[] oldLines, int[] newLines)
    {
        var diff = new LineDiff(oldLines, newLines);
        diff._todo.Push(new Region(0, oldLines.Length, 0, newLines.Length));
        while (diff._todo.TryPop(out var region))
            diff.Solve(region);
        return diff.Gaps();
    }

    private void Solve(Region region)
    {
        region = Trim(region);
        if (region.OldStart == region.OldEnd || region.NewStart == region.NewEnd)
            return;

        // Lines that only one side has are no part of any match: a file written anew leaves next to nothing to compare.
        var (oldShared, newShared) = Shared(region);
        if (oldShared.Count == 0)
            return;

        var size = oldShared.Count + newShared.Count;
        if (region.Size > Small)
        {
            var anchors = LineAnchors.Find(
                _old.AsSpan(region.OldStart..region.OldEnd), _new.AsSpan(region.NewStart..region.NewEnd), size > Large ? WidestWindow : 1);
            if (anchors.Count > 0)
            {
                Split(region, anchors);
                return;
            }
        }

        if (size <= Large)
            Shortest(oldShared, newShared);
    }

    private Region Trim(Region region)
    {
        var (oldStart, oldEnd, newStart, newEnd) = region;
        while (oldStart < oldEnd && newStart < newEnd && _old[oldStart] == _new[newStart])
            _match[oldStart++] = newStart++;
        while (oldStart < oldEnd && newStart < newEnd && _old[oldEnd - 1] == _new[newEnd - 1])
            _match[--oldEnd] = --newEnd;
        return new Region(oldStart, oldEnd, newStart, newEnd);
    }

    private (List<int> Old, List<int> New) Shared(Region region)
    {
        var inOld = new HashSet<int>(_old[region.OldStart..region.OldEnd]);
        var inNew = new HashSet<int>(_new[region.NewStart..region.NewEnd]);
        var shared = (Old: new List<int>(), New: new List<int>());
        for (var line = region.OldStart; line < region.OldEnd; line++)
        {
            if (inNew.Contains(_old[line]))
                shared.Old.Add(line);
        }

        for (var line = region.NewStart; line < region.NewEnd; line++)
        {
            if (inOld.Contains(_new[line]))
                shared.New.Add(line);
        }

        return shared;
    }

    private void Split(Region region, List<(int Old, int New)> anchors)
    {
        var (oldStart, newStart) = (region.OldStart, region.NewStart);
        foreach (var (oldOffset, newOffset) in anchors)
        {
            var (oldLine, newLine) = (region.OldStart + oldOffset, region.NewStart + newOffset);
            _match[oldLine] = newLine;
            _todo.Push(new Region(oldStart, oldLine, newStart, newLine));
            (oldStart, newStart) = (oldLine + 1, newLine + 1);
        }

        _todo.Push(new Region(oldStart, region.OldEnd, newStart, region.NewEnd));
    }

    /// <summary>DiffPlex compares strings; each line's number, one in a row, is as good as the line and much shorter.</summary>
    private void Shortest(List<int> oldShared, List<int> newShared)
    {
        var result = new Differ().CreateCustomDiffs(
            string.Join('\n', oldShared.Select(line => _old[line])),
            string.Join('\n', newShared.Select(line => _new[line])),
            ignoreWhiteSpace: false,
            static numbers => numbers.Split('\n'));

        var (oldAt, newAt) = (0, 0);
        foreach (var block in result.DiffBlocks)
        {
            while (oldAt < block.DeleteStartA)
                _match[oldShared[oldAt++]] = newShared[newAt++];
            (oldAt, newAt) = (block.DeleteStartA + block.DeleteCountA, block.InsertStartB + block.InsertCountB);
        }

        while (oldAt < oldShared.Count)
            _match[oldShared[oldAt++]] = newShared[newAt++];
    }

    private List<LineChange> Gaps()
    {
        var changes = new List<LineChange>();
        var (oldAt, newAt) = (0, 0);
        for (var line = 0; line <= _old.Length; line++)
        {
            var matched = line == _old.Length ? _new.Length : _match[line];
            if (matched < 0)
                continue;
            if (line > oldAt || matched > newAt)
                changes.Add(new LineChange(oldAt, line - oldAt, newAt, matched - newAt));
            (oldAt, newAt) = (line + 1, matched + 1);
        }

        return changes;
    }

    /// <summary>
    /// A line inserted beside its like can be seen in several places. Always the lowest one is taken, so that the
    /// same change, made in two texts, is found at the same place in both.
    /// </summary>
    private static void SlideDown(List<LineChange> changes, int oldCount, Func<int, int, bool> sameOld, Func<int, int, bool> sameNew)
    {
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            var change = changes[i];
            var room = i == changes.Count - 1 ? oldCount - change.OldEnd : changes[i + 1].OldStart - change.OldEnd - 1;
            var by = 0;
            if (change.OldCount == 0)
            {
                while (by < room && sameNew(change.NewStart + by, change.NewEnd + by))
                    by++;
            }
            else if (change.NewCount == 0)
            {
                while (by < room && sameOld(change.OldStart + by, change.OldEnd + by))
                    by++;
            }

            changes[i] = change with { OldStart = change.OldStart + by, NewStart = change.NewStart + by };
        }
    }
}
