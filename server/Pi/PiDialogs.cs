using System.Collections.Concurrent;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// The questions that Pi waits on, each answered at most once. Opened and dropped by the reader, answered from any thread.
/// </summary>
internal sealed class PiDialogs
{
    private readonly ConcurrentDictionary<string, AgentRequest> _open = new();

    public void Open(AgentRequest request) => _open[request.RequestId] = request;

    /// <summary>The record for Pi; null when nobody waits for this answer, or not any more.</summary>
    public ReadOnlyMemory<byte>? Answer(string id, AgentAnswer answer) =>
        // Without the type it would be an empty record: null is also an array of bytes, and that a memory of none.
        _open.TryRemove(id, out var request) ? Write(request, answer) : (ReadOnlyMemory<byte>?)null;

    /// <summary>All tool calls of this id are over, so nobody waits for what they asked.</summary>
    public void Drop(string toolCallId)
    {
        foreach (var (id, request) in _open)
            if (request is ToolRequest asked && asked.ToolCallId == toolCallId) _open.TryRemove(id, out _);
    }

    /// <summary>Lets everybody go who still waits, but for a write: of that it is told what has become of it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> CancelAllButWrites() =>
        [.. _open.Where(d => d.Value is not FileWriteRequested && _open.TryRemove(d.Key, out _)).Select(d => PiCommand.CancelDialog(d.Key))];

    /// <summary>A dialog of any other extension; null for what is no dialog.</summary>
    public static DialogRequested? Read(PiUiRequest request)
    {
        var body = request.Body;
        if (request.Method is not ("select" or "confirm" or "input" or "editor")) return null;
        return new DialogRequested(request.Id, request.Method, body.Text("title") ?? "", body.Text("message"), body.Texts("options"),
            body.Text("placeholder"), body.Text("prefill"))
        {
            TimeoutMs = body.Whole("timeout") is > 0 and var timeout ? timeout : null,
        };
    }

    private static ReadOnlyMemory<byte> Write(AgentRequest request, AgentAnswer answer) => (request, answer) switch
    {
        (FileReadRequested r, FileTextAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer => writer.WriteString("text"u8, a.Text)),
        (FileReadRequested r, FileBytesAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer => writer.WriteBase64String("base64"u8, a.Bytes)),
        (FileReadRequested r, FileErrorAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer => WriteError(writer, a)),
        (FileWriteRequested r, WriteOutcomeAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer => WriteOutcome(writer, !a.IsError, a.Text)),
        (FileWriteRequested r, FileErrorAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer => WriteOutcome(writer, false, $"{a.Code}: {a.Message}")),
        (SiftRequested r, SiftAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer =>
        {
            writer.WriteStartArray("hidden"u8);
            foreach (var path in a.Hidden) writer.WriteStringValue(path);
            writer.WriteEndArray();
        }),
        (ConsentRequested or LookRequested, ConsentAnswer a) => PiCommand.AnswerDialog(request.RequestId, writer =>
        {
            writer.WriteBoolean("allow"u8, a.Allowed);
            if (a.Reason is not null) writer.WriteString("reason"u8, a.Reason);
        }),
        (EditorQueryRequested r, EditorQueryAnswer { IsError: false } a) => PiCommand.AnswerDialog(r.RequestId, writer => writer.WriteString("text"u8, a.Text)),
        (EditorQueryRequested r, EditorQueryAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer => WriteError(writer, new FileErrorAnswer("ERR", a.Text))),
        (ToolNoteRequested r, ToolNoteAnswer a) => PiCommand.AnswerDialog(r.RequestId, writer =>
        {
            if (a.Note is not null) writer.WriteString("note"u8, a.Note);
        }),
        (DialogRequested { Kind: "confirm" } r, DialogAnswer { Value: not null } a) => PiCommand.ConfirmDialog(r.RequestId, a.Value == "true"),
        (DialogRequested r, DialogAnswer { Value: { } value }) => PiCommand.AnswerDialog(r.RequestId, value),
        // An answer to another question is no consent to this one.
        _ => PiCommand.CancelDialog(request.RequestId),
    };

    private static void WriteOutcome(Utf8JsonWriter writer, bool ok, string message)
    {
        writer.WriteBoolean("ok"u8, ok);
        writer.WriteString("message"u8, message);
    }

    private static void WriteError(Utf8JsonWriter writer, FileErrorAnswer answer)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("code"u8, answer.Code);
        writer.WriteString("message"u8, answer.Message);
        writer.WriteEndObject();
    }
}
