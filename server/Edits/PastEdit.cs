using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace PiLsp.Edits;

/// <summary>
/// A decided proposal in two parts: what a list tells of it, which stays, and its texts, which are put aside. The text that
/// it was made for is one by itself, since the next proposal of the file mostly has the same. Pure.
/// </summary>
internal static class PastEdit
{
    /// <summary>What stays.</summary>
    public static EditProposal Light(EditProposal decided)
    {
        // What only says how it was decided, and has been told, is not needed again either.
        var present = decided.View.Present with { Text = "", Disk = null };
        return decided with
        {
            IsKept = true,
            KeptLanded = decided.Landed,
            Base = decided.Base with { Text = "", Disk = null },
            Hunks = [],
            View = new ProposalView(present, [], [], []),
            Fates = ImmutableDictionary<string, HunkFate>.Empty,
            UserVersion = null,
            Remarks = [],
        };
    }

    /// <summary>The hunks and what became of them; their old texts are in the base.</summary>
    public static string Write(EditProposal decided)
    {
        var text = new StringBuilder();
        Put(text, decided.Hunks.Count);
        foreach (var hunk in decided.Hunks)
        {
            Put(text, hunk.Id);
            Put(text, hunk.Start);
            Put(text, hunk.Length);
            Put(text, hunk.StartLine);
            Put(text, hunk.LineCount);
            Put(text, hunk.NewText);
        }

        Put(text, decided.Fates.Count);
        foreach (var (id, fate) in decided.Fates)
        {
            Put(text, id);
            Put(text, (int)fate.Kind);
            Put(text, fate.Text is null ? 0 : 1);
            Put(text, fate.Text ?? "");
        }

        Put(text, decided.UserVersion is null ? 0 : 1);
        Put(text, decided.UserVersion ?? "");
        return text.ToString();
    }

    /// <summary>The whole again.</summary>
    public static EditProposal Read(EditProposal light, string baseText, string written)
    {
        var at = 0;
        var hunks = new Hunk[Number(written, ref at)];
        for (var i = 0; i < hunks.Length; i++)
        {
            var id = Text(written, ref at);
            var (start, length) = (Number(written, ref at), Number(written, ref at));
            var (line, lines) = (Number(written, ref at), Number(written, ref at));
            hunks[i] = new Hunk(id, start, length, baseText.Substring(start, length), Text(written, ref at), line, lines);
        }

        var fates = ImmutableDictionary.CreateBuilder<string, HunkFate>();
        for (var count = Number(written, ref at); count > 0; count--)
        {
            var id = Text(written, ref at);
            var kind = (FateKind)Number(written, ref at);
            var hasText = Number(written, ref at) > 0;
            var text = Text(written, ref at);
            fates[id] = new HunkFate(kind, hasText ? text : null);
        }

        var hasOwn = Number(written, ref at) > 0;
        var own = Text(written, ref at);
        return light with
        {
            IsKept = false,
            KeptLanded = [],
            Base = light.Base with { Text = baseText },
            Hunks = hunks,
            Fates = fates.ToImmutable(),
            UserVersion = hasOwn ? own : null,
        };
    }

    private static void Put(StringBuilder text, int number) => text.Append(CultureInfo.InvariantCulture, $"{number};");

    private static void Put(StringBuilder text, string part)
    {
        Put(text, part.Length);
        text.Append(part);
    }

    private static int Number(string written, ref int at)
    {
        var end = written.IndexOf(';', at);
        var number = int.Parse(written.AsSpan(at, end - at), CultureInfo.InvariantCulture);
        at = end + 1;
        return number;
    }

    private static string Text(string written, ref int at)
    {
        var length = Number(written, ref at);
        at += length;
        return written.Substring(at - length, length);
    }
}
