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
    /// overlooked is a text written past. Also of a text without a file, by the path that stands for it. May look at the disk.
    /// </summary>
    public TextDocument? FindByPath(string path)
    {
        var documents = Volatile.Read(ref _documents);
        if (documents.TryGetValue(WorkspacePath.KeyOf(path), out var document))
            return document;
        if (VirtualPath.IsOne(path))
            return documents.Values.FirstOrDefault(open => open.Path is null && WorkspacePath.SamePath(open.Place, path));
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

    /// <summary>Null when it is not open: then there is no mirror that could become wrong.</summary>
    /// <param name="endsAreWalked">See <see cref="ChangedPart"/>.</param>
    public TextDocument? Change(
        string uri, int version, IReadOnlyList<TextDocumentContentChangeEvent> changes, PositionEncoding encoding, bool endsAreWalked = false)
    {
        var key = KeyOf(uri);
        return _documents.TryGetValue(key, out var open) ? Publish(key, open.Apply(changes, version, encoding, endsAreWalked)) : null;
    }

    /// <summary>Called for didSave, and for a text that the caller found equal to the disk. Null when it is not open.</summary>
    /// <param name="text">The whole text, where the client sent it: from here on the mirror is surely right.</param>
    public TextDocument? Save(string uri, string? text = null)
    {
        var key = KeyOf(uri);
        if (!_documents.TryGetValue(key, out var open))
            return null;
        if (text is not null && (text != open.Text || open.IsGuessed || open.IsDoubtful))
            open = open.Renewed(open.Version, text);
        return Publish(key, open.Saved());
    }

    /// <summary>Called when the file of a fresh buffer turns out to be read in another encoding than UTF-8.</summary>
    public void MarkReadOtherwise(string uri)
    {
        var key = KeyOf(uri);
        if (_documents.TryGetValue(key, out var open))
            Publish(key, open.ReadOtherwise());
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
