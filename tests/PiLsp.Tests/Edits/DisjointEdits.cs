using FsCheck;
using FsCheck.Fluent;

namespace PiLsp.Tests.Edits;

/// <summary>
/// A text of lines that are all different, none the beginning of another's, which an agent and a user edit at once, each line by
/// one of them at most: there is one right answer to how the two go together, and to what each of them did.
/// </summary>
internal sealed record DisjointEdits(string Base, string Agent, string User, string Both)
{
    private enum Edit { None, Delete, Replace, InsertBefore }

    /// <summary>Agent's and user's lines may be neighbours.</summary>
    public static readonly Gen<DisjointEdits> Adjoining = Make(apart: false);

    /// <summary>At least one line that nobody edits between agent's and user's lines.</summary>
    public static readonly Gen<DisjointEdits> Apart = Make(apart: true);

    private static Gen<DisjointEdits> Make(bool apart) =>
        from ends in Gen.Elements("\n", "\r\n")
        from edits in Gen.Frequency(
                (4, Gen.Constant(Edit.None)),
                (3, Gen.Elements(Edit.Delete, Edit.Replace, Edit.InsertBefore)))
            .Zip(Gen.Elements(true, false), (edit, byAgent) => (edit, byAgent))
            .NonEmptyListOf()
        select Build([.. edits], ends, apart);

    private static DisjointEdits Build((Edit Edit, bool ByAgent)[] edits, string end, bool apart)
    {
        for (var i = 1; apart && i < edits.Length; i++)
        {
            if (edits[i - 1].Edit != Edit.None && edits[i].ByAgent != edits[i - 1].ByAgent)
                edits[i].Edit = Edit.None;
        }

        return new DisjointEdits(
            Text(edits, end, _ => false),
            Text(edits, end, byAgent => byAgent),
            Text(edits, end, byAgent => !byAgent),
            Text(edits, end, _ => true));
    }

    private static string Text((Edit Edit, bool ByAgent)[] edits, string end, Func<bool, bool> taken) =>
        string.Concat(edits.Select((each, i) => (taken(each.ByAgent) ? each.Edit : Edit.None) switch
        {
            Edit.Delete => "",
            Edit.Replace => $"line {i:D3} edited{end}",
            Edit.InsertBefore => $"before {i:D3}{end}line {i:D3}{end}",
            _ => $"line {i:D3}{end}",
        }));
}
