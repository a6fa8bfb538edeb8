using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PiLsp.Agents;

namespace PiLsp.Sessions.Transcripts;

/// <summary>One thing that a reader of the conversation sees. Immutable; <see cref="Id"/> stays the same while it grows.</summary>
[JsonDerivedType(typeof(UserEntry), "user")]
[JsonDerivedType(typeof(SpokenEntry), "spoken")]
[JsonDerivedType(typeof(ToolEntry), "tool")]
[JsonDerivedType(typeof(ShellEntry), "shell")]
[JsonDerivedType(typeof(RetryEntry), "retry")]
[JsonDerivedType(typeof(CompactionEntry), "compaction")]
[JsonDerivedType(typeof(NoticeEntry), "notice")]
[JsonDerivedType(typeof(RunEntry), "run")]
internal abstract record TranscriptEntry(string Id)
{
    /// <summary>Nothing that comes later changes it.</summary>
    [JsonIgnore]
    public bool IsClosed => this is not (SpokenEntry { IsDone: false } or ToolEntry { State: EntryState.Running } or ShellEntry { Result: null }
        or RetryEntry { State: EntryState.Running } or CompactionEntry { State: EntryState.Running });
}

/// <param name="Text">The user's own words.</param>
/// <param name="Context">What was put behind them for the model: the file, the selection.</param>
internal sealed record UserEntry(string Id, string Text, string? Context, int Images) : TranscriptEntry(Id);

/// <summary>
/// A piece of the assistant's text or thinking, in the pieces in which it came: joining them at each would copy a long answer for every word.
/// </summary>
internal sealed record SpokenEntry(string Id, bool IsThinking, ImmutableList<string> Pieces, bool IsDone, string? Model) : TranscriptEntry(Id)
{
    public ModelAnswer? From { get; init; }

    [JsonIgnore]
    public string Text => Pieces.Count == 1 ? Pieces[0] : string.Concat(Pieces);
}

/// <param name="Input">With long strings cut.</param>
/// <param name="Output">The latest; its middle is cut where <paramref name="IsCut"/>.</param>
internal sealed record ToolEntry(
    string Id, string ToolCallId, string Tool, string Title, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Input,
    EntryState State, string Output,
    bool IsCut) : TranscriptEntry(Id)
{
    /// <summary>The call whose script has made this one.</summary>
    public string? Parent { get; init; }

    public long? DurationMs { get; init; }
}

/// <summary>A shell command of the user's.</summary>
/// <param name="Result">Null while it runs.</param>
/// <param name="Output">The latest; its middle is cut where <paramref name="IsCut"/>.</param>
internal sealed record ShellEntry(string Id, string Command, bool IsHidden, string Output, bool IsCut, ShellResult? Result) : TranscriptEntry(Id);

internal sealed record RetryEntry(string Id, int Attempt, int MaxAttempts, string Error, EntryState State) : TranscriptEntry(Id);

internal sealed record CompactionEntry(string Id, string Reason, EntryState State, long? TokensBefore, long? TokensAfter, string? Error) : TranscriptEntry(Id);

internal sealed record NoticeEntry(string Id, NoticeLevel Level, string Text) : TranscriptEntry(Id);

/// <summary>The end of a run.</summary>
internal sealed record RunEntry(string Id, string StopReason, string? Error, AgentUsage Usage) : TranscriptEntry(Id)
{
    /// <summary>What the user can do about <see cref="Error"/>.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];

    /// <summary>What it came to; null of a run that is only stored.</summary>
    public RunSummary? Run { get; init; }
}

internal enum EntryState { Running, Done, Failed }
