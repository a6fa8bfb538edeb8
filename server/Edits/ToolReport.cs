using System.Text;

namespace PiLsp.Edits;

/// <summary>What the model is told about its edit: word for word the tool's result, so it says only what was verified. Pure.</summary>
internal static class ToolReport
{
    public const string NobodyToAsk =
        "This edit needs the user's approval, and this editor has no way to ask for it. The file was not changed. Do not try again; describe the change " +
            "instead.";

    /// <param name="wasDecided">Of a withdrawn one: it was on its way to the file.</param>
    public static (string Text, bool IsError) Of(EditProposal proposal, string shownPath, bool wasDecided = false)
    {
        var text = new StringBuilder();
        switch (proposal.Status)
        {
            case ProposalStatus.Applied when proposal.UserVersion is { } diff:
                text.Append($"The user changed your proposal before applying it. What now stands in {shownPath}, against the text you edited:\n{diff}");
                break;
            case ProposalStatus.Applied:
                text.Append(proposal.Base.Exists ? $"Applied to {shownPath}" : $"Created {shownPath}");
                text.Append(proposal.Hunks.Count > 1 ? $" ({proposal.Hunks.Count} changes)." : ".");
                break;
            case ProposalStatus.Partial:
                text.Append($"Only a part of your edit of {shownPath} was applied:\n");
                AppendFates(text, proposal);
                break;
            case ProposalStatus.Rejected:
                text.Append($"The user rejected your edit of {shownPath}. The file was not changed.");
                if (proposal.Reason is { Length: > 0 } words)
                    text.Append($" The user says: {words}");
                if (proposal.Fates.Values.Any(f => f is { Kind: FateKind.Rejected, Text.Length: > 0 }))
                {
                    text.Append('\n');
                    AppendFates(text, proposal);
                }

                break;
            case ProposalStatus.Withdrawn:
                text.Append($"The edit of {shownPath} was withdrawn {(wasDecided ? "before it was applied" : "before anybody decided")}: {proposal.Reason}. " +
                    "The file was not changed.");
                break;
            default:
                text.Append($"Your edit of {shownPath} was not applied: {proposal.Reason ?? "the editor did not take it"}.");
                if (proposal.Fates.Values.Any(f => f.Kind is FateKind.Clashed or FateKind.Changed))
                {
                    text.Append('\n');
                    AppendFates(text, proposal);
                    text.Append("Read the file again before you edit it.");
                }

                break;
        }

        if (proposal.Status is ProposalStatus.Applied or ProposalStatus.Partial && proposal.Reason is { Length: > 0 } note)
            text.Append(text[^1] == '\n' ? "" : " ").Append(note);
        if (proposal.Status is ProposalStatus.Applied or ProposalStatus.Partial && proposal.Saving is { } saving)
            text.Append(text[^1] == '\n' ? "" : " ").Append($"It is not saved yet: {saving.Words}.");
        if (proposal is { Status: ProposalStatus.Applied, UserVersion: null } && proposal.Fates.Values.Any(f => f.Kind == FateKind.ChangedSince))
        {
            text.Append('\n');
            AppendFates(text, proposal);
        }

        foreach (var remark in proposal.Remarks)
        {
            var lines = remark.FirstLine == remark.LastLine ? $"line {remark.FirstLine + 1}" : $"lines {remark.FirstLine + 1}-{remark.LastLine + 1}";
            text.Append($"\nThe user's remark on {lines} of your version:\n{Quote(remark.Quote)}{remark.Text}");
        }

        return (text.ToString(), proposal.Status is not (ProposalStatus.Applied or ProposalStatus.Partial));
    }

    /// <summary>The tool's result where the user has stopped the run before anybody decided, or before all of it was decided.</summary>
    public static (string Text, bool IsError) Stopped(EditProposal proposal, string shownPath, string reason)
    {
        const string later = "The user can still apply it; you will be told with the next message if that happens.";
        if (proposal.Landed.Count == 0)
            return ($"Nobody had decided about your edit of {shownPath} when {reason}. The file was not changed. {later}", true);
        var rest = proposal.Waiting.Select(h => KeyValuePair.Create(h.Id, new HunkFate(FateKind.NotApplied, $"{reason} before anybody decided")));
        var (text, isError) = Of(proposal with { Status = ProposalStatus.Partial, Fates = proposal.Fates.AddRange(rest) }, shownPath);
        return ($"{text.TrimEnd('\n')}\n{later.Replace("it;", "the rest;", StringComparison.Ordinal)}", isError);
    }

    /// <summary>The tool's result where it cannot wait for the outcome any longer.</summary>
    public static string NotKnownYet(string shownPath, string reason) =>
        $"The editor was applying your edit of {shownPath} when {reason}. Whether it is in the file is not known yet; you will be told with the user's next " +
            "message. Read the file before you edit it again.";

    private static void AppendFates(StringBuilder text, EditProposal proposal)
    {
        foreach (var hunk in proposal.Hunks)
        {
            var lines = Lines(hunk);
            var fate = proposal.Fates.GetValueOrDefault(hunk.Id);
            text.Append(fate?.Kind switch
            {
                FateKind.Landed => $"- {lines}: applied.\n",
                FateKind.ChangedSince => $"- {lines}: applied, then changed. What stands there now:\n{Quote(fate.Text)}",
                FateKind.Changed => $"- {lines}: something else stands there now:\n{Quote(fate.Text)}",
                FateKind.Clashed => $"- {lines}: not applied, the user changed these lines meanwhile. They now read:\n{Quote(fate.Text)}",
                FateKind.Rejected when fate.Text is { Length: > 0 } words => $"- {lines}: rejected. The user says: {words}\n",
                FateKind.Rejected => $"- {lines}: rejected.\n",
                FateKind.NotApplied => $"- {lines}: not applied{(fate.Text is { } why ? $", {why}" : "")}.\n",
                _ => $"- {lines}: left out by the user.\n",
            });
        }
    }

    /// <summary>Lines of the text that the agent edited, one-based as its <c>read</c> tool counts.</summary>
    private static string Lines(Hunk hunk) => hunk.LineCount switch
    {
        0 => $"insertion before line {hunk.StartLine + 1}",
        1 => $"line {hunk.StartLine + 1}",
        _ => $"lines {hunk.StartLine + 1}-{hunk.StartLine + hunk.LineCount}",
    };

    private static string Quote(string? text) => text is { Length: > 0 } ? Fenced.Around(text) + "\n" : "(nothing)\n";
}
