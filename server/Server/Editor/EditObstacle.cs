using PiLsp.Lsp;
using PiLsp.Workspace;

namespace PiLsp.Server.Editor;

/// <summary>Why a text cannot be edited by way of the editor without guessing where a line begins, or what came of it. Pure.</summary>
internal static class EditObstacle
{
    /// <summary>
    /// For an edit as it is sent: some editors make a line end of a carriage return that they are given, and of a file that is not open nobody tells.
    /// </summary>
    public static string? Why(FileSnapshot sent, OpeningHabit opening, WorkspaceEdit edit) => Why(sent, opening) ?? (!sent.IsOpen && Brings(edit)
        ? "the change has a carriage return inside a line, and what this editor makes of that is seen only in a file that is open; open it first" : null);

    public static string? Why(FileSnapshot file, OpeningHabit opening)
    {
        if (file.IsDoubtful)
            return "the editor's text and the server's copy of it have come apart; save the file, and they are one again";
        if (!file.Text.Contains('\r'))
            return null;
        var kinds = LineEnds.KindsIn(file.Text);
        if (kinds == LineEndKinds.Cr)
            return "its lines end with a carriage return alone, which some editors count as a line end and others do not; convert it to another line end first";
        // Of a file that is open, the text itself tells how it is counted.
        return !file.IsOpen && kinds.HasFlag(LineEndKinds.Cr) && opening is OpeningHabit.Unknown or OpeningHabit.CrLfAsLf
            ? "it has a carriage return inside a line, and how this editor counts its lines is known only once the file is open; open it first" : null;
    }

    private static bool Brings(WorkspaceEdit edit) =>
        (edit.Changes?.Values.SelectMany(e => e) ?? edit.DocumentChanges?.OfType<TextDocumentEdit>().SelectMany(d => d.Edits) ?? [])
            .Any(e => LineEnds.KindsIn(e.NewText).HasFlag(LineEndKinds.Cr));
}
