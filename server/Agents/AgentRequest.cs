using System.Text.Json;

namespace PiLsp.Agents;

/// <summary>
/// The agent waits for an answer, given through <see cref="IAgent.Answer"/>. Ids are one-shot: the agent may
/// have stopped waiting (abort, timeout), then the answer goes nowhere and hurts nobody.
/// </summary>
internal abstract record AgentRequest(string RequestId) : AgentOutput;

/// <summary>A tool asks while it runs, or before or after that.</summary>
/// <param name="ToolCallId">The model's id, by which people find the call. It may be empty, or that of several calls.</param>
internal abstract record ToolRequest(string RequestId, string ToolCallId, string Tool) : AgentRequest(RequestId)
{
    /// <summary>The one execution of the tool that this belongs to. An agent whose calls all have ids of their own leaves it at that.</summary>
    public string Execution { get; init; } = ToolCallId;
}

/// <summary>A tool wants a file's content: what the user sees, or the disk where no buffer is open.</summary>
internal sealed record FileReadRequested(string RequestId, string ToolCallId, string Tool, string Path) : ToolRequest(RequestId, ToolCallId, Tool);

/// <summary>A tool of the agent's own is about to look into a file or a folder by itself.</summary>
internal sealed record LookRequested(string RequestId, string ToolCallId, string Tool, string Path) : ToolRequest(RequestId, ToolCallId, Tool);

/// <summary>Which of these files, whose lines such a tool has found, are not to be shown unasked.</summary>
internal sealed record SiftRequested(string RequestId, string ToolCallId, string Tool, IReadOnlyList<string> Paths) : ToolRequest(RequestId, ToolCallId, Tool);

/// <summary>A tool wants a file to have this content. The tool waits until the user has decided.</summary>
internal sealed record FileWriteRequested(string RequestId, string ToolCallId, string Tool, string Path, string NewText)
    : ToolRequest(RequestId, ToolCallId, Tool);

/// <summary>A tool that is not known to be read-only is about to run.</summary>
/// <param name="Source">Where the agent says the tool comes from, for the user to judge.</param>
internal sealed record ConsentRequested(string RequestId, string ToolCallId, string Tool, string Source, JsonElement Input)
    : ToolRequest(RequestId, ToolCallId, Tool)
{
    /// <summary>The server that the tool is of, where it is one of an MCP server's.</summary>
    public string? Server { get; init; }

    /// <summary>What the tool's maker says of it, as name and value; nobody has checked it.</summary>
    public IReadOnlyList<ToolClaim> Claims { get; init; } = [];

    /// <summary>The call whose script has made this one.</summary>
    public string? Parent { get; init; }
}

internal sealed record ToolClaim(string Name, bool Value);

/// <summary>A tool that had consent is done; its result waits for what is to be said about it.</summary>
internal sealed record ToolNoteRequested(string RequestId, string ToolCallId, string Tool) : ToolRequest(RequestId, ToolCallId, Tool);

/// <summary>A tool wants to know what the editor knows about the code.</summary>
/// <param name="Tool"><c>diagnostics</c>, <c>definition</c>, <c>references</c>, <c>symbols</c> or <c>hover</c>.</param>
internal sealed record EditorQueryRequested(string RequestId, string ToolCallId, string Tool, JsonElement Input) : ToolRequest(RequestId, ToolCallId, Tool);

/// <summary>An extension of the agent asks the user something of its own.</summary>
/// <param name="Kind"><c>select</c>, <c>confirm</c>, <c>input</c> or <c>editor</c>.</param>
internal sealed record DialogRequested(
    string RequestId, string Kind, string Title, string? Message, IReadOnlyList<string> Options, string? Placeholder, string? Prefill)
    : AgentRequest(RequestId)
{
    /// <summary>After which the agent goes on by itself; null: it waits.</summary>
    public long? TimeoutMs { get; init; }
}

internal abstract record AgentAnswer;

internal sealed record FileTextAnswer(string Text) : AgentAnswer;

/// <summary>For a file that is not text.</summary>
internal sealed record FileBytesAnswer(byte[] Bytes) : AgentAnswer;

/// <param name="Code">A POSIX name where there is one (<c>ENOENT</c>, <c>EACCES</c>, <c>EISDIR</c>), else <c>ERR</c>.</param>
internal sealed record FileErrorAnswer(string Code, string Message) : AgentAnswer;

/// <summary>What became of a <see cref="FileWriteRequested"/>; the text is the tool's result, word for word.</summary>
internal sealed record WriteOutcomeAnswer(string Text, bool IsError) : AgentAnswer;

/// <param name="Text">Read by the model, as the tool's result or as its error.</param>
internal sealed record EditorQueryAnswer(string Text, bool IsError) : AgentAnswer;

/// <param name="Reason">Read by the model when consent is refused.</param>
internal sealed record ConsentAnswer(bool Allowed, string? Reason) : AgentAnswer;

/// <summary>To a <see cref="SiftRequested"/>: those of its paths that stay hidden.</summary>
internal sealed record SiftAnswer(IReadOnlyList<string> Hidden) : AgentAnswer;

/// <summary>Added to the tool's result for the model; null adds nothing.</summary>
internal sealed record ToolNoteAnswer(string? Note) : AgentAnswer;

/// <summary>Null cancels the dialog. For <c>confirm</c> the values are <c>true</c> and <c>false</c>.</summary>
internal sealed record DialogAnswer(string? Value) : AgentAnswer;
