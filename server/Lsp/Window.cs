
namespace PiLsp.Lsp;

// LSP 3.17, "Window features" and "Work done progress".

/// <summary>LSP <c>MessageType</c>: 1 error, 2 warning, 3 info, 4 log.</summary>
internal enum MessageType { Error = 1, Warning = 2, Info = 3, Log = 4 }

internal sealed record LogMessageParams(MessageType Type, string Message);

internal sealed record ShowMessageParams(MessageType Type, string Message);

internal sealed record ShowMessageRequestParams(MessageType Type, string Message, IReadOnlyList<MessageActionItem> Actions);

internal sealed record MessageActionItem(string Title);

internal sealed record ShowDocumentParams(string Uri, bool? External, bool? TakeFocus, Range? Selection);

internal sealed record ShowDocumentResult(bool Success);

internal sealed record WorkDoneProgressCreateParams(ProgressToken Token);

internal sealed record WorkDoneProgressCancelParams(ProgressToken Token);

internal sealed record ProgressParams(ProgressToken Token, WorkDoneProgress Value);

/// <param name="Kind"><c>begin</c>, <c>report</c> or <c>end</c>.</param>
internal sealed record WorkDoneProgress(string Kind, string? Title, string? Message, bool? Cancellable);
