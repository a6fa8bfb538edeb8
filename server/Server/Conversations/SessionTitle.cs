using PiLsp.Agents;
using PiLsp.Sessions.Transcripts;

namespace PiLsp.Server.Conversations;

/// <summary>What a stored session is called, in every list. Pure.</summary>
internal static class SessionTitle
{
    /// <summary>The name that somebody gave it, else its first words; null where it has neither.</summary>
    public static string? Of(StoredSession session) => session.Title ?? PromptText.FirstWords(session.FirstWords);
}
