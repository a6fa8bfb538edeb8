using System.Text.RegularExpressions;
using PiLsp.Agents;

namespace PiLsp.Pi;

/// <summary>
/// What a user can do about an error of a model's provider, by the words that Pi passes on: a vendor's status and body, or what
/// its client says of the connection. The patterns are those by which Pi itself tells these errors apart. Pure.
/// </summary>
internal static partial class PiProviderErrors
{
    /// <summary>So much of an error is looked at: a body may be a whole page.</summary>
    private const int MostRead = 4096;

    /// <param name="error">As the message has it; null where it did not fail.</param>
    public static IReadOnlyList<Remedy> RemediesOf(string? error, string? provider)
    {
        if (error is null)
            return [];
        var text = error.Length > MostRead ? error[..MostRead] : error;
        if (Overflow().IsMatch(text) && !Throttled().IsMatch(text))
            return [new Remedy(RemedyKind.Compact), .. Remedy.PickModel];
        if (SpentLimit().IsMatch(text))
            return [.. Remedy.PickModel, new Remedy(RemedyKind.ApiKey, provider), .. Remedy.Retry];
        if (Credentials().IsMatch(text))
            return [new Remedy(RemedyKind.ApiKey, provider), new Remedy(RemedyKind.SignIn, provider)];
        if (UnknownModel().IsMatch(text))
            return Remedy.PickModel;
        return Remedy.Retry;
    }

    [GeneratedRegex(
        @"prompt(?: is)? too long|prompt exceeds max length|request_too_large|input is too long for requested model|exceeds the context window"
            + @"|exceeds (?:the )?(?:model'?s )?maximum context length|context window exceed|input token count.*exceeds the maximum|maximum prompt length is \d"
            + @"|reduce the length of the messages|maximum context length is \d|exceeds (?:the )?maximum allowed input length"
            + @"|longer than the model'?s context length"
            + @"|exceeds the limit of \d|exceeds the available context size|greater than the context length|exceeded model token limit"
            + @"|too large for model with \d+ maximum context length|configured context size is|model_context_window_exceeded|exceeded (?:max )?context length"
            + @"|range of input length should be|context[_ ]length[_ ]exceeded|too many tokens|token limit exceeded"
            + @"|^(?:[\w -]+ API error \(413\):|413(?:\s|:|$))",
        RegexOptions.IgnoreCase)]
    private static partial Regex Overflow();

    [GeneratedRegex("^(?:Throttling error|Service unavailable):|rate.?limit|too many requests", RegexOptions.IgnoreCase)]
    private static partial Regex Throttled();

    [GeneratedRegex(
        "UsageLimitError|usage limit reached|available balance|insufficient_quota|out of budget|quota exceeded|billing|credit balance|usage_limit_exceeded",
        RegexOptions.IgnoreCase)]
    private static partial Regex SpentLimit();

    [GeneratedRegex(
        @"(?<![a-z0-9])40[13](?![a-z0-9])|unauthori[sz]ed|authentication|(?:invalid|incorrect|missing|expired|no) (?:x-)?api[ _-]?key|invalid_api_key"
            + @"|API_KEY_INVALID|API key (?:not valid|expired|not found)|permission_denied|token (?:has |is )?expired|/login",
        RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();

    [GeneratedRegex(
        @"model_not_found|not_found_error|(?:no such|unknown|invalid) model|model\b.{0,120}?(?:not found|does not exist|is not supported|not available)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex UnknownModel();
}
