using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PiLsp.Edits;
using PiLsp.Lsp;
using PiLsp.Sessions;
using PiLsp.Tests.Workspace;

namespace PiLsp.Tests.Sessions;

/// <summary>A case: two files, how the session is set, and the dice for what happens, one number for each step.</summary>
/// <param name="ReviewAtEnd">Edits are staged, and decided when the run is over or before a command that is to see them.</param>
/// <param name="Formats">Something in the editor lays lines out anew, often right after an edit.</param>
internal sealed record EditScenario(
    string? FirstFile, string? SecondFile, bool FirstOpen, PermissionMode Mode, ApprovalWay Approval, PositionEncoding Encoding, int Honesty, bool Formats,
    bool ReviewAtEnd, IReadOnlyList<int> Steps)
{
    public ClientKind Client { get; init; }

    /// <summary>Two conversations work on the files at the same time.</summary>
    public bool TwoSessions { get; init; }

    private static readonly Gen<string?> File = Gen.Frequency(
        (6, RandomTexts.Text.Select(string? (text) => text)),
        (1, Gen.Constant<string?>("")),
        (1, Gen.Constant<string?>(null)));

    private static readonly Gen<(PermissionMode, ApprovalWay)> Setting =
        from mode in Gen.Frequency((8, Gen.Constant(PermissionMode.Ask)), (2, Gen.Constant(PermissionMode.AcceptEdits)),
            (1, Gen.Elements(PermissionMode.Full, PermissionMode.ReadOnly)))
        from approval in Gen.Frequency(
            (6, Gen.Constant(ApprovalWay.Commands)), (4, Gen.Constant(ApprovalWay.Message)), (1, Gen.Elements(ApprovalWay.Preview, ApprovalWay.None)))
        select (mode, approval);

    private static readonly Gen<EditScenario> Any =
        from first in File
        from second in File
        from open in Gen.Elements(true, true, true, false)
        from setting in Setting
        from encoding in RandomTexts.Encoding
        from honesty in Gen.Elements(100, 100, 60, 0)
        from formats in Gen.Elements(false, false, true)
        from client in Gen.Elements(Enum.GetValues<ClientKind>())
        from atEnd in Gen.Elements(false, false, false, true)
        from two in Gen.Elements(false, false, true)
        from length in Gen.Choose(5, 60)
        from steps in Gen.Choose(0, int.MaxValue - 1).ListOf(length)
        select new EditScenario(
            first, second, open, setting.Item1, setting.Item2, encoding, honesty, formats, atEnd, [.. steps])
        { Client = client, TwoSessions = two };

    public static Arbitrary<EditScenario> Arbitrary { get; } = Arb.From(Any, scenario => scenario.Smaller());

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"first {Shown(FirstFile)} (open: {FirstOpen}), second {Shown(SecondFile)}, {Client}, {Mode}, {Approval}, {Encoding}, honesty " +
            $"{Honesty}{(Formats ? ", formats" : "")}{(ReviewAtEnd ? ", review at the end" : "")}{(TwoSessions ? ", two sessions" : "")}, steps " +
                $"[{string.Join(", ", Steps)}]");

    public static string Shown(string? text) =>
        text is null ? "none" : '"' + text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + '"';

    private IEnumerable<EditScenario> Smaller()
    {
        for (var length = Steps.Count / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= Steps.Count; at += length)
                yield return this with { Steps = [.. Steps.Take(at), .. Steps.Skip(at + length)] };
        }

        foreach (var first in Fewer(FirstFile))
            yield return this with { FirstFile = first };
        foreach (var second in Fewer(SecondFile))
            yield return this with { SecondFile = second };
        if (Encoding != PositionEncoding.Utf16)
            yield return this with { Encoding = PositionEncoding.Utf16 };
        if (Honesty < 100)
            yield return this with { Honesty = 100 };
        if (Client != ClientKind.Helix)
            yield return this with { Client = ClientKind.Helix };
        if (ReviewAtEnd)
            yield return this with { ReviewAtEnd = false };
        if (Formats)
            yield return this with { Formats = false };
        if (TwoSessions)
            yield return this with { TwoSessions = false };
    }

    private static IEnumerable<string> Fewer(string? text)
    {
        if (text is null)
            yield break;
        var lines = RandomTexts.SplitLines(text);
        for (var i = 0; i < lines.Count; i++)
            yield return string.Concat(lines.Take(i).Concat(lines.Skip(i + 1)));
    }
}
