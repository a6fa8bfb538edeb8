using System.Buffers;
using System.Text;
using System.Text.Json;
using PiLsp.Agents;
using PiLsp.Files;
using PiLsp.Json;

namespace PiLsp.Pi;

/// <summary>
/// The conversation of one of Pi's session files (its docs/session-format.md), read from there line by line: the branch that ends
/// with the last entry, from its last compaction on, with the changes of its context, as Pi itself makes messages of it. What is
/// kept is where the lines are. Any thread.
/// </summary>
internal sealed class PiStoredHistory : IAgentHistory
{
    private readonly FileStream _file;
    private readonly List<Line> _lines;

    private PiStoredHistory(FileStream file, List<Line> lines) => (_file, _lines) = (file, lines);

    /// <summary>Where an entry is, and the one that replaces what it says.</summary>
    private readonly record struct Line(PiSessionEntry Entry, PiSessionEntry? Edit);

    /// <param name="messages">As many as Pi has made of it: another number, and it was read in another way.</param>
    /// <returns>Null where that is so, or the file is none that is understood.</returns>
    public static PiStoredHistory? Open(string path, int messages, Action<string> log)
    {
        FileStream? file = null;
        try
        {
            file = RegularFile.OpenRead(path);
            if (PiSessionEntries.Read(file) is { } entries)
            {
                var (lines, made) = Context(entries);
                if (made == messages)
                    return new PiStoredHistory(file, lines);
                log($"{path} was read as {made} messages where Pi has {messages}: Pi is asked for them");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            log($"{path} could not be read: {e.Message}");
        }

        file?.Dispose();
        return null;
    }

    public IEnumerable<HistoryPart> From(HistoryPlace place)
    {
        var history = new PiHistory(place.State);
        for (var at = place.Part; at < _lines.Count; at++)
        {
            var (entry, edit) = _lines[at];
            var said = Parse(entry);
            switch (entry.Type)
            {
                case "compaction":
                    history.AddCompaction(said.Whole("tokensBefore"));
                    break;
                case "custom_message":
                    history.AddCustom(edit is null ? said : Replaced(said, Parse(edit)));
                    break;
                case "message" when said.Child("message") is { } message:
                    history.Add(edit is null ? message : Replaced(message, Parse(edit)));
                    break;
            }

            yield return new HistoryPart(history.Take(), new HistoryPlace(at + 1, history.State), entry.Length);
        }

        if (place.Part > _lines.Count)
            yield break;
        history.EndRun();
        yield return new HistoryPart(history.Take(), new HistoryPlace(_lines.Count + 1, 0), 0);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The entries that Pi makes messages of, and how many it makes.</summary>
    private static (List<Line> Lines, int Messages) Context(List<PiSessionEntry> entries)
    {
        var path = Branch(entries);
        var compaction = path.FindLastIndex(e => e.Type == "compaction");
        IEnumerable<PiSessionEntry> context = path;
        if (compaction >= 0)
        {
            var first = path.FindIndex(0, compaction, e => e.Id == path[compaction].Target);
            var kept = first < 0 ? []
                : path.Skip(first).Take(compaction - first).Where(e => !(e is { Type: "message", Role: "system" } or { Type: "compaction" }));
            context = [path[compaction], .. kept, .. path.Skip(compaction + 1)];
        }

        var edits = new Dictionary<string, PiSessionEntry>(StringComparer.Ordinal);
        foreach (var edit in context.Where(e => e is { Type: "context_edit", Target: not null }))
            edits[edit.Target!] = edit;
        var lines = new List<Line>();
        var messages = 0;
        foreach (var entry in context)
        {
            var edit = edits.GetValueOrDefault(entry.Id);
            if (entry.Messages == 0 || edit is { TakesOut: true })
                continue;
            messages += entry.Messages;
            // A branch that was left shows nothing of itself.
            if (entry.Type is "message" or "custom_message" or "compaction")
                lines.Add(new Line(entry, entry.Role is "user" or "assistant" or "toolResult" || entry.Type == "custom_message" ? edit : null));
        }

        return (lines, messages);
    }

    private static List<PiSessionEntry> Branch(List<PiSessionEntry> entries)
    {
        var byId = new Dictionary<string, PiSessionEntry>(entries.Count, StringComparer.Ordinal);
        foreach (var entry in entries)
            byId[entry.Id] = entry;
        var path = new List<PiSessionEntry>();
        for (var at = entries.Count == 0 ? null : entries[^1]; at is not null && path.Count <= entries.Count; at = at.Parent is { } parent
            ? byId.GetValueOrDefault(parent) : null)
            path.Add(at);
        path.Reverse();
        return path;
    }

    private JsonElement Parse(PiSessionEntry entry)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(entry.Length);
        try
        {
            var filled = 0;
            while (filled < entry.Length && RandomAccess.Read(_file.SafeFileHandle, buffer.AsSpan(filled, entry.Length - filled), entry.At + filled) is > 0
                and var read)
                filled += read;
            var reader = new Utf8JsonReader(buffer.AsSpan(0, filled), PiSessionEntries.Deep);
            return JsonElement.ParseValue(ref reader);
        }
        catch (Exception e) when (e is JsonException or ObjectDisposedException)
        {
            throw new IOException($"the file of the conversation is another than it was ({e.Message})", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The message with the content that it was given later.</summary>
    private static JsonElement Replaced(JsonElement message, JsonElement edit)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = PiSessionEntries.Deep.MaxDepth, SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var property in message.EnumerateObject().Where(p => !p.NameEquals("content"u8)))
                property.WriteTo(writer);
            if (edit.Child("replacement")?.Child("content") is { } content)
            {
                writer.WritePropertyName("content"u8);
                content.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan, PiSessionEntries.Deep);
        return JsonElement.ParseValue(ref reader);
    }
}
