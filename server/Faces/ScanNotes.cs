namespace PiLsp.Faces;

/// <summary>What the model is told of the files that a command changed, put behind the command's result. Pure.</summary>
internal static class ScanNotes
{
    public const string NotBefore = "it was not looked at before the command began";

    private const int MaxListed = 20;

    /// <summary>Null where nothing was changed.</summary>
    /// <param name="reviewed">There is a user who reviews what goes another way.</param>
    public static string? ChangedNote(IReadOnlyList<string> changed, bool reviewed) =>
        changed.Count == 0 ? null : $"\n[Changed on disk{(reviewed ? ", outside the user's review" : " by this command")}: {List(changed)}]";

    /// <summary>Null where everything was compared.</summary>
    public static string? ProblemNote(string? problem) =>
        problem is null ? null : $"\n[Not all of the workspace could be compared: {problem}. The command may have changed more than is named here.]";

    public static string List(IReadOnlyList<string> shown) =>
        string.Join(", ", shown.Take(MaxListed)) + (shown.Count > MaxListed ? $" and {shown.Count - MaxListed} more" : "");
}
