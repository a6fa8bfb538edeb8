using System.Collections.Immutable;
using PiLsp.Lsp;

namespace PiLsp.Workspace;

/// <summary>
/// The mirror of the client's open documents. Mutated by the server's ordered loop alone; read from any thread,
/// each read on an immutable snapshot. A mirror that cannot be right any more throws: the connection has to end.
/// </summary>
internal sealed class DocumentStore
{
    private ImmutableDictionary<string, TextDocument> _documents = ImmutableDictionary.Create<string, TextDocument>(StringComparer.Ordinal);

    public IReadOnlyCollection<TextDocument> All => [.. Volatile.Read(ref _documents).Values];

    public TextDocument? FindByUri(string uri) => Volatile.Read(ref _documents).GetValueOrDefault(KeyOf(uri));

    /// <summary>
    /// The buffer of this file, also when client and caller reach it by different symbolic links: a buffer that is
    /// overlooked is a text written past. May look at the disk.
    /// </summary>
    public TextDocument? FindByPath(string path)
    {
        var documents = Volatile.Read(ref _documents);
        if (documents.TryGetValue(WorkspacePath.KeyOf(path), out var document))
            return document;
        if (WorkspacePath.ResolveLinks(path) is not { } real)
            return null;

        return documents.Values.FirstOrDefault(open =>
            open.Path is not null && WorkspacePath.ResolveLinks(open.Path) is { } openReal && WorkspacePath.SamePath(openReal, real));
    }

    public TextDocument Open(string uri, string languageId, int version, string text)
    {
        var key = KeyOf(uri);
        if (_documents.TryGetValue(key, out var open))
            throw new InvalidOperationException($"The client opened {uri}, which is open already as {open.Uri}.");

        return Publish(key, new TextDocument(uri, languageId, version, text));
    }

    public TextDocument Change(string uri, int version, IReadOnlyList<TextDocumentContentChangeEvent> changes, PositionEncoding encoding)
    {
        var key = KeyOf(uri);
        if (!_documents.TryGetValue(key, out var open))
            throw new InvalidOperationException($"The client changed {uri}, which is not open.");

        return Publish(key, open.Apply(changes, version, encoding));
    }

    /// <summary>Called for didSave, and for a text that the caller found equal to the disk. Null when it is not open.</summary>
    public TextDocument? Save(string uri)
    {
        var key = KeyOf(uri);
        return _documents.TryGetValue(key, out var open) ? Publish(key, open.Saved()) : null;
    }

    /// <summary>False when it was not open, which leaves the mirror as right as it was.</summary>
    public bool Close(string uri)
    {
        var before = _documents;
        Volatile.Write(ref _documents, before.Remove(KeyOf(uri)));
        return !ReferenceEquals(before, _documents);
    }

    private TextDocument Publish(string key, TextDocument document)
    {
        Volatile.Write(ref _documents, _documents.SetItem(key, document));
        return document;
    }

    /// <summary>What is no file is compared as the client wrote it.</summary>
    private static string KeyOf(string uri) => WorkspacePath.FromUri(uri) is { } path ? WorkspacePath.KeyOf(path) : uri;
}
