using PiLsp.Agents;
using PiLsp.Sessions;
using PiLsp.Sessions.Editing;

namespace PiLsp.Server.Questions;

/// <summary>
/// Asks for a tool's consent by message requests. What is too long for one is not allowed on the strength of its two
/// ends: <c>Allow</c> comes when the whole was shown, as a document, or part by part where the editor opens none.
/// </summary>
/// <param name="ask">Shows a message with actions; the title of the chosen one, null when dismissed.</param>
/// <param name="open">Opens a text as a document; false where the editor does not.</param>
internal sealed class ConsentMessages(
    Func<string, IReadOnlyList<string>, CancellationToken, Task<string?>> ask, Func<string, CancellationToken, Task<bool>> open)
{
    private const string Allow = "Allow";
    private const string LandFirst = "Apply edits, then allow";
    private const string Always = "Always allow";
    private const string Reject = "Reject";
    private const string Review = "Review";
    private const string Next = "Next part";

    public async Task<QuestionAnswer> AskAsync(ConsentQuestion question, CancellationToken cancellation)
    {
        var tool = ShownText.Name(question.Tool);
        var shown = ShownText.Question(question.What);
        var staged = question.StagedEdits > 0 ? $"\n{EditReducer.Count(question.StagedEdits, "staged edit")} would not be seen by it." : "";
        if (question.Private is { } why)
            staged = $"\nCareful: it {why}.";
        if (shown.IsWhole && question.Private is not null)
            return await DecideAsync(question, $"Pi wants to {tool} {shown.Brief}.{staged.Replace('\n', ' ')}", cancellation);
        if (shown.IsWhole)
            return await DecideAsync(question, $"Pi wants to run {tool}:\n{shown.Brief}{staged}", cancellation);
        switch (await ask(
            $"Pi wants to run {tool}; it can be allowed when you have seen all of it (Review):\n{shown.Brief}{staged}", [Review, Reject], cancellation))
        {
            case Reject:
                return new QuestionAnswer(QuestionOutcome.No);
            case not Review:
                return new QuestionAnswer(QuestionOutcome.Dismissed);
        }

        return await open(shown.Whole, cancellation)
            ? await DecideAsync(question, $"Pi wants to run {tool}, all of which is open as a document:\n{shown.Brief}{staged}", cancellation)
            : await InPartsAsync(question, tool, ShownText.Parts(shown.Whole), staged, cancellation);
    }

    private async Task<QuestionAnswer> InPartsAsync(
        ConsentQuestion question, string tool, IReadOnlyList<string> parts, string staged, CancellationToken cancellation)
    {
        for (var at = 0; at < parts.Count - 1; at++)
        {
            switch (await ask($"Pi wants to run {tool}, part {at + 1} of {parts.Count}:\n{parts[at]}", [Next, Reject], cancellation))
            {
                case Reject:
                    return new QuestionAnswer(QuestionOutcome.No);
                case not Next:
                    return new QuestionAnswer(QuestionOutcome.Dismissed);
            }
        }

        return await DecideAsync(question, $"Pi wants to run {tool}, part {parts.Count} of {parts.Count}:\n{parts[^1]}{staged}", cancellation);
    }

    private async Task<QuestionAnswer> DecideAsync(ConsentQuestion question, string message, CancellationToken cancellation)
    {
        string[] actions = question.StagedEdits > 0 ? [LandFirst, Allow, Reject] : question.Always is not null ? [Allow, Reject, Always] : [Allow, Reject];
        return await ask(message, actions, cancellation) switch
        {
            LandFirst => new QuestionAnswer(QuestionOutcome.LandFirst),
            Allow => new QuestionAnswer(QuestionOutcome.Yes),
            Always => new QuestionAnswer(QuestionOutcome.Always),
            Reject => new QuestionAnswer(QuestionOutcome.No),
            _ => new QuestionAnswer(QuestionOutcome.Dismissed),
        };
    }
}
