using PiLsp.Workspace;

namespace PiLsp.Server;

/// <summary>Why a text cannot be edited by way of the editor without guessing where a line begins. Pure.</summary>
internal static class EditObstacle
{
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
}
